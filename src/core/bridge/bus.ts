import { type ChronosTick, chronosTick, type KairosBranchId } from "../base/brand.js";
import { refuseGame } from "../base/errors.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import { PendingQueue } from "./pending-queue.js";

/**
 * The parts of a tick, in their order: `pre_update` delivers the network lane, `update` the derived lane and then
 * runs the step, `post_update` is the last in which effects are gathered, `timeline_flush` sees the tick as it ends.
 */
export const PHASES = ["pre_update", "update", "post_update", "timeline_flush"] as const;
export type Phase = (typeof PHASES)[number];

export type Handler = (evt: EventEnvelope) => void;
/** Whether an event is left out of its tick; `position` is its place there, as in `Delivery`. */
export type DropRule = (evt: EventEnvelope, position: number) => boolean;

/** The entity that emits where no event is being handled: `step`. Its events come after those of every slot. */
export const WORLD_ENTITY = 255;

/** What the bus was delivering when a handler threw. */
export interface Delivery {
  readonly evt: EventEnvelope;
  /** Place of the event in its tick: the network lane counts first, then the derived lane. */
  readonly position: number;
  readonly phase: Phase;
}

/** Handlers by kind, in the order in which they were registered. */
type Lane = Map<string, Handler[]>;

const UPDATE = PHASES.indexOf("update");

/**
 * Codex's Baby: delivers a tick's events to their handlers, phase by phase, the network lane before the derived
 * lane, each in its order, and holds the derived events that wait for the next tick.
 */
export class Bus {
  readonly #network: readonly Lane[] = PHASES.map(() => new Map());
  readonly #derived: readonly Lane[] = PHASES.map(() => new Map());
  readonly #pending: PendingQueue;
  readonly #kairos: KairosBranchId;
  #tick: ChronosTick = chronosTick(0);
  /** The phase that runs or, after something was thrown, that ran. */
  #phase: Phase | undefined;
  #isRunning = false;
  #evt: EventEnvelope | undefined;
  #position = 0;
  #derivedCount = 0;

  constructor(catalog: EventCatalog, kairos: KairosBranchId) {
    this.#pending = new PendingQueue(catalog);
    this.#kairos = kairos;
  }

  /** Without a phase the handler runs where its event's lane is delivered: `pre_update` or `update`. */
  on(kind: string, handler: Handler, phase?: Phase): void {
    register(this.#network[PHASES.indexOf(phase ?? "pre_update")]!, kind, handler);
    register(this.#derived[PHASES.indexOf(phase ?? "update")]!, kind, handler);
  }

  /**
   * Runs one tick. What a handler or the step throws comes out as it is, and `delivery` tells what was under way;
   * the tick is then half done.
   */
  run(
    tick: ChronosTick,
    network: readonly EventEnvelope[],
    step: (() => void) | undefined,
    isDropped: DropRule | undefined,
  ): void {
    this.#tick = tick;
    this.#evt = undefined;
    const derived = this.#pending.take(tick, this.#kairos);
    this.#derivedCount = derived.length;
    this.#isRunning = true;
    try {
      for (let phase = 0; phase < PHASES.length; phase++) {
        this.#phase = PHASES[phase]!;
        this.#deliver(this.#network[phase]!, network, 0, isDropped);
        this.#deliver(this.#derived[phase]!, derived, network.length, isDropped);
        if (phase === UPDATE) step?.();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #deliver(
    lane: Lane,
    events: readonly EventEnvelope[],
    first: number,
    isDropped: DropRule | undefined,
  ): void {
    if (lane.size === 0 || events.length === 0) return;
    for (let i = 0; i < events.length; i++) {
      const evt = events[i]!;
      const handlers = lane.get(evt.kind);
      if (handlers === undefined || isDropped?.(evt, first + i)) continue;
      this.#evt = evt;
      this.#position = first + i;
      for (const handler of handlers) handler(evt);
    }
    this.#evt = undefined;
  }

  /** The phase that is running; undefined between ticks. */
  get phase(): Phase | undefined {
    return this.#isRunning ? this.#phase : undefined;
  }

  /** Who emits now: the slot or entity of the event being handled, else the world. */
  get entity(): number {
    return this.#evt?.slot ?? WORLD_ENTITY;
  }

  /** The event being handled, or that was when something was thrown; undefined in the step. */
  get delivery(): Delivery | undefined {
    if (this.#evt === undefined || this.#phase === undefined) return undefined;
    return { evt: this.#evt, position: this.#position, phase: this.#phase };
  }

  /** How many derived events this tick had. */
  get derivedCount(): number {
    return this.#derivedCount;
  }

  /**
   * Leaves an event for the next tick, authored by the simulation.
   * Throws `PayloadError` for a payload that does not fit, `DerivedQueueFull` past the bounds, `EchoNetError`
   * `GAME_INVALID` between ticks.
   */
  emit(kind: string, payload: unknown, entity: number = this.entity): void {
    if (!this.#isRunning) refuseGame("emit works only while the tick that it was given for runs");
    this.#pending.add(kind, payload, entity, chronosTick(this.#tick + 1));
  }

  /** The events that wait for the next tick, as the end of a snapshot: a view, valid until the next call. */
  savePending(): Uint8Array {
    return this.#pending.save();
  }

  /** Replaces the events that wait by those that stand at `[start, end)`. */
  restorePending(bytes: Uint8Array, start: number, end: number): void {
    this.#pending.restore(bytes, start, end);
  }
}

function register(lane: Lane, kind: string, handler: Handler): void {
  const handlers = lane.get(kind);
  if (handlers === undefined) lane.set(kind, [handler]);
  else handlers.push(handler);
}
