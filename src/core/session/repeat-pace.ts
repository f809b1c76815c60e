/** What goes again by round trip goes no sooner than this, in ticks, however short that is. */
const RESEND_TICKS_MIN = 4;
/** Repeating counts as vain once nothing has been acknowledged for so long, in ticks. */
const PATIENCE_TICKS = 30;
/** Longest wait between two repetitions, in ticks. */
const WAIT_TICKS_MAX = 16;

/** How long to wait for an acknowledgement before what was sent goes again, in ticks. */
export const resendTicks = (roundTripTicks: number): number =>
  Math.max(RESEND_TICKS_MIN, Math.ceil(roundTripTicks * 1.25));

/**
 * When ticks that were sent before go again. Ordinarily each tick, since that is what hides loss best. But on a path
 * too narrow for it, the repetitions would fill the queue, and what is longest among them never find room: so they
 * go half as often each time that they have been in vain, and twice as often each time that something arrived.
 */
export class RepeatPace {
  /** The highest tick that any datagram has carried. */
  carriedTick = 0;
  #waitTicks = 1;
  #dueTicks = Number.NEGATIVE_INFINITY;
  #ackedTick = -1;
  /** Since when nothing was acknowledged, or the wait is what it is. */
  #sinceTicks = 0;

  /**
   * Whether everything above `ackedTick` goes again now, at `nowTicks` of time, or only what was never sent. To be
   * asked once a go.
   */
  repeats(nowTicks: number, ackedTick: number, roundTripTicks: number): boolean {
    if (ackedTick > this.#ackedTick) {
      this.#ackedTick = ackedTick;
      this.#sinceTicks = nowTicks;
      if (this.#waitTicks > 1) this.#waitTicks /= 2;
    } else if (ackedTick >= this.carriedTick) {
      this.#sinceTicks = nowTicks;
    } else if (nowTicks - this.#sinceTicks >= Math.max(PATIENCE_TICKS, resendTicks(roundTripTicks))) {
      this.#sinceTicks = nowTicks;
      this.#waitTicks = Math.min(WAIT_TICKS_MAX, 2 * this.#waitTicks);
    }
    if (this.#waitTicks === 1) return true;
    if (nowTicks < this.#dueTicks) return false;
    this.#dueTicks = nowTicks + this.#waitTicks;
    return true;
  }
}
