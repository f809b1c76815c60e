import type { ChronosTick, Slot } from "../base/brand.js";
import { wordsOf } from "../base/errors.js";
import type { EventCatalog } from "../envelope/catalog.js";
import { type EventContent, TickContent } from "../envelope/content.js";
import type { EmitRequest } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";

/** Events that wait for the next unsealed tick; past it the oldest are refused as `quota`. */
export const WAITING_EVENTS_MAX = 256;

/** Tells that an event will not be sent. */
export type LocalRefusal = (request: EmitRequest, slot: Slot, reason: CanonicalRefusal, hint: string) => void;

export interface LocalLimits {
  readonly eventsPerTick: number;
  readonly bytesPerTick: number;
}

/** One local player's side: what its device says, what waits to be sent, and what each tick is sealed with. */
export class LocalInput {
  readonly slot: Slot;
  /** What the game's `input` function is given; undefined until set. */
  device: unknown;
  readonly #catalog: EventCatalog;
  readonly #limits: LocalLimits;
  readonly #refuse: LocalRefusal;
  /** One-shot events without a tick yet, oldest first. */
  #waiting: EmitRequest[] = [];
  #last: TickContent = TickContent.empty;
  /** Scratch: the first `#count` are the events of the tick that is being sealed, of `#bytes` in all. */
  readonly #events: EventContent[] = [];
  #count = 0;
  #bytes = 0;

  constructor(slot: Slot, catalog: EventCatalog, limits: LocalLimits, refuse: LocalRefusal) {
    this.slot = slot;
    this.#catalog = catalog;
    this.#limits = limits;
    this.#refuse = refuse;
  }

  get waitingEvents(): number {
    return this.#waiting.length;
  }

  /** Queues an event for the next tick that is not sealed yet. */
  emit(request: EmitRequest): void {
    this.#waiting.push(request);
    if (this.#waiting.length <= WAITING_EVENTS_MAX) return;
    this.#refuse(this.#waiting.shift()!, this.slot, "quota", "too many events wait to be sent");
  }

  /** A sample for a tick that is sealed already: its one-shot events wait for the next, the rest is dropped. */
  missed(requests: readonly EmitRequest[]): void {
    for (const request of requests) {
      if (this.#catalog.kindNamed(request.kind)?.repeats !== true) this.emit(request);
    }
  }

  /** What a tick without a sample of its own is sealed with: the last samples again, and what waited. */
  fill(tick: ChronosTick): TickContent {
    this.#begin();
    const { events, byteLength } = this.#last.repeated;
    for (const event of events) this.#events[this.#count++] = event;
    this.#bytes = byteLength;
    return this.#seal(tick);
  }

  /** What a tick is sealed with: its sample, then what waited. */
  sample(tick: ChronosTick, requests: readonly EmitRequest[]): TickContent {
    this.#begin();
    for (const request of requests) this.#add(tick, request);
    return this.#seal(tick);
  }

  #begin(): void {
    this.#count = 0;
    this.#bytes = 0;
  }

  #seal(tick: ChronosTick): TickContent {
    if (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const request of waiting) this.#add(tick, request);
    }
    const events = this.#events;
    if (events.length > this.#count) events.length = this.#count;
    // A repeated sample stays the same object, which is how everything after recognises it at no cost.
    if (!this.#last.holds(events)) this.#last = TickContent.of(events.slice());
    return this.#last;
  }

  #add(tick: ChronosTick, request: EmitRequest): void {
    let content: EventContent;
    try {
      content = this.#catalog.pack(request.kind, request.payload, tick);
    } catch (error) {
      this.#refuse(request, this.slot, "malformed", wordsOf(error));
      return;
    }
    const total = this.#bytes + content.compact.length;
    if (this.#count >= this.#limits.eventsPerTick || total > this.#limits.bytesPerTick) {
      this.#refuse(
        request,
        this.slot,
        "quota",
        `the tick is full: ${this.#limitWords()}${placeWords(request)}`,
      );
      return;
    }
    this.#events[this.#count++] = content;
    this.#bytes = total;
  }

  #limitWords(): string {
    const { eventsPerTick, bytesPerTick } = this.#limits;
    return this.#count >= eventsPerTick
      ? `a slot sends at most ${eventsPerTick} events a tick`
      : `a slot's events of one tick are at most ${bytesPerTick} bytes`;
  }
}

const placeWords = ({ place }: EmitRequest): string => (place === undefined ? "" : ` (${place})`);
