import { domainHash } from "../../src/core/base/hash.js";
import { Xoshiro128 } from "../../src/core/base/prng.js";
import { utf8Encode } from "../../src/core/base/text.js";

/** Seeded draws in the words of somebody who makes up a test. */
export class Dice {
  readonly #random: Xoshiro128;

  constructor(purpose: string, seed: number) {
    this.#random = new Xoshiro128(domainHash(purpose, utf8Encode(String(seed))!));
  }

  chance(share: number): boolean {
    return this.#random.unit() < share;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + this.#random.int(high - low + 1);
  }

  /** A number from `low` to `high` with at most three decimals. */
  between(low: number, high: number): number {
    return Math.round(1000 * (low + (high - low) * this.#random.unit())) / 1000;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#random.int(choices.length)]!;
  }

  /** All of them, in any order. */
  shuffled<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let left = shuffled.length - 1; left > 0; left--) {
      const at = this.#random.int(left + 1);
      [shuffled[left], shuffled[at]] = [shuffled[at]!, shuffled[left]!];
    }
    return shuffled;
  }
}
