import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Xoshiro128 } from "./prng.js";

const MASK = 0xffff_ffffn;
const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & MASK;

/** xoshiro128** as its authors publish it, on whole numbers without overflow. */
function* published(seed: Uint8Array): Generator<number> {
  const s = [0, 4, 8, 12].map((at) => BigInt(new DataView(seed.buffer, seed.byteOffset).getUint32(at, true)));
  for (;;) {
    yield Number((rotate((s[1]! * 5n) & MASK, 7n) * 9n) & MASK);
    const t = (s[1]! << 9n) & MASK;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11n);
  }
}

describe("Xoshiro128", () => {
  test("EN-164 the state 1, 2, 3, 4 draws what the algorithm's definition gives by hand", () => {
    const random = new Xoshiro128(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0));
    // rotl(2 · 5, 7) · 9 = 11520; the second word is then 2 ^ 3 ^ 1 = 0, which draws 0.
    expect([random.next(), random.next()]).toEqual([11_520, 0]);
    expect(random.draws).toBe(2);
  });

  test("EN-164 every seed draws the published sequence", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (seed) => {
        fc.pre(seed.some((byte) => byte !== 0));
        const random = new Xoshiro128(seed);
        const reference = published(seed);
        for (let i = 0; i < 100; i++) expect(random.next()).toBe(reference.next().value);
      }),
      { seed: 1641, numRuns: 200 },
    );
  });

  test("EN-164 reseeding starts over, and a seed of zeros still moves", () => {
    const random = new Xoshiro128(new Uint8Array(16));
    const first = [random.next(), random.next(), random.next(), random.next(), random.next()];
    expect(new Set(first).size).toBeGreaterThan(1);
    random.reseed(new Uint8Array(16));
    expect(random.draws).toBe(0);
    expect([random.next(), random.next(), random.next(), random.next(), random.next()]).toEqual(first);
  });

  test("EN-165 int(below) is drawn by rejection, so that no number is likelier than another", () => {
    const below = 3 * 2 ** 30;
    const seed = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    const random = new Xoshiro128(seed);
    const reference = published(seed);
    let rejected = 0;
    for (let i = 0; i < 2_000; i++) {
      let drawn = reference.next().value as number;
      for (; drawn >= below; rejected++) drawn = reference.next().value as number;
      expect(random.int(below)).toBe(drawn);
    }
    expect(rejected).toBeGreaterThan(300);
    expect(random.draws).toBe(2_000 + rejected);
  });

  test("EN-165 int(below) stays below, from 1 to 2^32, and takes nothing else", () => {
    const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => i));
    for (const below of [1, 2, 3, 6, 1_000, 0x1_0000_0000]) {
      for (let i = 0; i < 200; i++) {
        const drawn = random.int(below);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < below).toBe(true);
      }
    }
    for (const below of [0, -1, 1.5, 0x1_0000_0001, Number.NaN]) {
      expect(() => random.int(below)).toThrow(RangeError);
    }
  });

  test("EN-165 unit() is the top 53 bits of two draws, within [0, 1)", () => {
    const seed = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);
    const random = new Xoshiro128(seed);
    const reference = published(seed);
    for (let i = 0; i < 500; i++) {
      const high = BigInt(reference.next().value as number) >> 5n;
      const low = BigInt(reference.next().value as number) >> 6n;
      const drawn = random.unit();
      expect(drawn).toBe(Number((high << 26n) | low) / 2 ** 53);
      expect(drawn).toBeLessThan(1);
    }
  });
});
