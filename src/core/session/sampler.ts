import { type ChronosTick, chronosTick, type Slot } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import type { TickContent } from "../envelope/content.js";
import type { EmitRequest } from "../envelope/event-envelope.js";
import type { InputDelay } from "./input-delay.js";
import type { LocalInput } from "./local-input.js";
import type { Replicator } from "./replicator.js";
import type { Logs, Simulation, StepFault } from "./simulation.js";

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
  readonly #logged: (chronos: ChronosTick, logs: Logs) => void;
  /** The due tick that was sampled last: one that stalls is not sampled again. */
  #sampledTick = 0;
  /** Scratch, by number of the local slot. */
  readonly #contents: TickContent[] = [];
  readonly #requests: (readonly EmitRequest[])[] = [];
  readonly #contentOf = (index: number): TickContent => this.#contents[index]!;

  constructor(
    locals: readonly LocalInput[],
    delay: InputDelay,
    replicator: Replicator,
    simulation: Simulation,
    faulted: (chronos: ChronosTick, fault: StepFault) => void,
    logged: (chronos: ChronosTick, logs: Logs) => void,
  ) {
    this.#locals = locals;
    this.#delay = delay;
    this.#replicator = replicator;
    this.#simulation = simulation;
    this.#faulted = faulted;
    this.#logged = logged;
  }

  local(slot: Slot): LocalInput {
    let found: LocalInput | undefined;
    for (const local of this.#locals) if (local.slot === slot) found = local;
    invariant(found !== undefined, "only local slots are sampled");
    return found;
  }

  /** Events that wait for a tick, of the slot that has most of them. */
  get waitingEvents(): number {
    return this.#locals.reduce((most, local) => Math.max(most, local.waitingEvents), 0);
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
    this.#collect(stamped);
    const locals = this.#locals;
    if (stamped <= this.#replicator.own.seal) {
      for (let index = 0; index < locals.length; index++) locals[index]!.missed(this.#requests[index]!);
      return;
    }
    for (let gap = this.#replicator.own.seal + 1; gap < stamped; gap++) {
      for (let index = 0; index < locals.length; index++) {
        this.#contents[index] = locals[index]!.fill(chronosTick(gap));
      }
      this.#seal(gap, sealed);
    }
    for (let index = 0; index < locals.length; index++) {
      this.#contents[index] = locals[index]!.sample(stamped, this.#requests[index]!);
    }
    this.#seal(stamped, sealed);
  }

  #collect(stamped: ChronosTick): void {
    const simulation = this.#simulation;
    for (let index = 0; index < this.#locals.length; index++) {
      const local = this.#locals[index]!;
      this.#requests[index] = simulation.collectInput(local.slot, stamped, local.device);
      if (simulation.inputLogs !== undefined) this.#logged(stamped, simulation.inputLogs);
      if (simulation.inputFaults === undefined) continue;
      for (const fault of simulation.inputFaults) this.#faulted(stamped, fault);
    }
  }

  #seal(tick: number, sealed: (tick: number, contents: readonly TickContent[]) => void): void {
    this.#replicator.author(tick, this.#contentOf);
    sealed(tick, this.#contents);
  }
}
