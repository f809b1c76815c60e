import type { Slot } from "../base/brand.js";
import type { EndReason } from "./outputs.js";

/** How long to wait at the last tick for the others to confirm it, in milliseconds. */
export const CONFIRM_MS = 2_000;
/** How long an ended session goes on answering those who lack something, in milliseconds. */
export const LINGER_MS = 2_000;

/** How a match ends, once that is certain. */
export interface End {
  readonly reason: EndReason;
  readonly tick: number;
  readonly slot?: Slot;
  /** Whether all peers agreed that this is the last tick. */
  readonly agreed: boolean;
}

/** Where the match ends: at its manifest's last tick, or earlier where somebody leaves. */
export class LastTick {
  tick: number;
  #leaver: Slot | undefined;

  constructor(ticks: number | null) {
    this.tick = ticks ?? Number.POSITIVE_INFINITY;
  }

  /** A player announces its last tick. The earliest announcement holds. */
  leave(slot: Slot, tick: number): void {
    if (tick >= this.tick) return;
    this.tick = tick;
    this.#leaver = slot;
  }

  end(): End {
    return this.#leaver === undefined
      ? { reason: "finished", tick: this.tick, agreed: true }
      : { reason: "left", tick: this.tick, slot: this.#leaver, agreed: true };
  }
}
