import { breathe } from "./breathe.js";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Beats at a steady rate of real time. Beats stand on a grid from the first on, so that the system's rounding of
 * timers never adds up; a beat that comes late is not made up for.
 */
export class Pace {
  readonly #beatMs: number;
  readonly #startMs: number;
  #beats = 0;

  constructor(beatMs: number) {
    this.#beatMs = beatMs;
    this.#startMs = performance.now();
  }

  /** Real time since the start, in milliseconds. */
  get elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Waits for the next beat that is still to come. Rejects as `breathe` does. */
  async beat(): Promise<void> {
    this.#beats = Math.max(this.#beats + 1, Math.ceil(this.elapsedMs / this.#beatMs));
    const dueMs = this.#beats * this.#beatMs;
    // Timers count whole milliseconds and may fire a little early.
    while (this.elapsedMs < dueMs) await pause(Math.max(1, Math.ceil(dueMs - this.elapsedMs)));
    await breathe();
  }
}
