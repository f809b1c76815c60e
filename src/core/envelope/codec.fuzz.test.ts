import * as cborg from "cborg";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../base/bytes.js";
import { Xoshiro128 } from "../base/prng.js";
import { fromHex, toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { CodecError, decode, encode } from "./codec.js";

const MUTANTS = Number(process.env.ECHO_NET_FUZZ ?? 1_000_000);
const SEED = 1_130;

const seeded = (seed: number): Xoshiro128 =>
  new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => (i < 4 ? (seed >>> (8 * i)) & 255 : i)));

const pick = <T>(random: Xoshiro128, items: readonly T[]): T => items[random.int(items.length)]!;

const LEAVES: readonly Value[] = [
  null,
  true,
  false,
  0,
  23,
  24,
  255,
  256,
  65_536,
  2 ** 32,
  -1,
  -25,
  -70_000,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 64n - 1n,
  -(2n ** 63n),
  -0,
  0.5,
  1.5,
  0.1,
  Math.fround(0.1),
  2 ** 60,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "a",
  "echo",
  "水",
  "\u{10151}x",
  new Uint8Array(0),
  Uint8Array.of(1, 2, 3),
];
const KEYS = [
  "",
  "a",
  "b",
  "id",
  "ids",
  "kind",
  "chronos",
  "__proto__",
  "constructor",
  "é",
  "水",
  "k".repeat(24),
];
/** Bytes that mean much to a decoder. */
const HEADS = fromHex(
  "001718191a1b1c1f20383b405758595b5f607778797b7f80979899 9b9fa0b7b8bbbfc0d8e0f4f5f6f7f8f9fafbfcff".replaceAll(
    " ",
    "",
  ),
)!;

function randomValue(random: Xoshiro128, depth: number): Value {
  const choice = random.int(depth >= 5 ? 2 : 5);
  if (choice < 3) return pick(random, LEAVES);
  const count = random.int(5);
  if (choice === 3) return Array.from({ length: count }, () => randomValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: count }, () => [pick(random, KEYS), randomValue(random, depth + 1)]),
  );
}

/** One to four small damages: bits, bytes, cuts, repeats, splices. */
function mutate(random: Xoshiro128, source: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = source.slice();
  for (let rounds = 1 + random.int(4); rounds > 0; rounds--) {
    const at = random.int(bytes.length + 1);
    const span = 1 + random.int(8);
    switch (random.int(7)) {
      case 0:
        if (at < bytes.length) bytes[at]! ^= 1 << random.int(8);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = HEADS[random.int(HEADS.length)]!;
        break;
      case 2:
        bytes = joined(
          bytes.subarray(0, at),
          Uint8Array.of(HEADS[random.int(HEADS.length)]!),
          bytes.subarray(at),
        );
        break;
      case 3:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.min(at + span, bytes.length)));
        break;
      case 4:
        bytes = bytes.slice(0, at);
        break;
      case 5:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - span)));
        break;
      default:
        bytes = joined(bytes.subarray(0, at), other.subarray(random.int(other.length + 1)));
    }
  }
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe("canonical CBOR under damage", () => {
  test(`EN-102 EN-113 ${MUTANTS} mutants (seed ${SEED}): each is refused with code and offset or is its own encoding, and cborg reads it alike`, () => {
    const random = seeded(SEED);
    const corpus = Array.from({ length: 500 }, () => encode(randomValue(random, 0)));
    corpus.push(Uint8Array.from({ length: 33 }, (_, i) => (i < 32 ? 0x81 : 0)));
    const refusals = new Map<string, number>();
    let accepted = 0;
    let compared = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = mutate(random, pick(random, corpus), pick(random, corpus));
      let value: Value;
      try {
        value = decode(mutant);
      } catch (error) {
        if (!(error instanceof CodecError)) throw new Error(`${toHex(mutant)} made ${error}`);
        if (error.offset < 0 || error.offset > mutant.length)
          throw new Error(`${toHex(mutant)} ${error.message}`);
        refusals.set(error.code, (refusals.get(error.code) ?? 0) + 1);
        continue;
      }
      accepted++;
      if (!equalBytes(encode(value), mutant))
        throw new Error(`${toHex(mutant)} encodes to ${toHex(encode(value))}`);
      const theirs = readByCborg(mutant);
      if (theirs === undefined) continue;
      compared++;
      if (compared % 16 === 0) expect(value, toHex(mutant)).toEqual(theirs.value);
      if (!equalBytes(encode(theirs.value), mutant))
        throw new Error(`${toHex(mutant)} is read otherwise by cborg`);
    }
    expect([...refusals.keys()].sort()).toEqual([
      "duplicate-key",
      "indefinite",
      "integral-float",
      "key-order",
      "key-type",
      "nan",
      "not-shortest",
      "reserved",
      "simple",
      "tag",
      "text",
      "too-deep",
      "trailing",
      "truncated",
    ]);
    expect(accepted).toBeGreaterThan(MUTANTS / 50);
    expect(compared).toBeGreaterThan(accepted / 2);
  });

  test("EN-112 the bytes that decoding looks at grow in proportion to the bytes there are", () => {
    const size = 2_000;
    const families: Record<string, (n: number) => Value> = {
      "one long text": (n) => "é".repeat(n),
      "many texts": (n) => Array.from({ length: n }, () => "echo"),
      "keys that differ in their last byte only": (n) =>
        Object.fromEntries(Array.from({ length: n / 100 }, (_, i) => [`${"k".repeat(90)}${10_000 + i}`, i])),
      "arrays in arrays": (n) => Array.from({ length: n / 10 }, () => [[[[[[[[1]]]]]]]]),
      "maps in maps": (n) => Array.from({ length: n / 10 }, () => ({ a: { a: { a: {} } } })),
      "byte strings": (n) => Array.from({ length: n }, () => new Uint8Array(3)),
    };
    for (const [name, make] of Object.entries(families)) {
      const small = lookedAt(encode(make(size)));
      const large = lookedAt(encode(make(size * 8)));
      expect(large.looks / large.bytes, name).toBeLessThan((small.looks / small.bytes) * 1.2);
      expect(large.looks, name).toBeLessThan(large.bytes * 4);
    }
  });
});

function readByCborg(bytes: Uint8Array): { value: Value } | undefined {
  try {
    return {
      value: cborg.decode(bytes, {
        strict: true,
        rejectDuplicateMapKeys: true,
        allowUndefined: false,
      }) as Value,
    };
  } catch {
    return undefined;
  }
}

/** How many single bytes `decode` reads of its input. */
function lookedAt(bytes: Uint8Array): { bytes: number; looks: number } {
  let looks = 0;
  const watched = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) looks++;
      const found: unknown = Reflect.get(target, key, target);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  decode(watched);
  return { bytes: bytes.length, looks };
}
