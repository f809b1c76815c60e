import type { Slot } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import { TickContent } from "../envelope/content.js";

/** Ticks that an inbox keeps around its seal; a power of two. */
export const INBOX_TICKS = 256;
/** How far past the final tick an inbox accepts; the other half serves deltas and late repeats. */
export const INBOX_AHEAD_TICKS = 128;

const MASK = INBOX_TICKS - 1;

/** What happened to one tick that was offered. */
export type Offer = "new" | "known" | "contradiction" | "gap" | "too-far" | "forgotten";

/**
 * What one peer has authored, tick by tick, for all its slots: the part of the bridge that makes delivery exactly
 * once. A tick enters when all before it have; what entered never changes, however often it is repeated.
 */
export class Inbox {
  readonly slots: readonly Slot[];
  /** Every tick up to here is complete. Ticks begin at 1. */
  seal = 0;
  readonly #contents: TickContent[][];
  /** Ticks up to here were final when last told; nothing beyond `INBOX_AHEAD_TICKS` past it enters. */
  #floor = 0;

  constructor(slots: readonly Slot[]) {
    this.slots = slots;
    this.#contents = slots.map(() => new Array<TickContent>(INBOX_TICKS).fill(TickContent.empty));
  }

  /** Tells which ticks are final, so that the inbox may move on. */
  advance(finalTick: number): void {
    this.#floor = finalTick;
  }

  /** The highest tick that may enter now. */
  get limit(): number {
    return this.#floor + INBOX_AHEAD_TICKS;
  }

  /** Whether `tick` and all up to the seal are known and not forgotten. */
  holds(tick: number): boolean {
    return tick >= 0 && tick <= this.seal && tick > this.seal - INBOX_TICKS;
  }

  /** What slot number `index` (among this peer's) authored for `tick`; undefined where not known or forgotten. */
  content(index: number, tick: number): TickContent | undefined {
    if (tick === 0) return TickContent.empty;
    if (!this.holds(tick)) return undefined;
    return this.#contents[index]![tick & MASK]!;
  }

  /** Offers a tick: one content for each of the peer's slots, in their order. */
  offer(tick: number, contents: (index: number) => TickContent): Offer {
    if (tick <= this.seal) return this.#compare(tick, contents);
    if (tick !== this.seal + 1) return "gap";
    if (tick > this.limit) return "too-far";
    for (let index = 0; index < this.slots.length; index++) {
      this.#contents[index]![tick & MASK] = contents(index);
    }
    this.seal = tick;
    return "new";
  }

  #compare(tick: number, contents: (index: number) => TickContent): Offer {
    for (let index = 0; index < this.slots.length; index++) {
      const known = this.content(index, tick);
      if (known === undefined) return "forgotten";
      if (!known.equals(contents(index))) return "contradiction";
    }
    return "known";
  }

  /** Bytes of the payloads kept for ticks above `tick`. */
  bytesAbove(tick: number): number {
    invariant(tick > this.seal - INBOX_TICKS, "only kept ticks are counted");
    let bytes = 0;
    for (let at = tick + 1; at <= this.seal; at++) {
      for (const ring of this.#contents) bytes += ring[at & MASK]!.byteLength;
    }
    return bytes;
  }
}
