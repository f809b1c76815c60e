import type { Delivery, DropRule } from "../core/bridge/bus.js";
import type { StepFault } from "../core/session/simulation.js";
import { TickRepair } from "../game/tick-repair.js";
import { FAULTS_PER_TICK, HANDLER_FUEL } from "./limits.js";

/** What the handlers of one tick may spend, and which events a faulty tick is rerun without. */
export class TickFaults {
  #repair: TickRepair | undefined;
  readonly #left = new Map<number, number>();

  /** Before each run of the tick: every entity has its fuel again. */
  start(): void {
    if (this.#left.size > 0) this.#left.clear();
  }

  forget(): void {
    this.#repair = undefined;
  }

  fuelOf(entity: number): number {
    return this.#left.get(entity) ?? HANDLER_FUEL;
  }

  spent(entity: number, left: number): void {
    this.#left.set(entity, left);
  }

  blame(delivery: Delivery, error: unknown): void {
    this.#repair ??= new TickRepair();
    this.#repair.blame(delivery, error);
  }

  get faults(): readonly StepFault[] {
    return this.#repair?.faults ?? NO_FAULTS;
  }

  /** Undefined while nothing went wrong in this tick. */
  get isDropped(): DropRule | undefined {
    const repair = this.#repair;
    if (repair === undefined) return undefined;
    return repair.faults.length >= FAULTS_PER_TICK ? () => true : repair.isDropped;
  }
}

const NO_FAULTS: readonly StepFault[] = [];
