/**
 * What somebody may spend: so much a second, and so much at once. Full at first. Time comes in as `nowMs`, which never
 * goes back.
 */
export class Budget {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #left: number;
  #atMs: number;

  constructor(perSecond: number, atOnce: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#left = atOnce;
    this.#atMs = nowMs;
  }

  /** Takes so much where it is there; false, and nothing taken, where it is not. */
  spend(cost: number, nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }

  /** Whether nothing is missing: such a budget need not be remembered. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#left === this.#atOnce;
  }

  #refill(nowMs: number): void {
    const earned = ((nowMs - this.#atMs) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#atOnce, this.#left + Math.max(0, earned));
    this.#atMs = Math.max(this.#atMs, nowMs);
  }
}
