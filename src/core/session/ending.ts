import type { Slot } from "../base/brand.js";
import type { EndReason } from "./outputs.js";

/** How long to wait at the last tick for the others to confirm it, in milliseconds. */
export const CONFIRM_MS = 2_000;
/** How long an ended session goes on saying so where nobody lacks anything, since the last word may be lost, in milliseconds. */
export const FAREWELL_MS = 200;

/** How a match ends, once that is certain. */
export interface End {
  readonly reason: EndReason;
  readonly tick: number;
  readonly slot?: Slot | undefined;
  /** Whether all peers agreed that this is the last tick. */
  readonly agreed: boolean;
}

/** Where the match ends: at its manifest's last tick, or earlier where a peer leaves. */
export class LastTick {
  tick: number;
  /** Whose leaving ends it; undefined where nobody's does. */
  leaver: number | undefined;

  constructor(ticks: number | null) {
    this.tick = ticks ?? Number.POSITIVE_INFINITY;
  }

  /**
   * A peer announces its last tick. The earliest announcement holds, of several the lowest peer's. True where it is
   * this one.
   */
  leave(peer: number, tick: number): boolean {
    const isFirst =
      tick < this.tick || (tick === this.tick && this.leaver !== undefined && peer < this.leaver);
    if (!isFirst) return false;
    this.tick = tick;
    this.leaver = peer;
    return true;
  }
}
