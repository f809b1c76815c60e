import { invariant } from "./invariant.js";

/** A seeded source of numbers: equal seeds draw equal numbers in every engine. */
export interface Random {
  /** A whole number within 0 … below − 1; `below` within 1 … 2^32. Unbiased. */
  int(below: number): number;
  /** A number within [0, 1), a multiple of 2^−53. */
  unit(): number;
}

/** xoshiro128** 1.1 by Blackman and Vigna: 128 bits of state, 32 bits a draw. */
export class Xoshiro128 implements Random {
  #a = 1;
  #b = 0;
  #c = 0;
  #d = 0;
  /** Draws since the last seeding. */
  draws = 0;

  /** `seed` is at least 16 bytes, of which the first 16 count; all zero is replaced, since it never moves. */
  constructor(seed?: Uint8Array) {
    if (seed !== undefined) this.reseed(seed);
  }

  reseed(seed: Uint8Array): void {
    invariant(seed.length >= 16, "a seed has 16 bytes");
    this.#a = word(seed, 0);
    this.#b = word(seed, 4);
    this.#c = word(seed, 8);
    this.#d = word(seed, 12);
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
    this.draws = 0;
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    this.draws++;
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  int(below: number): number {
    if (!(Number.isInteger(below) && below >= 1 && below <= 0x1_0000_0000)) {
      throw new RangeError(`random.int(below) takes a whole number from 1 to 2^32, not ${below}`);
    }
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % below);
    let drawn = this.next();
    while (drawn >= fair) drawn = this.next();
    return drawn % below;
  }

  unit(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
