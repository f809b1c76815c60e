import { type ChronosTick, chronosTick, type Hash, type Slot } from "../core/base/brand.js";
import { EchoNetError, wordsOf } from "../core/base/errors.js";
import { InvariantError } from "../core/base/invariant.js";
import { hashOfBytes } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import { Bus, WORLD_ENTITY } from "../core/bridge/bus.js";
import { inspectPending } from "../core/bridge/pending-queue.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest, EventEnvelope } from "../core/envelope/event-envelope.js";
import {
  type EffectRequest,
  type Logs,
  type MatchSeed,
  type Remark,
  type Simulation,
  SimulationError,
  Snapshot,
  type StepFault,
} from "../core/session/simulation.js";
import { GameContext } from "../game/context.js";
import { EFFECT_BYTES_PER_TICK, EFFECT_VALUE_BYTES } from "../game/limits.js";
import { LogBook } from "../game/log-book.js";
import { Aside } from "./aside.js";
import { type HostCalls, HostDesk, NO_CALLS } from "./host.js";
import { SETUP_FUEL, STEP_FUEL } from "./limits.js";
import { inspectSaved } from "./look.js";
import { Machine, partsOf } from "./machine.js";
import { RecordBytes, readCompact } from "./record-bytes.js";
import { StateHasher } from "./state-hasher.js";
import { TickFaults } from "./tick-faults.js";
import { HostRefusal, ModuleTrap } from "./trap.js";
import type { WasmGameParts } from "./wasm-game.js";

const NO_FAULTS: readonly StepFault[] = [];
const NO_REQUESTS: readonly EmitRequest[] = [];

/** A WebAssembly module that follows docs/wasm.md as a simulation. */
export class WasmSimulation implements Simulation {
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  inputFaults: readonly StepFault[] = NO_FAULTS;
  readonly #parts: WasmGameParts;
  readonly #desk = new HostDesk();
  readonly #machine: Machine;
  /** The state before any match. */
  readonly #unborn = new Snapshot();
  readonly #effects: readonly { readonly name: string; readonly bytes: RecordBytes }[];
  readonly #calls: HostCalls;
  readonly #faults = new TickFaults();
  readonly #book = new LogBook();
  readonly #inputBook = new LogBook();
  /** Whose code runs, for what it logs. */
  #speaker = "setup";
  /** What the effects of this run of the tick carry. */
  #effectBytes = 0;
  readonly #scratch = new Snapshot();
  readonly #hasher: StateHasher;
  #match!: MatchSeed;
  #bus!: Bus;
  #context!: GameContext;
  #aside: Aside | undefined;
  /** Why the module first failed to show itself, until that is told; and whether it did. */
  #viewFault: StepFault | undefined;
  #viewFailed = false;
  #start: Snapshot | undefined;

  /** Throws `EchoNetError` `GAME_INVALID` where the module cannot be started. */
  constructor(parts: WasmGameParts) {
    const { fingerprint, catalog, declaration, compiled } = parts;
    this.#parts = parts;
    this.fingerprint = fingerprint;
    this.catalog = catalog;
    this.#machine = new Machine(compiled, this.#desk.imports);
    this.#desk.machine = this.#machine;
    this.#hasher = new StateHasher(compiled.report);
    this.#effects = Object.entries(declaration.effects)
      .map(([name, fields]) => ({ name, bytes: new RecordBytes(`effect ${name}`, fields) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#calls = {
      ...NO_CALLS,
      emit: (kind, compact) => this.#emit(kind, compact),
      effect: (effect, key, compact) => this.#ask(effect, key, compact),
      random: (below) => this.#context.random.int(below),
      randomUnit: () => this.#context.random.unit(),
      chronos: () => this.#context.chronos,
      log: (text) => this.#book.add(this.#speaker, text),
    };
    this.#machine.save(this.#unborn.resize(this.#machine.savedLength));
  }

  begin(match: MatchSeed): void {
    this.#match = match;
    this.#aside = undefined;
    this.#faults.forget();
    this.inputFaults = NO_FAULTS;
    this.#viewFault = undefined;
    this.#viewFailed = false;
    this.#machine.restore(this.#unborn.view());
    this.#bus = new Bus(this.catalog, match.kairos);
    this.#context = new GameContext(match, this.#bus, this.#parts.declaration.effects);
    this.#context.start(chronosTick(0));
    if ("echo_on_event" in this.#machine.exports) {
      for (const { name } of this.catalog.kinds) this.#bus.on(name, (evt) => this.#deliver(evt));
    }
    const slots = match.slots.reduce((mask, slot) => mask | (1 << slot), 0);
    this.#book.clear();
    this.#speaker = "setup";
    this.#desk.calls = { ...this.#calls, emit: NO_CALLS.emit, effect: NO_CALLS.effect };
    try {
      this.#machine.call("echo_setup", SETUP_FUEL, slots);
    } catch (cause) {
      throw new EchoNetError("GAME_INVALID", `setup: ${wordsOf(cause)}`, { cause });
    } finally {
      this.#desk.calls = NO_CALLS;
    }
    this.#start = undefined;
  }

  step(tick: ChronosTick, events: readonly EventEnvelope[]): void {
    const start = this.#start;
    this.#start = undefined;
    this.#faults.forget();
    this.#book.clear();
    while (true) {
      this.#context.start(tick);
      this.#effectBytes = 0;
      this.#faults.start();
      this.#desk.calls = this.#calls;
      try {
        this.#bus.run(tick, events, this.#step, this.#faults.isDropped);
        return;
      } catch (error) {
        const { delivery } = this.#bus;
        if (error instanceof InvariantError) throw error;
        if (delivery === undefined) throw broken(`step failed in tick ${tick}`, error);
        if (start === undefined) {
          throw broken(`${delivery.evt.kind} failed in a tick without a saved start`, error);
        }
        this.#faults.blame(delivery, error);
        this.#book.rerun();
        this.#goBack(start);
      } finally {
        this.#desk.calls = NO_CALLS;
      }
    }
  }

  readonly #step = (): void => {
    this.#speaker = "step";
    this.#book.call();
    this.#machine.call("echo_step", STEP_FUEL);
  };

  #deliver(evt: EventEnvelope): void {
    const { kind, compact } = this.catalog.packEnvelope(evt);
    const machine = this.#machine;
    this.#speaker = whoOf(evt);
    this.#book.call();
    const author = evt.author === "simulation" ? -1 : evt.author;
    const at = machine.handIn(compact);
    try {
      const fuel = this.#faults.fuelOf(evt.slot);
      machine.call("echo_on_event", fuel, kind, evt.slot, author, evt.id, at, compact.length);
      this.#faults.spent(evt.slot, machine.fuelLeft);
    } finally {
      machine.takeBack(compact.length);
    }
  }

  #emit(index: number, compact: Uint8Array): void {
    const kind = this.catalog.kinds[index];
    if (kind === undefined) throw new HostRefusal(`it emits kind ${index}, which is not declared`);
    // The event belongs to the next tick, and so do the ticks in it.
    const chronos = chronosTick(this.#context.chronos + 1);
    this.#bus.emit(kind.name, readCompact(kind.record, `event ${kind.name}`, compact, chronos));
  }

  #ask(index: number, key: string | undefined, compact: Uint8Array): void {
    const effect = this.#effects[index];
    if (effect === undefined) throw new HostRefusal(`it asks for effect ${index}, which is not declared`);
    this.#effectBytes += (key?.length ?? 0) + compact.length + EFFECT_VALUE_BYTES;
    if (this.#effectBytes > EFFECT_BYTES_PER_TICK) {
      throw new HostRefusal(
        `the effects of one tick carry more than ${EFFECT_BYTES_PER_TICK} bytes, each counted with ${EFFECT_VALUE_BYTES}`,
      );
    }
    const data = effect.bytes.read(compact, this.#context.chronos);
    if (key === undefined) this.#context.effect(effect.name, data);
    else this.#context.effect(effect.name, key, data);
  }

  saveInto(snapshot: Snapshot): void {
    this.#write(snapshot);
    this.#start = snapshot;
  }

  #write(snapshot: Snapshot): void {
    const waiting = this.#bus.savePending();
    const tailAt = this.#machine.savedLength;
    const bytes = snapshot.resize(tailAt + waiting.length);
    this.#machine.save(bytes);
    bytes.set(waiting, tailAt);
  }

  restore(snapshot: Snapshot): void {
    this.#goBack(snapshot);
    this.#start = snapshot;
  }

  #goBack(snapshot: Snapshot): void {
    const tailAt = this.#machine.restore(snapshot.bytes);
    this.#bus.restorePending(snapshot.bytes, tailAt, snapshot.length);
  }

  hash(snapshot?: Snapshot): Hash {
    return hashOfBytes(this.#hasher.hash((snapshot ?? this.#present()).view()));
  }

  #present(): Snapshot {
    this.#write(this.#scratch);
    return this.#scratch;
  }

  collectInput(slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    this.inputFaults = this.#viewFault === undefined ? NO_FAULTS : [this.#viewFault];
    this.#viewFault = undefined;
    this.#inputBook.clear();
    try {
      this.#aside ??= new Aside(this.#parts, this.#match, this.#inputBook);
      return this.#aside.collect(this.#machine, slot, chronos, device);
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      this.inputFaults = [...this.inputFaults, { error, where: `input of slot ${slot}` }];
      return NO_REQUESTS;
    }
  }

  inspect(snapshot?: Snapshot): Value {
    const subject = snapshot ?? this.#present();
    const { report } = this.#parts.compiled;
    const tree = inspectSaved(report, subject.bytes, this.viewOf(subject) as Value | undefined);
    const tailAt = partsOf(report, subject.bytes).length;
    const waiting = inspectPending(this.catalog, subject.bytes, tailAt, subject.length);
    return waiting.length === 0 ? tree : { ...tree, "<pending>": waiting };
  }

  /**
   * What the module shows of the state, or undefined where it shows nothing or fails to: the first failure of a match
   * is told with the next local input.
   */
  viewOf(snapshot: Snapshot): unknown {
    const shown = this.#shownOf(snapshot);
    if (!("error" in shown)) return shown.view;
    if (!this.#viewFailed) this.#viewFault = { error: shown.error, where: "view" };
    this.#viewFailed = true;
    return undefined;
  }

  #shownOf(snapshot: Snapshot): { readonly view: unknown } | { readonly error: unknown } {
    try {
      this.#aside ??= new Aside(this.#parts, this.#match, this.#inputBook);
      return { view: this.#aside.view(snapshot) };
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      return { error };
    }
  }

  /** That the module fails to show its present state. */
  remarks(): readonly Remark[] {
    const shown = this.#shownOf(this.#present());
    if (!("error" in shown)) return [];
    const { error } = shown;
    const local = error instanceof ModuleTrap ? error.localCause : undefined;
    const here = local === undefined ? "" : ` (here: ${local})`;
    return [{ subject: "view", text: `the view is empty: ${wordsOf(error)}${here}` }];
  }

  get effects(): readonly EffectRequest[] {
    return this.#context.effects;
  }

  get faults(): readonly StepFault[] {
    return this.#faults.faults;
  }

  get logs(): Logs {
    return this.#book.logs;
  }

  get inputLogs(): Logs {
    return this.#inputBook.logs;
  }

  get derivedCount(): number {
    return this.#bus.derivedCount;
  }

  /** Turns one bit of the first byte of memory that is not zero. */
  corrupt(): void {
    this.#start = undefined;
    const { memory, top } = this.#machine;
    const at = memory.subarray(0, top).findIndex((byte) => byte !== 0);
    if (top > 0) memory[Math.max(0, at)]! ^= 1;
  }
}

const whoOf = ({ slot }: EventEnvelope): string =>
  (slot as number) === WORLD_ENTITY ? "step" : `slot ${slot}`;

function broken(what: string, cause: unknown): SimulationError {
  return new SimulationError(`${what}: ${wordsOf(cause)}`, { cause });
}
