import type { Random } from "../core/base/prng.js";

/** A whole number from `low` to `high`, both within 64 bits: every one is as likely. */
export function drawWithin(random: Random, low: bigint, high: bigint): bigint {
  const span = BigInt.asUintN(64, high - low) + 1n;
  if (span <= 0x1_0000_0000n) return low + BigInt(random.int(Number(span)));
  const word = (): bigint => (BigInt(random.int(0x1_0000_0000)) << 32n) | BigInt(random.int(0x1_0000_0000));
  const fair = (1n << 64n) - ((1n << 64n) % span);
  let drawn = word();
  while (drawn >= fair) drawn = word();
  return BigInt.asIntN(64, low + (drawn % span));
}
