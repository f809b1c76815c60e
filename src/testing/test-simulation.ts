import type { ChronosTick, Hash, Slot } from "../core/base/brand.js";
import type { Value } from "../core/base/value.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest, EventEnvelope } from "../core/envelope/event-envelope.js";
import {
  type EffectRequest,
  type Logs,
  type MatchSeed,
  NO_LOGS,
  type Remark,
  type Simulation,
  type Snapshot,
  type StepFault,
} from "../core/session/simulation.js";
import type { DeviceInput } from "./check-runner.js";

/** How often a session asked its simulation for what. */
export interface SimulationCounts {
  steps: number;
  saves: number;
  restores: number;
  hashes: number;
  inputs: number;
}

/** What a test does to one peer's simulation. */
export interface TestSimulationHooks {
  /** Stands in for the players' devices, tick by tick; without it they are what the session was told. */
  readonly input?: DeviceInput | undefined;
  /** Changes one leaf of the state after this tick, each time that it is simulated. */
  readonly corruptTick?: number | undefined;
  /** Told what a slot's `input` function asked for, with the tick that it is stamped with. */
  readonly emitted?: (slot: Slot, chronos: ChronosTick, requests: readonly EmitRequest[]) => void;
}

const NO_FAULTS: readonly StepFault[] = [];

/** A simulation that is counted, fed and, on demand, corrupted on its way to the session. */
export class TestSimulation implements Simulation {
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  readonly counts: SimulationCounts = { steps: 0, saves: 0, restores: 0, hashes: 0, inputs: 0 };
  readonly predict?: NonNullable<Simulation["predict"]>;
  readonly #inner: Simulation;
  readonly #hooks: TestSimulationHooks;

  constructor(inner: Simulation, hooks: TestSimulationHooks) {
    this.fingerprint = inner.fingerprint;
    this.catalog = inner.catalog;
    this.#inner = inner;
    this.#hooks = hooks;
    // Present only where the game has one: sessions take its absence for "as declared".
    if (inner.predict !== undefined) {
      this.predict = (slot, chronos, lastKnown) => inner.predict!(slot, chronos, lastKnown);
    }
  }

  get effects(): readonly EffectRequest[] {
    return this.#inner.effects;
  }

  get faults(): readonly StepFault[] {
    return this.#inner.faults;
  }

  get inputFaults(): readonly StepFault[] {
    return this.#inner.inputFaults ?? NO_FAULTS;
  }

  get logs(): Logs {
    return this.#inner.logs ?? NO_LOGS;
  }

  get inputLogs(): Logs {
    return this.#inner.inputLogs ?? NO_LOGS;
  }

  get derivedCount(): number {
    return this.#inner.derivedCount;
  }

  begin(match: MatchSeed): void {
    this.#inner.begin(match);
  }

  step(tick: ChronosTick, events: readonly EventEnvelope[]): void {
    this.counts.steps++;
    this.#inner.step(tick, events);
    if (tick === this.#hooks.corruptTick) this.#inner.corrupt();
  }

  saveInto(snapshot: Snapshot): void {
    this.counts.saves++;
    this.#inner.saveInto(snapshot);
  }

  restore(snapshot: Snapshot): void {
    this.counts.restores++;
    this.#inner.restore(snapshot);
  }

  hash(snapshot?: Snapshot): Hash {
    this.counts.hashes++;
    return this.#inner.hash(snapshot);
  }

  collectInput(slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    this.counts.inputs++;
    const { input, emitted } = this.#hooks;
    const requests = this.#inner.collectInput(
      slot,
      chronos,
      input === undefined ? device : input(slot, chronos),
    );
    emitted?.(slot, chronos, requests);
    return requests;
  }

  inspect(snapshot?: Snapshot): Value {
    return this.#inner.inspect(snapshot);
  }

  viewOf(snapshot: Snapshot): unknown {
    return this.#inner.viewOf(snapshot);
  }

  remarks(): readonly Remark[] {
    return this.#inner.remarks?.() ?? [];
  }

  corrupt(): void {
    this.#inner.corrupt();
  }
}
