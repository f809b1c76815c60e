import { pairProduct, rounded, sum, sumOrdered } from "./double-double.js";

/** π/2 in three pieces of 33 bits, whose products with a number below 2^20 are exact, and the rest (Cody and Waite). */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;

const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

/** Where the number of quarter turns no longer fits 20 bits. */
const LARGE = 1_647_099;

/** 2/π in 1,200 bits behind the point: enough for the largest double (Payne and Hanek). */
const TWO_OVER_PI_BITS = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921c" +
    "fe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f" +
    "ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08" +
    "56033046fc7b",
);

/** What is left of the angle after the last `quarterTurns`: within ±π/4, as a sum of two doubles. */
export const rest: Float64Array = new Float64Array(2);

/**
 * Takes whole quarter turns off an angle: their number modulo 4, the rest in `rest` with at least
 * 20 bits more than a double has. `x` is finite.
 */
export function quarterTurns(x: number): number {
  if (x < LARGE && x > -LARGE) {
    const turns = Math.round(x * TWO_OVER_PI);
    const first = sum(x - turns * HALF_PI_1, -turns * HALF_PI_2);
    const firstLow = rounded[0]!;
    const second = sum(first, -turns * HALF_PI_3);
    rest[0] = sumOrdered(second, rounded[0]! + firstLow - turns * HALF_PI_4);
    rest[1] = rounded[0]!;
    return turns & 3;
  }
  const turns = quarterTurnsOfLarge(x < 0 ? -x : x);
  if (x > 0) return turns;
  rest[0] = -rest[0]!;
  rest[1] = -rest[1]!;
  return -turns & 3;
}

/** Bits behind the point that are kept of the rest: no double comes nearer to a quarter turn than 2^−62 of it. */
const KEPT_BITS = 150n;
const KEPT = 2 ** -150;

function quarterTurnsOfLarge(x: number): number {
  // Every double from here on is a whole number of 2^-32.
  const isWhole = x >= 2 ** 53;
  const bits = isWhole ? 1200n : 1232n;
  const turned = BigInt(isWhole ? x : x * 2 ** 32) * TWO_OVER_PI_BITS;
  const turns = ((turned >> (bits - 1n)) + 1n) >> 1n;
  const left = (turned - (turns << bits)) >> (bits - KEPT_BITS);
  const high = Number(left);
  const low = Number(left - BigInt(high));
  rest[0] = pairProduct(high * KEPT, low * KEPT, HALF_PI_HIGH, HALF_PI_LOW);
  rest[1] = rounded[0]!;
  return Number(turns & 3n);
}
