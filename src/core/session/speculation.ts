import { asSlot, type ChronosTick, type Slot } from "../base/brand.js";
import { arrangeTick, type RefusedEvent, type TickRules } from "../bridge/order.js";
import { type EventContent, TickContent } from "../envelope/content.js";
import type { EmitRequest } from "../envelope/event-envelope.js";
import { Timeline, type TimelineNode } from "../timeline/timeline.js";
import {
  type EffectRequest,
  isSimulationError,
  type Logs,
  NO_LOGS,
  type Simulation,
  Snapshot,
  type StepFault,
} from "./simulation.js";

/** What the session keeps with a node of the timeline: the state after a tick and what led to it. */
export interface TickBody {
  readonly snapshot: Snapshot;
  /** By slot: the events that the tick ran on, known or predicted. */
  readonly used: TickContent[];
  /** By slot: whether they were predicted. */
  readonly predicted: boolean[];
  refused: readonly RefusedEvent[];
  effects: readonly EffectRequest[];
  faults: readonly StepFault[];
  logs: Logs;
}

/** What is known of the slots' events. */
export interface KnownEvents {
  readonly slotCount: number;
  /** Every tick up to here is known. */
  sealOf(slot: Slot): number;
  contentOf(slot: Slot, tick: number): TickContent | undefined;
}

/** A rollback that was carried out. */
export interface RollbackReport {
  readonly from: ChronosTick;
  readonly lca: ChronosTick;
  readonly depthTicks: number;
  readonly cause: { readonly slot: Slot; readonly chronos: ChronosTick };
}

/** The game's code threw where no event can be dropped; the head stays before that tick. */
export interface Blockage {
  readonly tick: ChronosTick;
  readonly error: unknown;
  /** What the game logged before it failed. */
  readonly logs: Logs;
}

const NONE_REFUSED: readonly RefusedEvent[] = [];
const NO_EFFECTS: readonly EffectRequest[] = [];
const NO_FAULTS: readonly StepFault[] = [];

/**
 * Runs the simulation ahead of what is known, and again where it guessed wrong.
 * Owns the timeline: every tick's node keeps the state after it and the events that it ran on.
 */
export class Speculation {
  readonly timeline: Timeline<TickBody>;
  resimulatedTicks = 0;
  /** Ticks that ran, at first, on at least one predicted slot. */
  predictedTicks = 0;
  /** Predicted contents that turned out right. */
  adoptedPredictions = 0;
  /** Times that a deeper wrong tick was found while a shallower one was waiting. */
  deepenedRollbacks = 0;
  saves = 0;
  blockage: Blockage | undefined;
  /** Told what the game's own prediction of a tick did wrong. */
  mispredicted: (tick: ChronosTick, fault: StepFault) => void = () => {};
  readonly #simulation: Simulation;
  readonly #rules: TickRules;
  readonly #known: KnownEvents;
  #wrong: { tick: number; slot: Slot } | undefined;
  /** Scratch: what the next tick runs on. */
  readonly #next: TickContent[];
  #blockedOn: readonly TickContent[] = [];

  constructor(simulation: Simulation, rules: TickRules, known: KnownEvents, capacityTicks: number) {
    this.#simulation = simulation;
    this.#rules = rules;
    this.#known = known;
    this.#next = new Array<TickContent>(known.slotCount).fill(TickContent.empty);
    this.timeline = new Timeline<TickBody>(
      () => ({
        snapshot: new Snapshot(),
        used: new Array<TickContent>(known.slotCount).fill(TickContent.empty),
        predicted: new Array<boolean>(known.slotCount).fill(false),
        refused: NONE_REFUSED,
        effects: NO_EFFECTS,
        faults: NO_FAULTS,
        logs: NO_LOGS,
      }),
      capacityTicks,
    );
    this.#save(this.timeline.head);
  }

  get head(): number {
    return this.timeline.head.tick;
  }

  /** The earliest tick known to have run on wrong events. */
  get wrongTick(): number | undefined {
    return this.#wrong?.tick;
  }

  /** Runs the tick after the head. False where the game's code threw; `blockage` says so. */
  advance(): boolean {
    const parent = this.timeline.head;
    const tick = (parent.tick + 1) as ChronosTick;
    if (this.blockage !== undefined && !this.#unblocked(parent, tick)) return false;
    const used = this.#next;
    const predicted = this.#gather(parent, tick, used);
    const arranged = arrangeTick(this.#rules, tick, used);
    let node: TimelineNode<TickBody>;
    try {
      this.#simulation.step(tick, arranged.entered);
      node = this.timeline.commit();
      this.#save(node);
    } catch (error) {
      if (!isSimulationError(error)) throw error;
      if (this.timeline.head !== parent) this.timeline.retract();
      this.blockage = { tick, error, logs: this.#simulation.logs ?? NO_LOGS };
      this.#blockedOn = [...used];
      this.#simulation.restore(parent.body.snapshot);
      return false;
    }
    const body = node.body;
    for (let slot = 0; slot < used.length; slot++) {
      body.used[slot] = used[slot]!;
      body.predicted[slot] = tick > this.#known.sealOf(asSlot(slot));
    }
    if (predicted) this.predictedTicks++;
    body.refused = arranged.refused;
    body.effects = this.#simulation.effects.length === 0 ? NO_EFFECTS : [...this.#simulation.effects];
    body.faults = this.#simulation.faults.length === 0 ? NO_FAULTS : [...this.#simulation.faults];
    body.logs = this.#simulation.logs ?? NO_LOGS;
    return true;
  }

  /** Whether the tick after the head throws on what is known now; it may have thrown on a guess. */
  stillBlocked(): boolean {
    if (this.blockage === undefined) return false;
    const head = this.timeline.head;
    return !this.#unblocked(head, (head.tick + 1) as ChronosTick);
  }

  /** A slot's events for a tick became known: a tick that ran on others is wrong from here on. */
  learned(slot: Slot, tick: number, content: TickContent): void {
    const body = this.timeline.at(tick)?.body;
    if (body === undefined || !body.predicted[slot]) return;
    if (content.equals(body.used[slot]!)) {
      body.used[slot] = content;
      body.predicted[slot] = false;
      this.adoptedPredictions++;
      return;
    }
    if (this.#wrong !== undefined) {
      if (tick >= this.#wrong.tick) return;
      this.deepenedRollbacks++;
    }
    this.#wrong = { tick, slot };
  }

  /**
   * Where a tick ran on wrong events: forks at the tick before it and runs up to the old head again.
   * `resimulated` is told each tick that ran again.
   */
  rollback(resimulated: (node: TimelineNode<TickBody>) => void): RollbackReport | undefined {
    const wrong = this.#wrong;
    if (wrong === undefined) return undefined;
    this.#wrong = undefined;
    const from = this.timeline.head.tick;
    const lca = this.timeline.fork(wrong.tick - 1);
    this.#simulation.restore(lca.body.snapshot);
    this.blockage = undefined;
    while (this.head < from && this.advance()) {
      this.resimulatedTicks++;
      resimulated(this.timeline.head);
    }
    const cause = { slot: wrong.slot, chronos: wrong.tick as ChronosTick };
    return { from, lca: lca.tick, depthTicks: from - lca.tick, cause };
  }

  /** Fills `used` with what the tick runs on; true where any slot had to be predicted. */
  #gather(parent: TimelineNode<TickBody>, tick: ChronosTick, used: TickContent[]): boolean {
    let predicted = false;
    for (let index = 0; index < used.length; index++) {
      const slot = asSlot(index);
      if (tick <= this.#known.sealOf(slot)) {
        used[index] = this.#known.contentOf(slot, tick)!;
      } else {
        predicted = true;
        used[index] = this.#predict(slot, tick, parent.body.used[index]!);
      }
    }
    return predicted;
  }

  #predict(slot: Slot, tick: ChronosTick, last: TickContent): TickContent {
    if (this.#simulation.predict === undefined) return last.repeated;
    const catalog = this.#rules.catalog;
    const lastKnown: EmitRequest[] = last.events.map((content) => ({
      kind: catalog.kinds[content.kind]!.name,
      payload: catalog.unpack(content, (tick - 1) as ChronosTick),
    }));
    // A predictor is a guess: one that throws or asks for the impossible guesses as declared.
    try {
      const requests = this.#simulation.predict(slot, tick, lastKnown);
      for (const fault of this.#simulation.inputFaults ?? NO_FAULTS) this.mispredicted(tick, fault);
      if (requests === undefined) return last.repeated;
      const events: EventContent[] = requests.map(({ kind, payload }) => catalog.pack(kind, payload, tick));
      return TickContent.of(events);
    } catch (error) {
      this.mispredicted(tick, { error, where: `predict of slot ${slot}` });
      return last.repeated;
    }
  }

  /** After a blockage, the same tick is tried again only on other events. */
  #unblocked(parent: TimelineNode<TickBody>, tick: ChronosTick): boolean {
    this.#gather(parent, tick, this.#next);
    const same = this.#next.every((content, slot) => content.equals(this.#blockedOn[slot]!));
    if (!same) this.blockage = undefined;
    return !same;
  }

  #save(node: TimelineNode<TickBody>): void {
    this.#simulation.saveInto(node.body.snapshot);
    this.saves++;
  }
}
