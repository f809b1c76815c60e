const SAMPLES = 256;
const LATENESS_MAX_TICKS = 63;

/** The 99th percentile of how many ticks late a peer's sealed ticks arrive, over the last 256 of them. */
export class LatenessGauge {
  readonly #samples = new Uint8Array(SAMPLES);
  readonly #counts = new Uint16Array(LATENESS_MAX_TICKS + 1);
  #next = 0;
  /** No sample is above it. */
  #highest = 0;
  #filled = 0;

  add(latenessTicks: number): void {
    const sample = Math.max(0, Math.min(LATENESS_MAX_TICKS, latenessTicks));
    if (this.#filled === SAMPLES) this.#counts[this.#samples[this.#next]!]!--;
    else this.#filled++;
    this.#samples[this.#next] = sample;
    this.#counts[sample]!++;
    if (sample > this.#highest) this.#highest = sample;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  get percentile99Ticks(): number {
    while (this.#highest > 0 && this.#counts[this.#highest] === 0) this.#highest--;
    let above = this.#filled - Math.ceil(this.#filled * 0.99);
    for (let ticks = this.#highest; ticks > 0; ticks--) {
      above -= this.#counts[ticks]!;
      if (above < 0) return ticks;
    }
    return 0;
  }
}
