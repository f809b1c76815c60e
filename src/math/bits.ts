/** One double seen as bits. Shared: each function here is done with it before it returns. */
const view = new DataView(new ArrayBuffer(8));

/** Sign, exponent and the upper 20 bits of the fraction, as a signed 32-bit number. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getInt32(0);
}

/** `x` with its upper 32 bits replaced. */
export function withHighWord(x: number, high: number): number {
  view.setFloat64(0, x);
  view.setInt32(0, high);
  return view.getFloat64(0);
}

/** 2^k, exact; `k` within −1022 … 1023. */
export function powerOfTwo(k: number): number {
  view.setInt32(0, (k + 1023) << 20);
  view.setInt32(4, 0);
  return view.getFloat64(0);
}

/** x·2^k with one rounding, also where the result is subnormal; `k` within −2100 … 2100, |x| within 2^−2 … 2^2. */
export function scale(x: number, k: number): number {
  if (k > 1022) return x * powerOfTwo(1022) * powerOfTwo(Math.min(k - 1022, 1023));
  if (k < -1021) return x * powerOfTwo(Math.max(k + 200, -1022)) * powerOfTwo(-200);
  return x * powerOfTwo(k);
}
