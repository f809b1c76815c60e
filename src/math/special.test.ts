import { describe, expect, test } from "vitest";
import * as maths from "./index.js";

const OURS = { ...maths };

const ODDITIES = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  3,
  -3,
  0.5,
  -0.5,
  1.5,
  -1.5,
  1e-310,
  -1e-310,
  5e-324,
  -5e-324,
  1e300,
  -1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  2 ** 53,
  -(2 ** 53),
  2 ** 53 - 1,
  710,
  -746,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Alike up to the last places, in which engines may differ; zeros, infinities and NaN must be the very same. */
function alike(ours: number, theirs: number): boolean {
  if (Object.is(ours, theirs)) return true;
  return (
    ours !== 0 && theirs !== 0 && Math.abs(ours - theirs) <= Math.max(Math.abs(theirs) * 2 ** -50, 1e-323)
  );
}

describe("special cases are those of Math", () => {
  const one = ["sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "log2", "log10", "cbrt"] as const;
  test.each(one)("EN-792 %s", (name) => {
    const wrong = ODDITIES.filter((x) => !alike(OURS[name](x), Math[name](x)));
    expect(wrong).toEqual([]);
  });

  test.each(["pow", "atan2", "hypot"] as const)("EN-792 %s", (name) => {
    const pairs = ODDITIES.flatMap((x) => ODDITIES.map((y) => [x, y] as const));
    expect(pairs.filter(([x, y]) => !alike(OURS[name](x, y), Math[name](x, y)))).toEqual([]);
  });

  test("EN-792 hypot of three parts", () => {
    expect(maths.hypot(Number.NaN, 1, Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(maths.hypot(1, 2, Number.NaN)).toBeNaN();
    expect(Object.is(maths.hypot(-0, -0, -0), 0)).toBe(true);
  });
});
