/** Fastest and slowest that a peer runs against wall time, as a share of it. */
export const RATE_SPREAD = 0.03;
/** A lead of this many ticks changes the rate by one whole, before clamping. */
const LEAD_TICKS_PER_RATE = 120;
/** Differences below half a tick are noise. */
const DEAD_BAND_TICKS = 0.5;
/** Time that is owed beyond this is forgotten: a peer that slept does not sprint. */
const OWED_TICKS_MAX = 8;

/**
 * Turns elapsed time into ticks that are due, a little faster or slower so that peers meet in the middle.
 * Peers compare leads, not clocks: where a path is slower in one direction, both share the burden.
 */
export class TickClock {
  /** Ticks that are due and have not run; a fraction remains between updates. */
  owedTicks = 0;
  /** Ticks for which time passed while nothing could run. */
  stalledTicks = 0;
  /** The same, in the stall that goes on now; 0 where none does. */
  presentStallTicks = 0;
  rate = 1;
  readonly tickMs: number;
  #lastMs: number | undefined;
  #difference = 0;

  constructor(tickHz: number) {
    this.tickMs = 1000 / tickHz;
  }

  elapse(nowMs: number): void {
    const elapsedMs = this.#lastMs === undefined ? this.tickMs : Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.owedTicks = Math.min(OWED_TICKS_MAX, this.owedTicks + (elapsedMs / this.tickMs) * this.rate);
  }

  ran(): void {
    this.owedTicks -= 1;
    this.presentStallTicks = 0;
  }

  /** What is due cannot run: the time passes, one due tick stays ready for when it can. */
  stalled(): void {
    this.stalledTicks += this.owedTicks - 1;
    this.presentStallTicks += this.owedTicks - 1;
    this.owedTicks = 1;
  }

  /** Nothing more is to run. */
  rest(): void {
    this.owedTicks = 1;
  }

  /**
   * Sets the rate from how far this peer is ahead: half of its lead less the other's, in ticks, as a mean over all
   * links. `roundTripTicks` sets how slowly, since younger news is noise.
   */
  steer(aheadTicks: number, roundTripTicks: number): void {
    const blend = 1 / Math.max(4, 2 * roundTripTicks);
    this.#difference += (aheadTicks - this.#difference) * blend;
    if (Math.abs(this.#difference) < DEAD_BAND_TICKS) {
      this.rate = 1;
      return;
    }
    const correction = this.#difference / LEAD_TICKS_PER_RATE;
    this.rate = 1 - Math.max(-RATE_SPREAD, Math.min(RATE_SPREAD, correction));
  }
}
