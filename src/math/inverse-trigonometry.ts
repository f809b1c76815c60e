import { product, rounded, sumOrdered } from "./double-double.js";

const PI_LOW = 1.2246467991473532e-16;
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

/** atan(i/8), i from 0 to 8, and what rounding took from each. */
const ATAN_HIGH: readonly number[] = [
  0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
  0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
];
const ATAN_LOW: readonly number[] = [
  0, -3.1253241424539383e-18, 1.0698755618734451e-17, -2.4623815582638635e-17, 2.2698777452961687e-17,
  -5.4556305485916264e-18, 1.5834785051444286e-17, -2.1478388444456983e-17, 3.061616997868383e-17,
];

/** What rounding took from the last `atanOfRatio`, about. */
const atanLow = new Float64Array(1);

/**
 * The angle whose tangent is numerator/denominator, 0 ≤ numerator ≤ denominator: to the nearest eighth by the table,
 * atan a − atan b = atan((a − b)/(1 + ab)), and the rest by a near-minimax polynomial of (atan t − t)/t³ in t².
 */
function atanOfRatio(numerator: number, denominator: number): number {
  const tangent = numerator / denominator;
  if (tangent < 2 ** -30) {
    atanLow[0] = 0;
    return tangent;
  }
  const eighths = Math.round(tangent * 8);
  const nearest = eighths / 8;
  const lead = product(nearest, denominator);
  const leadLow = rounded[0]!;
  const above = numerator - lead;
  const below = sumOrdered(denominator, nearest * numerator);
  const belowLow = rounded[0]!;
  const t = above / below;
  const back = product(t, below);
  const tLow = (above - back - rounded[0]! - t * belowLow - leadLow) / below;
  const z = t * t;
  const tail =
    -0.3333333333333333 +
    z *
      (0.1999999999999978 +
        z *
          (-0.14285714285058468 +
            z * (0.11111110401507128 + z * (-0.09090561874803092 + z * 0.07613913742648437))));
  const rest = z * t * tail + ATAN_LOW[eighths]! + tLow;
  const most = ATAN_HIGH[eighths]! + t;
  atanLow[0] = ATAN_HIGH[eighths]! - most + t + rest;
  return most;
}

/** base + baseLow + angle + angleLow, rounded once; `base` is 0 or of greater magnitude than `angle`. */
function total(base: number, baseLow: number, angle: number, angleLow: number): number {
  const most = base + angle;
  return most + (base - most + angle + (baseLow + angleLow));
}

/** Arc tangent in radians, within ±π/2; within 1 ulp. */
export function atan(x: number): number {
  return atan2(x, 1);
}

/** The angle of the point (x, y) in radians, within ±π, with `Math.atan2`'s special cases; within 1 ulp. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(y) || Number.isNaN(x)) return Number.NaN;
  const isLeft = x < 0 || Object.is(x, -0);
  let width = Math.abs(x);
  let height = Math.abs(y);
  const longer = Math.max(width, height);
  if (longer === 0) return isLeft ? withSignOf(Math.PI, y) : y;
  if (longer === Number.POSITIVE_INFINITY) {
    width = width === longer ? 1 : 0;
    height = height === longer ? 1 : 0;
  } else if (longer > 2 ** 900 || longer < 2 ** -900) {
    const factor = longer > 1 ? 2 ** -500 : 2 ** 500;
    width *= factor;
    height *= factor;
  }
  if (height <= width) {
    const angle = atanOfRatio(height, width);
    return withSignOf(isLeft ? total(Math.PI, PI_LOW, -angle, -atanLow[0]!) : angle + atanLow[0]!, y);
  }
  const angle = atanOfRatio(width, height);
  const sign = isLeft ? 1 : -1;
  return withSignOf(total(HALF_PI, HALF_PI_LOW, sign * angle, sign * atanLow[0]!), y);
}

const withSignOf = (magnitude: number, sign: number): number =>
  sign < 0 || Object.is(sign, -0) ? -magnitude : magnitude;

/** (asin x − x)/x³ in z = x², z ≤ 1/4: near-minimax, fitted with 300 bits. */
function arcSineTail(z: number): number {
  return (
    0.16666666666666669 +
    z *
      (0.07499999999998433 +
        z *
          (0.04464285714635543 +
            z *
              (0.030381944138531247 +
                z *
                  (0.02237217294214989 +
                    z *
                      (0.017352392720869973 +
                        z *
                          (0.013971212973552933 +
                            z *
                              (0.011479177415184906 +
                                z *
                                  (0.01032281435018578 +
                                    z *
                                      (0.005457506718640358 +
                                        z *
                                          (0.01740087944269402 +
                                            z * (-0.014851887071247204 + z * 0.028757851367421566)))))))))))
  );
}

/** What `halfAngle` leaves below its result. */
const halfAngleLow = new Float64Array(1);

/** asin √z for z ≤ 1/4, the lower part in `halfAngleLow`: half of acos(1 − 2z). */
function halfAngle(z: number): number {
  const root = Math.sqrt(z);
  const square = product(root, root);
  const rootLow = root === 0 ? 0 : (z - square - rounded[0]!) / (2 * root);
  halfAngleLow[0] = rootLow + root * z * arcSineTail(z);
  return root;
}

/** Arc sine in radians, within ±π/2; within 1 ulp. NaN outside −1 … 1. */
export function asin(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.5) return x + x * (x * x) * arcSineTail(x * x);
  if (!(magnitude <= 1)) return Number.NaN;
  const half = halfAngle((1 - magnitude) / 2);
  return withSignOf(total(HALF_PI, HALF_PI_LOW, -2 * half, -2 * halfAngleLow[0]!), x);
}

/** Arc cosine in radians, within 0 … π; within 1 ulp. NaN outside −1 … 1. */
export function acos(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.5) return total(HALF_PI, HALF_PI_LOW, -x, -x * (x * x) * arcSineTail(x * x));
  if (!(magnitude <= 1)) return Number.NaN;
  const half = halfAngle((1 - magnitude) / 2);
  if (x > 0) return 2 * (half + halfAngleLow[0]!);
  return total(Math.PI, PI_LOW, -2 * half, -2 * halfAngleLow[0]!);
}
