import type { ChronosTick, Hash, Slot } from "../core/base/brand.js";
import { equalBytes } from "../core/base/bytes.js";
import { EchoNetError } from "../core/base/errors.js";
import { domainHasher } from "../core/base/hash.js";
import { InvariantError } from "../core/base/invariant.js";
import type { Value } from "../core/base/value.js";
import { Bus, type DropRule } from "../core/bridge/bus.js";
import { inspectPending } from "../core/bridge/pending-queue.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest, EventEnvelope } from "../core/envelope/event-envelope.js";
import {
  type EffectRequest,
  isSimulationError,
  type MatchSeed,
  type Simulation,
  SimulationError,
  Snapshot,
  type StepFault,
} from "../core/session/simulation.js";
import { GameContext } from "./context.js";
import { runGuarded, runPlainly } from "./guards.js";
import { registerHandlers } from "./handlers.js";
import { InputDesk } from "./input-desk.js";
import { inspectTree } from "./inspect.js";
import { setUpState } from "./set-up.js";
import type { AnyGameSpec } from "./spec.js";
import { describe } from "./state-check.js";
import { diffTrees } from "./state-diff.js";
import type { StateStore } from "./state-store.js";
import { TickRepair } from "./tick-repair.js";

const stateHasher = domainHasher("state");
const NO_FAULTS: readonly StepFault[] = [];
const NO_REQUESTS: readonly EmitRequest[] = [];

/** What a game's definition comes down to. */
export interface GameParts {
  readonly spec: AnyGameSpec;
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  /** Puts a store around the state's own, where a game keeps more than that. */
  readonly around?: (store: StateStore) => StateStore;
}

/** A game of TypeScript functions as a simulation. */
export class GameSimulation implements Simulation {
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  faults: readonly StepFault[] = NO_FAULTS;
  inputFaults: readonly StepFault[] = NO_FAULTS;
  readonly predict: Simulation["predict"];
  readonly #spec: AnyGameSpec;
  readonly #around: NonNullable<GameParts["around"]>;
  readonly #isGuarded: boolean;
  #bus!: Bus;
  #store!: StateStore;
  #context!: GameContext;
  #desk!: InputDesk;
  #stepCode: (() => void) | undefined;
  readonly #genesis = new Snapshot();
  readonly #scratch = new Snapshot();
  readonly #before = new Snapshot();
  /** The snapshot that equals the present state, where there is one: what a faulty tick goes back to. */
  #start: Snapshot | undefined;

  constructor({ spec, fingerprint, catalog, around }: GameParts, isGuarded: boolean) {
    this.#spec = spec;
    this.#around = around ?? ((store) => store);
    this.fingerprint = fingerprint;
    this.catalog = catalog;
    this.#isGuarded = isGuarded;
    if (spec.predict === undefined) return;
    this.predict = (slot, chronos, lastKnown) =>
      this.#aside(
        () => `predict of slot ${slot}`,
        () => this.#desk.predict(this.#store.state, slot, chronos, lastKnown),
      );
  }

  begin(match: MatchSeed): void {
    const spec = this.#spec;
    const run = this.#isGuarded ? runGuarded : runPlainly;
    this.#store = this.#around(setUpState(spec, match, run, this.#isGuarded));
    this.#bus = new Bus(this.catalog, match.kairos);
    this.#context = new GameContext(match, this.#bus, spec.effects ?? {});
    this.#desk = new InputDesk(spec, this.catalog, match);
    this.#stepCode = spec.step && (() => spec.step!(this.#store.state, this.#context));
    registerHandlers(this.#bus, spec, (handler, evt) => handler(this.#store.state, evt, this.#context));
    this.faults = NO_FAULTS;
    this.inputFaults = NO_FAULTS;
    this.saveInto(this.#genesis);
  }

  step(tick: ChronosTick, events: readonly EventEnvelope[]): void {
    const start = this.#start;
    this.#start = undefined;
    this.faults = NO_FAULTS;
    let repair: TickRepair | undefined;
    let lane = events;
    while (true) {
      this.#context.start(tick);
      try {
        this.#runTick(tick, lane, repair?.isDropped);
        return;
      } catch (error) {
        const delivery = this.#bus.delivery;
        if (error instanceof InvariantError) throw error;
        if (delivery === undefined) throw broken(`step threw in tick ${tick}`, error);
        if (start === undefined)
          throw broken(`on.${delivery.evt.kind} threw in a tick without a saved start`, error);
        repair ??= new TickRepair();
        repair.blame(delivery, error);
        this.faults = repair.faults;
        this.#goBack(start);
        // A handler may have changed the payloads that it was given.
        lane = events.map((evt) => this.#afresh(evt));
      }
    }
  }

  #runTick(tick: ChronosTick, lane: readonly EventEnvelope[], isDropped: DropRule | undefined): void {
    if (this.#isGuarded) this.#runGuarded(tick, lane, isDropped);
    else this.#bus.run(tick, lane, this.#stepCode, isDropped);
  }

  #runGuarded(tick: ChronosTick, lane: readonly EventEnvelope[], isDropped: DropRule | undefined): void {
    runGuarded(() => this.#bus.run(tick, lane, this.#stepCode, isDropped));
  }

  #afresh(evt: EventEnvelope): EventEnvelope {
    const content = this.catalog.packEnvelope(evt);
    return this.catalog.envelope(content, evt.id, evt.chronos, evt.kairos, evt.author as Slot, evt.slot);
  }

  saveInto(snapshot: Snapshot): void {
    this.#write(snapshot);
    this.#start = snapshot;
  }

  #write(snapshot: Snapshot, isGlance?: boolean): void {
    try {
      this.#store.save(snapshot, this.#bus.savePending(), isGlance);
    } catch (error) {
      throw isSimulationError(error) ? error : broken("the state cannot be saved", error);
    }
  }

  restore(snapshot: Snapshot): void {
    this.#goBack(snapshot);
    this.#start = snapshot;
  }

  #goBack(snapshot: Snapshot): void {
    this.#bus.restorePending(snapshot.bytes, this.#store.restore(snapshot), snapshot.length);
  }

  hash(snapshot?: Snapshot): Hash {
    const subject = snapshot ?? this.#present();
    this.#store.settle(subject);
    return this.#store.hash?.(subject) ?? stateHasher.hexOf(subject.bytes, subject.length);
  }

  #present(isGlance?: boolean): Snapshot {
    this.#write(this.#scratch, isGlance);
    return this.#scratch;
  }

  collectInput(slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    return (
      this.#aside(
        () => `input of slot ${slot}`,
        () => this.#desk.collect(this.#store.state, slot, chronos, device),
      ) ?? NO_REQUESTS
    );
  }

  /** Runs code that is not part of the match. What it throws, and in guarded mode what it changes, is a fault. */
  #aside<Result>(where: () => string, code: () => Result): Result | undefined {
    this.inputFaults = NO_FAULTS;
    if (this.#isGuarded) this.#write(this.#before, true);
    try {
      return this.#isGuarded ? runGuarded(code) : code();
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      this.inputFaults = [{ error, where: where() }];
      return undefined;
    } finally {
      if (this.#isGuarded) this.#checkTraces(where());
    }
  }

  #checkTraces(where: string): void {
    try {
      const present = this.#present(true);
      if (equalBytes(present.view(), this.#before.view())) return;
      const path = diffTrees(this.inspect(this.#before), this.inspect(present), 1)[0]?.path ?? "its order";
      const hint = `${where} changed the state at ${path}: what it does reaches no other player, so it only reads`;
      this.inputFaults = [...this.inputFaults, { error: new EchoNetError("GAME_INVALID", hint), where }];
    } catch (error) {
      this.inputFaults = [...this.inputFaults, { error, where }];
    }
    this.#goBack(this.#before);
  }

  inspect(snapshot?: Snapshot): Value {
    const subject = snapshot ?? this.#present();
    const { state, tailAt } = this.#store.read(subject);
    const waiting = inspectPending(this.catalog, subject.bytes, tailAt, subject.length);
    return inspectTree(state, waiting, this.#store.inspect?.(subject));
  }

  viewOf(snapshot: Snapshot): unknown {
    return this.#store.read(snapshot).state;
  }

  get effects(): readonly EffectRequest[] {
    return this.#context.effects;
  }

  get derivedCount(): number {
    return this.#bus.derivedCount;
  }

  corrupt(): void {
    this.#start = undefined;
    this.#store.corrupt();
  }
}

function broken(what: string, cause: unknown): SimulationError {
  const message = cause instanceof Error ? cause.message : describe(cause);
  return new SimulationError(`${what}: ${message}`, { cause });
}
