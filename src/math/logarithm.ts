import { highWord, withHighWord } from "./bits.js";
import { pairProduct, pairSum, product, rounded, sum, sumOrdered } from "./double-double.js";

/** ln 2 in 42 bits, whose products with an exponent are exact, and the rest. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;
/** What rounding took from log₂ e and log₁₀ e. */
const LOG2_E_LOW = 2.0355273740931033e-17;
const LOG10_E_LOW = 1.098319650216765e-17;

/** The lower half of the last `logPair`. */
export const logLow: Float64Array = new Float64Array(1);

/**
 * ln x as a sum of two doubles, the lower one in `logLow`, to about 67 bits; `x` is positive and finite.
 * With x = 2^k·m, m within √½ … √2, and s = (m − 1)/(m + 1): ln m = 2·atanh s = 2s(1 + s²/3 + s⁴/5 + …).
 */
export function logPair(x: number): number {
  let exponent = 0;
  let scaled = x;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 2 ** 54;
    exponent = -54;
  }
  const high = highWord(scaled);
  // Adding this carries into the exponent exactly where the fraction is past √2.
  const shifted = high + (0x3ff0_0000 - 0x3fe6_a09e);
  exponent += (shifted >> 20) - 1023;
  const m = withHighWord(scaled, (shifted & 0x000f_ffff) + 0x3fe6_a09e);

  const f = m - 1;
  const denominator = sum(1, m);
  const denominatorLow = rounded[0]!;
  const s = f / denominator;
  const back = product(s, denominator);
  const sLow = (f - back - rounded[0]! - s * denominatorLow) / denominator;

  const z = pairProduct(s, sLow, s, sLow);
  const zLow = rounded[0]!;
  const tail =
    0.14285714285714285 +
    z *
      (0.11111111111111475 +
        z *
          (0.09090909090649807 +
            z *
              (0.07692307762593617 +
                z *
                  (0.06666657323528341 +
                    z * (0.05883025836252584 + z * (0.052364291315644615 + z * 0.05308766382752498))))));
  const fifth = sumOrdered(0.2, z * tail - 1.1102230246251566e-17);
  const fifths = pairProduct(z, zLow, fifth, rounded[0]!);
  const third = pairSum(0.3333333333333333, 1.850371707708594e-17, fifths, rounded[0]!);
  const thirds = pairProduct(z, zLow, third, rounded[0]!);
  const series = pairSum(1, 0, thirds, rounded[0]!);
  const ofM = pairProduct(2 * s, 2 * sLow, series, rounded[0]!);
  const ofMLow = rounded[0]!;
  if (exponent === 0) {
    logLow[0] = ofMLow;
    return ofM;
  }
  const result = pairSum(exponent * LN2_HIGH, exponent * LN2_LOW, ofM, ofMLow);
  logLow[0] = rounded[0]!;
  return result;
}

/** Natural logarithm; within 0.51 ulp. −Infinity for ±0, NaN below. */
export function log(x: number): number {
  return isOrdinary(x) ? logPair(x) : logOfExtreme(x);
}

/** Logarithm to base 2; within 0.51 ulp, exact for powers of 2. −Infinity for ±0, NaN below. */
export function log2(x: number): number {
  return isOrdinary(x) ? pairProduct(logPair(x), logLow[0]!, Math.LOG2E, LOG2_E_LOW) : logOfExtreme(x);
}

/** Logarithm to base 10; within 0.51 ulp, exact for powers of 10. −Infinity for ±0, NaN below. */
export function log10(x: number): number {
  return isOrdinary(x) ? pairProduct(logPair(x), logLow[0]!, Math.LOG10E, LOG10_E_LOW) : logOfExtreme(x);
}

const isOrdinary = (x: number): boolean => x > 0 && x < Number.POSITIVE_INFINITY;

function logOfExtreme(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}
