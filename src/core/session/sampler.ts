import { type ChronosTick, chronosTick, type Slot } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import type { TickContent } from "../envelope/content.js";
import type { InputDelay } from "./input-delay.js";
import type { LocalInput } from "./local-input.js";
import type { Replicator } from "./replicator.js";
import type { Simulation, StepFault } from "./simulation.js";

/** Samples the local players once for each tick that is due, and seals what they say under the tick it is stamped with. */
export class Sampler {
  /** Sum of the delays that samples were stamped with, and how many there were. */
  delaySum = 0;
  samples = 0;
  readonly #locals: readonly LocalInput[];
  readonly #delay: InputDelay;
  readonly #replicator: Replicator;
  readonly #simulation: Simulation;
  readonly #faulted: (chronos: ChronosTick, fault: StepFault) => void;
  /** The due tick that was sampled last: one that stalls is not sampled again. */
  #sampledTick = 0;
  readonly #contents: TickContent[] = [];

  constructor(
    locals: readonly LocalInput[],
    delay: InputDelay,
    replicator: Replicator,
    simulation: Simulation,
    faulted: (chronos: ChronosTick, fault: StepFault) => void,
  ) {
    this.#locals = locals;
    this.#delay = delay;
    this.#replicator = replicator;
    this.#simulation = simulation;
    this.#faulted = faulted;
  }

  local(slot: Slot): LocalInput {
    const local = this.#locals.find((candidate) => candidate.slot === slot);
    invariant(local !== undefined, "only local slots are sampled");
    return local;
  }

  /**
   * Called when `tick` is about to run. Seals up to `tick` plus the delay, never past `lastTick`; less where others
   * have acknowledged too little. `sealed` is told each tick.
   */
  sample(
    tick: number,
    lastTick: number,
    sealed: (tick: number, content: readonly TickContent[]) => void,
  ): void {
    if (this.#sampledTick >= tick || !this.#replicator.maySeal) return;
    this.#sampledTick = tick;
    const stamped = chronosTick(Math.min(tick + this.#delay.ticks, lastTick));
    this.delaySum += stamped - tick;
    this.samples++;
    const requests = this.#locals.map((local) => {
      const collected = this.#simulation.collectInput(local.slot, stamped, local.device);
      for (const fault of this.#simulation.inputFaults ?? []) this.#faulted(stamped, fault);
      return collected;
    });
    if (stamped <= this.#replicator.own.seal) {
      this.#locals.forEach((local, index) => {
        local.missed(requests[index]!);
      });
      return;
    }
    for (let gap = this.#replicator.own.seal + 1; gap < stamped; gap++) {
      this.#seal(chronosTick(gap), (local) => local.fill(chronosTick(gap)), sealed);
    }
    this.#seal(stamped, (local, index) => local.sample(stamped, requests[index]!), sealed);
  }

  #seal(
    tick: ChronosTick,
    contentOf: (local: LocalInput, index: number) => TickContent,
    sealed: (tick: number, contents: readonly TickContent[]) => void,
  ): void {
    this.#locals.forEach((local, index) => {
      this.#contents[index] = contentOf(local, index);
    });
    this.#replicator.author(tick, (index) => this.#contents[index]!);
    sealed(tick, this.#contents);
  }
}
