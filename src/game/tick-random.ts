import { ByteWriter } from "../core/base/bytes.js";
import { domainHash } from "../core/base/hash.js";
import { type Random, Xoshiro128 } from "../core/base/prng.js";

/**
 * A generator that starts afresh from a match's seed and a few numbers, such as the tick. Nothing is computed
 * before the first draw, and nothing of it is ever saved.
 */
export class DerivedRandom implements Random {
  readonly #domain: string;
  readonly #seed: Uint8Array;
  readonly #generator = new Xoshiro128();
  readonly #writer = new ByteWriter(16);
  #ready = false;

  constructor(domain: string, seed: Uint8Array) {
    this.#domain = domain;
    this.#seed = seed;
  }

  /** From here on the draws are those of `numbers`, from the first. Whole numbers from 0 up. */
  start(...numbers: readonly number[]): void {
    this.#ready = false;
    this.#writer.reset();
    for (const number of numbers) this.#writer.varint(number);
  }

  int(below: number): number {
    return this.#drawn().int(below);
  }

  unit(): number {
    return this.#drawn().unit();
  }

  #drawn(): Random {
    if (!this.#ready) {
      this.#generator.reseed(domainHash(this.#domain, this.#seed, this.#writer.view()));
      this.#ready = true;
    }
    return this.#generator;
  }
}
