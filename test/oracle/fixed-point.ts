/**
 * Elementary functions of whole numbers of 2^−1280, by plain series: slow, obvious, and hundreds of bits more exact
 * than any double. What `echo-net/math` is measured against.
 */
const BITS = 1280n;
export const ONE: bigint = 1n << BITS;

const mul = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const div = (a: bigint, b: bigint): bigint => (a << BITS) / b;

const scratch = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. */
export function fromDouble(x: number): bigint {
  scratch.setFloat64(0, Math.abs(x));
  const bits = scratch.getBigUint64(0);
  const exponent = bits >> 52n;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = exponent === 0n ? fraction : fraction | 0x10_0000_0000_0000n;
  const value = mantissa << (BITS + (exponent === 0n ? 1n : exponent) - 1075n);
  return x < 0 ? -value : value;
}

/** How far `actual` is from the exact value, in units of the last place of the double nearest to it. */
export function ulpsBetween(actual: number, exact: bigint): number {
  const magnitude = exact < 0n ? -exact : exact;
  const exponent = BigInt(magnitude.toString(2).length) - 53n;
  const least = BITS - 1074n;
  const ulp = 1n << (exponent > least ? exponent : least);
  const distance = fromDouble(actual) - exact;
  return Number(((distance < 0n ? -distance : distance) * 1_000_000n) / ulp) / 1_000_000;
}

/** atan z for |z| ≤ 1/2, or atanh with `sign` 1. */
function arcSeries(z: bigint, sign: 1n | -1n): bigint {
  const square = sign * mul(z, z);
  let power = z;
  let total = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    total += power / n;
    power = mul(power, square);
  }
  return total;
}

/** Enough bits of π for an angle near 2^1024. */
const PI_EXTRA = 1100n;
const PI_LONG = ((): bigint => {
  const one = 1n << (BITS + PI_EXTRA);
  const arc = (n: bigint): bigint => {
    let power = one / n;
    let total = 0n;
    for (let k = 1n; power !== 0n; k += 2n) {
      total += (k % 4n === 1n ? power : -power) / k;
      power /= n * n;
    }
    return total;
  };
  return 4n * (4n * arc(5n) - arc(239n));
})();
export const PI: bigint = PI_LONG >> PI_EXTRA;
const LN2 = 2n * arcSeries(ONE / 3n, 1n);
const LN10 = ((): bigint => 3n * LN2 + 2n * arcSeries(ONE / 9n, 1n))();

export function exp(x: bigint): bigint {
  const k = x / LN2;
  const r = (x - k * LN2) >> 16n;
  let term = ONE;
  let total = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    total += term;
    term = mul(term, r) / n;
  }
  for (let i = 0; i < 16; i++) total = mul(total, total);
  return k < 0n ? total >> -k : total << k;
}

export function log(x: bigint): bigint {
  const k = BigInt(x.toString(2).length) - BITS - 1n;
  const m = k < 0n ? x << -k : x >> k;
  return k * LN2 + 2n * arcSeries(div(m - ONE, m + ONE), 1n);
}

export const log2 = (x: bigint): bigint => div(log(x), LN2);
export const log10 = (x: bigint): bigint => div(log(x), LN10);

/** Sine and cosine. */
export function sinCos(x: bigint): readonly [sin: bigint, cos: bigint] {
  const long = x << PI_EXTRA;
  const turns = (2n * long) / PI_LONG;
  const rest = (long - (turns * PI_LONG) / 2n) >> PI_EXTRA;
  const square = -mul(rest, rest);
  let sin = 0n;
  let cos = 0n;
  let term = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    cos += term;
    const odd = mul(term, rest) / n;
    sin += odd;
    term = mul(term, square) / (n * (n + 1n));
  }
  const quarter = ((turns % 4n) + 4n) % 4n;
  if (quarter === 0n) return [sin, cos];
  if (quarter === 1n) return [cos, -sin];
  return quarter === 2n ? [-sin, -cos] : [-cos, sin];
}

export function sqrt(x: bigint): bigint {
  return rootOf(x << BITS, 2n);
}

export function cbrt(x: bigint): bigint {
  return x < 0n ? -rootOf(-x << (2n * BITS), 3n) : rootOf(x << (2n * BITS), 3n);
}

/** ⌊x^(1/n)⌋ by Newton's method from above. */
function rootOf(x: bigint, n: bigint): bigint {
  if (x === 0n) return 0n;
  let root = 1n << (BigInt(x.toString(2).length) / n + 1n);
  while (true) {
    const next = ((n - 1n) * root + x / root ** (n - 1n)) / n;
    if (next >= root) return root;
    root = next;
  }
}

/** The angle of the point (x, y), within ±π. */
export function atan2(y: bigint, x: bigint): bigint {
  if (x < 0n) return (y < 0n ? -PI : PI) - atan2(y, -x) + 0n;
  if ((y < 0n ? -y : y) > x)
    return (y < 0n ? -PI : PI) / 2n - atan2(x, y < 0n ? -y : y) * (y < 0n ? -1n : 1n);
  let tangent = div(y, x);
  for (let i = 0; i < 3; i++) tangent = div(tangent, ONE + sqrt(ONE + mul(tangent, tangent)));
  return 8n * arcSeries(tangent, -1n);
}

export const asin = (x: bigint): bigint => atan2(x, sqrt(ONE - mul(x, x)));
export const acos = (x: bigint): bigint => atan2(sqrt(ONE - mul(x, x)), x);
export const pow = (x: bigint, y: bigint): bigint => exp(mul(y, log(x)));
