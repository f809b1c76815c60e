import type { Delivery, DropRule } from "../core/bridge/bus.js";
import { WORLD_ENTITY } from "../core/bridge/bus.js";
import type { StepFault } from "../core/session/simulation.js";
import { FAULTS_PER_ENTITY } from "./limits.js";

/** Which events a faulty tick is rerun without. Each blame drops at least one, so that the reruns come to an end. */
export class TickRepair {
  readonly faults: StepFault[] = [];
  readonly #positions = new Set<number>();
  readonly #faultsOf = new Map<number, number>();

  readonly isDropped: DropRule = (evt, position) =>
    this.#positions.has(position) || (this.#faultsOf.get(evt.slot) ?? 0) >= FAULTS_PER_ENTITY;

  blame({ evt, position }: Delivery, error: unknown): void {
    const whose = (evt.slot as number) === WORLD_ENTITY ? "step" : `slot ${evt.slot}`;
    this.faults.push({ error, where: `on.${evt.kind} of ${whose}` });
    this.#positions.add(position);
    this.#faultsOf.set(evt.slot, (this.#faultsOf.get(evt.slot) ?? 0) + 1);
  }
}
