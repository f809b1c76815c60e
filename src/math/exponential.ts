import { scale } from "./bits.js";
import { product, rounded, sum } from "./double-double.js";
import { logLow, logPair } from "./logarithm.js";

/** ln 2 / 16 in 36 bits, whose products with a number of sixteenths are exact, and the rest. */
const SIXTEENTH_HIGH = 0.04332169878489367;
const SIXTEENTH_LOW = 1.0291218489310676e-13;
const SIXTEENTHS_OF_ONE = 23.083120654223414;

/** 2^(i/16) and what rounding took from each. */
const POWER_HIGH: readonly number[] = [
  1,
  1.0442737824274138,
  1.0905077326652577,
  1.1387886347566916,
  1.189207115002721,
  1.241857812073484,
  1.2968395546510096,
  1.3542555469368927,
  Math.SQRT2,
  1.4768261459394993,
  1.5422108254079407,
  1.6104903319492543,
  1.681792830507429,
  1.7562521603732995,
  1.8340080864093424,
  1.9152065613971474,
];
const POWER_LOW: readonly number[] = [
  0, 8.551889705537965e-17, -3.046782079812471e-17, 8.912812676025408e-17, 3.982015231465646e-17,
  4.658027591836937e-17, 2.5382502794888315e-17, 7.70094837980299e-17, -9.667293313452913e-17,
  -3.483994556892796e-17, 7.949834809697621e-17, 2.4707192569797888e-17, 8.199010020581497e-17,
  2.960140695448873e-17, 3.283107224245627e-17, -1.0619946056195963e-16,
];

/** e^x; within 1 ulp, results below 2^−1022 included. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  return expOfPair(x, 0);
}

/**
 * e^(x + low), `low` far smaller than `x`: 2^n · 2^(i/16) · e^r with |r| ≤ ln 2 / 32, by a table and a near-minimax
 * polynomial of (e^r − 1 − r − r²/2)/r³.
 */
function expOfPair(x: number, low: number): number {
  if (x > 709.9) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const sixteenths = Math.round(x * SIXTEENTHS_OF_ONE);
  const r = sum(x - sixteenths * SIXTEENTH_HIGH, low - sixteenths * SIXTEENTH_LOW);
  const tail =
    0.16666666666666666 +
    r *
      (0.04166666666489117 +
        r * (0.008333333333136057 + r * (0.0013889037272355196 + r * 0.00019841434711628542)));
  const growth = r + (rounded[0]! + r * r * (0.5 + r * tail));
  const power = POWER_HIGH[sixteenths & 15]!;
  return scale(power + (POWER_LOW[sixteenths & 15]! + power * growth), sixteenths >> 4);
}

/**
 * `base` to the power of `exponent`, with `Math.pow`'s special cases; within 1 ulp, exact where the exact result is a
 * double. Use this where you would write `**`, whose last bits differ between engines.
 */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  const magnitude = Math.abs(base);
  if (!(magnitude > 0 && magnitude < Number.POSITIVE_INFINITY && Number.isFinite(exponent))) {
    return powOfExtreme(base, exponent);
  }
  if (magnitude === 1 && (base > 0 || Number.isInteger(exponent)))
    return base > 0 || exponent % 2 === 0 ? 1 : -1;
  if (base < 0 && !Number.isInteger(exponent)) return Number.NaN;
  const isNegative = base < 0 && exponent % 2 !== 0;
  const power = powOfPositive(magnitude, exponent);
  return isNegative ? -power : power;
}

function powOfPositive(base: number, exponent: number): number {
  const logHigh = logPair(base);
  const rough = exponent * logHigh;
  if (rough > 710) return Number.POSITIVE_INFINITY;
  if (rough < -746) return 0;
  const high = product(exponent, logHigh);
  return expOfPair(high, rounded[0]! + exponent * logLow[0]!);
}

/** Zero, infinite and missing operands. */
function powOfExtreme(base: number, exponent: number): number {
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  const magnitude = Math.abs(base);
  if (magnitude === 1) return Number.NaN;
  const power = magnitude > 1 === exponent > 0 ? Number.POSITIVE_INFINITY : 0;
  const isNegative = (base < 0 || Object.is(base, -0)) && Number.isFinite(exponent) && exponent % 2 !== 0;
  return isNegative && Number.isInteger(exponent) ? -power : power;
}
