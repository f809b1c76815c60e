import { product, rounded } from "./double-double.js";
import { quarterTurns, rest } from "./quarter-turns.js";

const QUARTER_PI = 0.7853981633974483;

/** Sine of the angle `x` in radians, for any finite `x`; within 1 ulp. NaN for ±Infinity and NaN. */
export function sin(x: number): number {
  if (x <= QUARTER_PI && x >= -QUARTER_PI) return x === 0 ? x : sine(x, 0);
  if (!Number.isFinite(x)) return Number.NaN;
  switch (quarterTurns(x)) {
    case 0:
      return sine(rest[0]!, rest[1]!);
    case 1:
      return cosine(rest[0]!, rest[1]!);
    case 2:
      return -sine(rest[0]!, rest[1]!);
    default:
      return -cosine(rest[0]!, rest[1]!);
  }
}

/** Cosine of the angle `x` in radians, for any finite `x`; within 1 ulp. NaN for ±Infinity and NaN. */
export function cos(x: number): number {
  if (x <= QUARTER_PI && x >= -QUARTER_PI) return cosine(x, 0);
  if (!Number.isFinite(x)) return Number.NaN;
  switch (quarterTurns(x)) {
    case 0:
      return cosine(rest[0]!, rest[1]!);
    case 1:
      return -sine(rest[0]!, rest[1]!);
    case 2:
      return -cosine(rest[0]!, rest[1]!);
    default:
      return sine(rest[0]!, rest[1]!);
  }
}

/** Tangent of the angle `x` in radians, for any finite `x`; within 1 ulp. NaN for ±Infinity and NaN. */
export function tan(x: number): number {
  if (x <= QUARTER_PI && x >= -QUARTER_PI) return x === 0 ? x : tangent(x, 0, false);
  if (!Number.isFinite(x)) return Number.NaN;
  const isOdd = quarterTurns(x) % 2 !== 0;
  return tangent(rest[0]!, rest[1]!, isOdd);
}

/** Tangent of x + low, |x| ≤ π/4, or of a quarter turn more: −1 by it. */
function tangent(x: number, low: number, isQuarterMore: boolean): number {
  const sineLow = sineTail(x, low);
  const sineHigh = x + sineLow;
  const sineRest = x - sineHigh + sineLow;
  const cosineMost = 1 - 0.5 * x * x;
  const cosineLow = cosineTail(x, low);
  const cosineHigh = cosineMost + cosineLow;
  const cosineRest = cosineMost - cosineHigh + cosineLow;
  return isQuarterMore
    ? -ratio(cosineHigh, cosineRest, sineHigh, sineRest)
    : ratio(sineHigh, sineRest, cosineHigh, cosineRest);
}

/** (a + aLow) / (b + bLow), rounded about once. */
function ratio(a: number, aLow: number, b: number, bLow: number): number {
  const quotient = a / b;
  const back = product(quotient, b);
  return quotient + (a - back - rounded[0]! + aLow - quotient * bLow) / b;
}

const sine = (x: number, low: number): number => x + sineTail(x, low);
const cosine = (x: number, low: number): number => 1 - 0.5 * x * x + cosineTail(x, low);

/** sin(x + low) − x, |x| ≤ π/4: near-minimax polynomial of (sin x − x)/x³ in x², fitted with 300 bits. */
function sineTail(x: number, low: number): number {
  const z = x * x;
  const tail =
    0.008333333333333331 +
    z *
      (-0.0001984126984126504 +
        z *
          (2.755731921932058e-6 +
            z * (-2.50521062259944e-8 + z * (1.6058530596645953e-10 + z * -7.586636882825159e-13))));
  // sin(x + low) ≈ sin x + low·cos x
  return z * x * (-0.16666666666666666 + z * tail) + low * (1 - 0.5 * z);
}

/**
 * cos(x + low) − (1 − x²/2 as rounded), |x| ≤ π/4: near-minimax polynomial of (cos x − 1 + x²/2)/x⁴ in x², fitted
 * with 300 bits, and what 1 − x²/2 rounded away.
 */
function cosineTail(x: number, low: number): number {
  const z = x * x;
  const tail =
    0.041666666666666664 +
    z *
      (-0.0013888888888887389 +
        z *
          (2.48015872987544e-5 +
            z * (-2.755731726587808e-7 + z * (2.087614504941318e-9 + z * -1.138254464534925e-11))));
  const half = 0.5 * z;
  const most = 1 - half;
  return 1 - most - half + (z * z * tail - x * low);
}
