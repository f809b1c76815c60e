import { REPLAY_WINDOW } from "../wire/limits.js";

const WORDS: number = REPLAY_WINDOW / 32;

/** Which sequence numbers have arrived: the highest, and one bit for each of the 256 up to it. */
export class ReplayWindow {
  /** The highest sequence number that was marked; 0 before the first, which is 1. */
  highest = 0;
  readonly #seen = new Uint32Array(WORDS);

  /** The full sequence number nearest to the highest one that ends in these 16 bits; below 1 where none can be. */
  expand(low: number): number {
    const ahead = (low - this.highest) & 0xffff;
    return this.highest + (ahead < 0x8000 ? ahead : ahead - 0x1_0000);
  }

  /** Whether the number may still be taken: undefined, or why not. */
  refuses(sequence: number): "stale" | "replayed" | undefined {
    if (sequence > this.highest) return undefined;
    if (sequence < 1 || sequence <= this.highest - REPLAY_WINDOW) return "stale";
    return this.#bit(sequence) ? "replayed" : undefined;
  }

  /** Takes a number that `refuses` let pass. */
  mark(sequence: number): void {
    if (sequence - this.highest >= REPLAY_WINDOW) {
      this.#seen.fill(0);
    } else {
      for (let passed = this.highest + 1; passed < sequence; passed++) this.#clear(passed);
    }
    this.#seen[wordOf(sequence)]! |= 1 << (sequence % 32);
    if (sequence > this.highest) this.highest = sequence;
  }

  #bit(sequence: number): boolean {
    return (this.#seen[wordOf(sequence)]! & (1 << (sequence % 32))) !== 0;
  }

  #clear(sequence: number): void {
    this.#seen[wordOf(sequence)]! &= ~(1 << (sequence % 32));
  }
}

const wordOf = (sequence: number): number => Math.floor(sequence / 32) % WORDS;
