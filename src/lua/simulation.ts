import { type ChronosTick, chronosTick, type Hash, type Slot } from "../core/base/brand.js";
import { hashOfBytes } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import { Bus } from "../core/bridge/bus.js";
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
import { StateHasher } from "../wasm/state-hasher.js";
import { Callbacks, COLLECTOR, Trapped } from "./callbacks.js";
import { componentSlips } from "./component-slips.js";
import type { Declarations } from "./declarations.js";
import { InputDesk } from "./input-desk.js";
import { FUEL_AT_START, FUEL_PER_ATTEMPT, FUEL_PER_TICK, TRAPS_PER_TICK } from "./limits.js";
import { byName, type EntityView, lookAt } from "./look.js";
import type { LuaModule } from "./machine.js";
import { NOBODY, TickHost } from "./match-host.js";
import { LuaRuntime, type Script } from "./runtime.js";

const NO_FAULTS: readonly StepFault[] = [];
const FIRST_TICK = chronosTick(0);
const everything = (): boolean => true;

/** What a Lua game comes down to. */
export interface LuaGameParts {
  readonly module: LuaModule;
  readonly scripts: readonly Script[];
  readonly tickHz: number;
  readonly fingerprint: Hash;
  readonly declarations: Declarations;
}

/** A game of Lua scripts as a simulation. Its state is Lua's memory and the derived events that wait. */
export class LuaSimulation implements Simulation {
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  faults: readonly StepFault[] = NO_FAULTS;
  readonly #parts: LuaGameParts;
  readonly #runtime: LuaRuntime;
  readonly #hasher: StateHasher;
  /** A second Lua, on which what is no part of the match is done to a copy. */
  #aside: LuaRuntime | undefined;
  #bus!: Bus;
  #host!: TickHost;
  #callbacks!: Callbacks;
  #desk!: InputDesk;
  /** What went wrong before tick 1: told with that tick, which is the first that is asked. */
  #startFaults: readonly StepFault[] = NO_FAULTS;
  /** Fuel of the last `step`, reruns with it. */
  fuelUsed = 0;
  readonly #scratch = new Snapshot();
  /** The snapshot that equals the present state, where there is one. */
  #start: Snapshot | undefined;

  constructor(parts: LuaGameParts) {
    this.#parts = parts;
    this.fingerprint = parts.fingerprint;
    this.catalog = parts.declarations.catalog;
    this.#runtime = this.#newRuntime();
    this.#hasher = new StateHasher(parts.module.report);
  }

  #newRuntime(): LuaRuntime {
    const { module, scripts, tickHz, declarations } = this.#parts;
    return new LuaRuntime(module, scripts, tickHz, NOBODY, declarations);
  }

  begin(match: MatchSeed): void {
    const { declarations, scripts } = this.#parts;
    const hasWorld = scripts.some(({ name }) => name === "world");
    const isPlayed = scripts.some(({ name, text }) => name === "player" && text.includes("on_input"));
    this.#desk = new InputDesk(declarations, match, isPlayed);
    const trapped = new Set<string>();
    const faults: StepFault[] = [];
    for (;;) {
      this.#serve(match);
      for (const key of trapped) this.#callbacks.suppressed.add(key);
      this.#runtime.reset();
      this.#runtime.machine.clearStack();
      this.#runtime.machine.refuel(FUEL_AT_START);
      const create = (): void => this.#callbacks.createFirst(match.kairos, match.slots, hasWorld);
      try {
        this.#bus.run(FIRST_TICK, [], create, undefined);
        break;
      } catch (error) {
        if (!(error instanceof Trapped)) throw error;
        if (trapped.has(error.key)) throw new SimulationError(`the game cannot begin: ${error.message}`);
        trapped.add(error.key);
        faults.push(error.fault);
      }
    }
    this.#startFaults = [...faults, ...this.#host.faults];
    this.faults = NO_FAULTS;
    this.#start = undefined;
  }

  #serve(match: MatchSeed): void {
    this.#bus = new Bus(this.catalog, match.kairos);
    for (const { index, name } of this.catalog.kinds) {
      const kind = this.#runtime.kinds[index]!;
      this.#bus.on(name, (evt) => this.#callbacks.deliver(kind, evt, this.#bus.delivery!.position));
    }
    this.#host = new TickHost(match, this.#bus);
    this.#host.start(FIRST_TICK);
    this.#runtime.serve(this.#host);
    this.#callbacks = new Callbacks(this.#runtime, this.#host);
  }

  step(tick: ChronosTick, events: readonly EventEnvelope[]): void {
    const start = this.#start;
    this.#start = undefined;
    const trapped: StepFault[] = [];
    this.#callbacks.suppressed.clear();
    const { machine } = this.#runtime;
    machine.highestTop = machine.top;
    let left = FUEL_PER_TICK;
    let given = FUEL_PER_ATTEMPT;
    for (;;) {
      try {
        const isSilent = trapped.length >= TRAPS_PER_TICK;
        this.#attempt(tick, events, given, isSilent);
        this.fuelUsed = FUEL_PER_TICK - left + (isSilent ? 0 : given - this.#callbacks.fuelLeft);
        break;
      } catch (error) {
        if (!(error instanceof Trapped)) throw error;
        if (start === undefined || trapped.length > TRAPS_PER_TICK) {
          throw new SimulationError(`tick ${tick} cannot be run: ${error.message}`);
        }
        // The collector's failure says nothing against the callbacks, which did with what they were given.
        if (error.key !== COLLECTOR) {
          left -= given - Math.max(0, error.fuelLeft);
          given = Math.min(FUEL_PER_ATTEMPT, Math.ceil(left / 2));
        }
        trapped.push(error.fault);
        this.#callbacks.suppressed.add(error.key);
        this.#goBack(start);
      }
    }
    const before = tick === 1 ? this.#startFaults : NO_FAULTS;
    const told = before.length + trapped.length;
    this.faults = told === 0 ? this.#host.faults : [...before, ...trapped, ...this.#host.faults];
  }

  #attempt(tick: ChronosTick, events: readonly EventEnvelope[], fuel: number, isSilent: boolean): void {
    const callbacks = this.#callbacks;
    this.#runtime.machine.clearStack();
    // What the engine itself does in a tick without scripts is no script's to use up.
    this.#runtime.machine.refuel(isSilent ? FUEL_PER_TICK : fuel);
    this.#host.start(tick);
    callbacks.beginTick(tick);
    const step = isSilent ? undefined : () => callbacks.runJobs();
    this.#bus.run(tick, isSilent ? [] : events, step, isSilent ? everything : undefined);
    callbacks.endTick(isSilent);
  }

  saveInto(snapshot: Snapshot): void {
    this.#write(snapshot);
    this.#start = snapshot;
  }

  #write(snapshot: Snapshot): void {
    const { machine } = this.#runtime;
    const waiting = this.#bus.savePending();
    const tailAt = machine.savedBytes;
    const bytes = snapshot.resize(tailAt + waiting.length);
    machine.save(bytes);
    bytes.set(waiting, tailAt);
  }

  restore(snapshot: Snapshot): void {
    this.#goBack(snapshot);
    this.#start = snapshot;
  }

  #goBack(snapshot: Snapshot): void {
    const tailAt = this.#runtime.machine.restore(snapshot.bytes);
    this.#bus.restorePending(snapshot.bytes, tailAt, snapshot.length);
  }

  hash(snapshot?: Snapshot): Hash {
    return hashOfBytes(this.#hasher.hash((snapshot ?? this.#present()).view()));
  }

  #present(): Snapshot {
    if (this.#start !== undefined) return this.#start;
    this.#write(this.#scratch);
    return this.#scratch;
  }

  collectInput(slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    return this.#desk.collect(slot, chronos, device, () => this.#copyOf(this.#present()).runtime);
  }

  get inputFaults(): readonly StepFault[] {
    return this.#desk.faults;
  }

  /** A copy of a saved state, to do with as one likes until the next copy; and where the tail of it begins. */
  #copyOf(snapshot: Snapshot): { readonly runtime: LuaRuntime; readonly tailAt: number } {
    this.#aside ??= this.#newRuntime();
    this.#aside.machine.reset();
    return { runtime: this.#aside, tailAt: this.#aside.machine.restore(snapshot.bytes) };
  }

  inspect(snapshot?: Snapshot): Value {
    const subject = snapshot ?? this.#present();
    const { runtime, tailAt } = this.#copyOf(subject);
    const entities = byName(lookAt(runtime, new Map()));
    const waiting = inspectPending(this.catalog, subject.bytes, tailAt, subject.length);
    return { ...entities, ...(waiting.length > 0 && { "<pending>": waiting }) };
  }

  /** The entities with their components, or with all their plain data where the game declares no component. */
  viewOf(snapshot: Snapshot): readonly EntityView[] {
    return lookAt(this.#copyOf(snapshot).runtime, this.#parts.declarations.components);
  }

  /** What the scripts' callbacks took of the fuel of one attempt at the last tick; more than 1 where it took several. */
  get load(): number {
    return this.fuelUsed / FUEL_PER_ATTEMPT;
  }

  /** Components of the present state that are not as they are declared. */
  remarks(): readonly Remark[] {
    const { components } = this.#parts.declarations;
    return components.size === 0 ? [] : componentSlips(this.viewOf(this.#present()), components);
  }

  get effects(): readonly EffectRequest[] {
    return this.#host.effects;
  }

  /** What the scripts logged in the last `step`. */
  get logs(): Logs {
    return this.#host.book.logs;
  }

  get inputLogs(): Logs {
    return this.#desk.logs;
  }

  /** Bytes of Lua's memory that are in use. */
  get usedBytes(): number {
    return this.#runtime.machine.top;
  }

  /** The most bytes of it that were in use in the last `step`, in what was then undone too. */
  get mostBytes(): number {
    return this.#runtime.machine.highestTop;
  }

  get derivedCount(): number {
    return this.#bus.derivedCount;
  }

  corrupt(): void {
    this.#start = undefined;
    this.#runtime.machine.refuel(FUEL_PER_TICK);
    this.#runtime.call("corrupt");
  }
}
