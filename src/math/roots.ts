import { highWord, powerOfTwo, withHighWord } from "./bits.js";
import { product, rounded, sum } from "./double-double.js";

/**
 * The length of the vector (x, y) or (x, y, z), without overflow or underflow on the way; within 0.51 ulp, within
 * 1 ulp below 2^−1022.
 * Infinity where any part is infinite, else NaN where any is NaN.
 */
export function hypot(x: number, y: number, z = 0): number {
  const longest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
  if (!(longest > 0 && longest < Number.POSITIVE_INFINITY)) return hypotOfExtreme(x, y, z);
  // By an exact power of two to where no square can overflow, and none that counts is lost.
  const factor = longest > 2 ** 500 ? 2 ** -600 : longest < 2 ** -400 ? 2 ** 600 : 1;
  const xSquare = product(x * factor, x * factor);
  let rest = rounded[0]!;
  const ySquare = product(y * factor, y * factor);
  rest += rounded[0]!;
  const zSquare = product(z * factor, z * factor);
  rest += rounded[0]!;
  const two = sum(xSquare, ySquare);
  rest += rounded[0]!;
  const all = sum(two, zSquare);
  rest += rounded[0]!;
  const root = Math.sqrt(all);
  const back = product(root, root);
  return (root + (all - back - rounded[0]! + rest) / (2 * root)) / factor;
}

function hypotOfExtreme(x: number, y: number, z: number): number {
  for (const part of [x, y, z])
    if (Math.abs(part) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return x + y + z === 0 ? 0 : Number.NaN;
}

/** Cube root; within 0.51 ulp, exact where the root is. */
export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  let magnitude = Math.abs(x);
  let exponent = 0;
  if (magnitude < 2 ** -1022) {
    magnitude *= 2 ** 54;
    exponent = -54;
  }
  exponent += (highWord(magnitude) >> 20) - 1023;
  // x = m·8^k with m within 1 … 8.
  const k = Math.floor(exponent / 3);
  const m = withHighWord(magnitude, (highWord(magnitude) & 0x000f_ffff) | ((exponent - 3 * k + 1023) << 20));
  const root = cubeRootOfSmall(m) * powerOfTwo(k);
  return x < 0 ? -root : root;
}

/** ∛m for m within 1 … 8: a cubic to 5 bits, two steps of Halley's method, one of Newton's with an exact remainder. */
function cubeRootOfSmall(m: number): number {
  let root = 0.71673 + m * (0.32884 + m * (-0.034026 + m * 0.0016275));
  for (let step = 0; step < 2; step++) {
    const cube = root * root * root;
    root = (root * (cube + 2 * m)) / (2 * cube + m);
  }
  const square = product(root, root);
  const squareLow = rounded[0]!;
  const cube = product(square, root);
  return root + (m - cube - rounded[0]! - squareLow * root) / (3 * square);
}
