import { ByteWriter } from "../core/base/bytes.js";
import { type Blake3, domainHasher } from "../core/base/hash.js";
import { type Random, Xoshiro128 } from "../core/base/prng.js";

/**
 * A generator that starts afresh from a match's seed and a few numbers, such as the tick. Nothing is computed
 * before the first draw, and nothing of it is ever saved.
 */
export class DerivedRandom implements Random {
  readonly #hasher: Blake3;
  readonly #seed: Uint8Array;
  readonly #generator = new Xoshiro128();
  readonly #writer = new ByteWriter(64);
  #numbers: readonly number[] = [];
  #ready = false;

  constructor(domain: string, seed: Uint8Array) {
    this.#hasher = domainHasher(domain);
    this.#seed = seed;
  }

  /** From here on the draws are those of `numbers`, from the first. Whole numbers from 0 up. */
  start(...numbers: readonly number[]): void {
    this.#numbers = numbers;
    this.#ready = false;
  }

  int(below: number): number {
    return this.#drawn().int(below);
  }

  unit(): number {
    return this.#drawn().unit();
  }

  #drawn(): Random {
    if (!this.#ready) this.#seedGenerator();
    return this.#generator;
  }

  #seedGenerator(): void {
    const writer = this.#writer;
    writer.reset();
    writer.bytes(this.#seed);
    for (const number of this.#numbers) writer.varint(number);
    this.#generator.reseed(this.#hasher.hash(writer));
    this.#ready = true;
  }
}
