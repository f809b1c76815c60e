import { describe, expect, test } from "vitest";
import * as oracle from "../../test/oracle/fixed-point.js";
import { Xoshiro128 } from "../core/base/prng.js";
import * as maths from "./index.js";

type Case = readonly [
  range: string,
  sample: (random: Xoshiro128) => readonly number[],
  exact: (...values: bigint[]) => bigint,
  actual: (...values: number[]) => number,
];

const within = (random: Xoshiro128, low: number, high: number): number => low + (high - low) * random.unit();
const spread = (random: Xoshiro128, low: number, high: number): number =>
  (random.int(2) === 0 ? 1 : -1) * 2 ** within(random, low, high);

const sine = (x: bigint): bigint => oracle.sinCos(x)[0];
const cosine = (x: bigint): bigint => oracle.sinCos(x)[1];
const tangent = (x: bigint): bigint => (sine(x) * oracle.ONE) / cosine(x);
const length = (...parts: bigint[]): bigint =>
  oracle.sqrt(parts.reduce((total, part) => total + part * part, 0n) / oracle.ONE);

const WITHIN_ONE: readonly Case[] = [
  ["sin near 0", (r) => [within(r, -0.8, 0.8)], sine, maths.sin],
  ["sin of ordinary angles", (r) => [within(r, -100, 100)], sine, maths.sin],
  ["sin near multiples of π", (r) => [r.int(500_000) * Math.PI], sine, maths.sin],
  ["sin where reduction changes over", (r) => [spread(r, 20.6, 20.7)], sine, maths.sin],
  ["sin of huge angles", (r) => [spread(r, 21, 1023)], sine, maths.sin],
  ["cos near 0", (r) => [within(r, -0.8, 0.8)], cosine, maths.cos],
  ["cos of ordinary angles", (r) => [within(r, -100, 100)], cosine, maths.cos],
  ["cos near its zeros", (r) => [(r.int(500_000) + 0.5) * Math.PI], cosine, maths.cos],
  ["cos of huge angles", (r) => [spread(r, 21, 1023)], cosine, maths.cos],
  ["tan near 0", (r) => [within(r, -0.8, 0.8)], tangent, maths.tan],
  ["tan of ordinary angles", (r) => [within(r, -100, 100)], tangent, maths.tan],
  ["tan of huge angles", (r) => [spread(r, 21, 1023)], tangent, maths.tan],
  ["atan near 0", (r) => [within(r, -1.2, 1.2)], (x) => oracle.atan2(x, oracle.ONE), maths.atan],
  ["atan far out", (r) => [spread(r, -30, 60)], (x) => oracle.atan2(x, oracle.ONE), maths.atan],
  ["atan2 all around", (r) => [within(r, -1, 1), within(r, -1, 1)], oracle.atan2, maths.atan2],
  ["atan2 of long vectors", (r) => [spread(r, 990, 1023), spread(r, 990, 1023)], oracle.atan2, maths.atan2],
  ["asin", (r) => [within(r, -1, 1)], oracle.asin, maths.asin],
  ["asin where the form changes", (r) => [within(r, 0.45, 0.55)], oracle.asin, maths.asin],
  ["acos", (r) => [within(r, -1, 1)], oracle.acos, maths.acos],
  ["acos near 1", (r) => [1 - 2 ** within(r, -50, -2)], oracle.acos, maths.acos],
  ["exp near 0", (r) => [within(r, -1, 1)], oracle.exp, maths.exp],
  ["exp anywhere", (r) => [within(r, -708, 709)], oracle.exp, maths.exp],
  ["exp below the smallest normal double", (r) => [within(r, -745, -708)], oracle.exp, maths.exp],
  ["pow of ordinary numbers", (r) => [within(r, 0, 10), within(r, -20, 20)], oracle.pow, maths.pow],
  ["pow near 1", (r) => [within(r, 0.99, 1.01), within(r, -60_000, 60_000)], oracle.pow, maths.pow],
  ["pow anywhere", (r) => [2 ** within(r, -60, 60), within(r, -16, 16)], oracle.pow, maths.pow],
];

const WITHIN_HALF: readonly Case[] = [
  ["log anywhere", (r) => [2 ** within(r, -1000, 1000)], oracle.log, maths.log],
  ["log of subnormal doubles", (r) => [2 ** within(r, -1060, -1022)], oracle.log, maths.log],
  ["log near 1", (r) => [within(r, 0.7, 1.5)], oracle.log, maths.log],
  ["log at 1", (r) => [within(r, 0.99999, 1.00001)], oracle.log, maths.log],
  ["log2", (r) => [within(r, 0, 4)], oracle.log2, maths.log2],
  ["log10", (r) => [within(r, 0, 4)], oracle.log10, maths.log10],
  ["hypot of two", (r) => [within(r, -1, 1), within(r, -1, 1)], length, maths.hypot as Case[3]],
  [
    "hypot of three",
    (r) => [within(r, -9, 9), within(r, -1, 1), within(r, -1, 1)],
    length,
    maths.hypot as Case[3],
  ],
  [
    "hypot of vectors whose squares overflow",
    (r) => [spread(r, 600, 1000), spread(r, 600, 1000)],
    length,
    maths.hypot as Case[3],
  ],
  ["cbrt", (r) => [spread(r, -300, 300)], oracle.cbrt, maths.cbrt],
  ["cbrt of subnormal doubles", (r) => [spread(r, -1060, -1022)], oracle.cbrt, maths.cbrt],
];

/** The worst of so many samples, in units of the last place. */
function worstOf([range, sample, exact, actual]: Case): number {
  const random = new Xoshiro128(new Uint8Array(16).fill(range.length));
  let worst = 0;
  for (let i = 0; i < 250; i++) {
    const values = sample(random);
    const error = oracle.ulpsBetween(actual(...values), exact(...values.map(oracle.fromDouble)));
    worst = Math.max(worst, error);
  }
  return worst;
}

describe("accuracy against fixed-point arithmetic of 1,280 bits", () => {
  test.each(WITHIN_ONE)("EN-790 %s is within 1 ulp", (...one) => {
    expect(worstOf(one)).toBeLessThan(1);
  });

  test.each(WITHIN_HALF)("EN-790 %s is within 0.51 ulp", (...one) => {
    expect(worstOf(one)).toBeLessThan(0.51);
  });

  test("EN-790 the oracle itself knows π, e and √2, and sees an error of one place", () => {
    expect(oracle.ulpsBetween(Math.PI, oracle.PI)).toBeLessThan(0.5);
    expect(oracle.ulpsBetween(Math.E, oracle.exp(oracle.ONE))).toBeLessThan(0.5);
    expect(oracle.ulpsBetween(Math.SQRT2, oracle.sqrt(2n * oracle.ONE))).toBeLessThan(0.5);
    expect(oracle.log(oracle.exp(oracle.ONE)) - oracle.ONE).toBeLessThan(1n << 100n);
    expect(oracle.ulpsBetween(Math.PI + 2 ** -51, oracle.PI)).toBeGreaterThan(0.5);
  });
});

describe("exact results", () => {
  test("EN-791 powers, roots and logarithms that are doubles come out exactly", () => {
    for (let base = 2; base < 40; base++) {
      let power = 1;
      for (let exponent = 0; power <= Number.MAX_SAFE_INTEGER; exponent++) {
        expect(maths.pow(base, exponent)).toBe(power);
        power *= base;
      }
    }
    for (let root = -2000; root < 2000; root++) expect(maths.cbrt(root * root * root)).toBe(root);
    for (let k = -1074; k < 1024; k++) {
      expect(maths.log2(2 ** k)).toBe(k);
      expect(maths.pow(2, k)).toBe(2 ** k);
    }
    for (let k = 0; k <= 22; k++) expect(maths.log10(Number(`1e${k}`))).toBe(k);
    expect(maths.hypot(3, 4)).toBe(5);
    expect(maths.hypot(2, 3, 6)).toBe(7);
    expect(maths.hypot(2 ** 1000 * 3, 2 ** 1000 * 4)).toBe(2 ** 1000 * 5);
    expect(maths.hypot(5e-324 * 3, 5e-324 * 4)).toBe(5e-324 * 5);
  });
});
