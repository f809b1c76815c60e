/**
 * Sums and products with their rounding errors: each function returns the rounded result and leaves
 * in `rounded[0]` what rounding took away, so that both together are exact (Knuth, Dekker). A pair as an object would
 * cost more than the arithmetic.
 */
export const rounded: Float64Array = new Float64Array(1);

/** 2^27 + 1 splits a double into two halves of 26 bits. */
const SPLITTER = 134_217_729;

/** a + b, the error in `rounded[0]`. */
export function sum(a: number, b: number): number {
  const high = a + b;
  const part = high - a;
  rounded[0] = a - (high - part) + (b - part);
  return high;
}

/** a + b where |a| ≥ |b| or a is 0, the error in `rounded[0]`. */
export function sumOrdered(a: number, b: number): number {
  const high = a + b;
  rounded[0] = b - (high - a);
  return high;
}

/** a·b, the error in `rounded[0]`; both below 2^996, and the product's error not subnormal. */
export function product(a: number, b: number): number {
  const high = a * b;
  const aWide = a * SPLITTER;
  const aHigh = aWide - (aWide - a);
  const aLow = a - aHigh;
  const bWide = b * SPLITTER;
  const bHigh = bWide - (bWide - b);
  const bLow = b - bHigh;
  rounded[0] = aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return high;
}

/** (ah + al)·(bh + bl) to about 104 bits, the lower part in `rounded[0]`. */
export function pairProduct(ah: number, al: number, bh: number, bl: number): number {
  const high = product(ah, bh);
  return sumOrdered(high, rounded[0]! + (ah * bl + al * bh));
}

/** (ah + al) + (bh + bl) to about 104 bits where |ah| ≥ |bh|, the lower part in `rounded[0]`. */
export function pairSum(ah: number, al: number, bh: number, bl: number): number {
  const high = sum(ah, bh);
  return sumOrdered(high, rounded[0]! + (al + bl));
}
