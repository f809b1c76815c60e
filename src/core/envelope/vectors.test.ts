import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { bestCryptoEngine } from "../../platform/crypto.js";
import { blake3Bytes, blake3Keyed } from "../base/hash.js";
import { fromHex, toHex } from "../base/text.js";
import { CodecError, decode, encode } from "./codec.js";
import { isSoundPublicKey, nobleEngine } from "./signature.js";

const folder = process.env.ECHO_NET_VECTORS ?? "";
const present = folder !== "" && existsSync(folder);
if (folder !== "" && !present) throw new Error(`ECHO_NET_VECTORS names ${folder}, which is not there`);
if (!present) {
  console.warn(
    "SKIPPED: the official vectors of CBOR, BLAKE3 and Ed25519 (set ECHO_NET_VECTORS to their folder)",
  );
}

const load = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;

/** Which examples of RFC 8949 Appendix A the profile of DESIGN leaves out, and which of its words does. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  // Floats with an integral value in the safe range: zero, 1.0, 65504.0, 100000.0, −4.0.
  "integral-float": ["f90000", "f93c00", "f97bff", "fa47c35000", "f9c400"],
  // Infinities in more than two bytes.
  "not-shortest": ["fa7f800000", "faff800000", "fb7ff0000000000000", "fbfff0000000000000"],
  nan: ["fa7fc00000", "fb7ff8000000000000"],
  // undefined, simple(16), simple(24), simple(255).
  simple: ["f7", "f0", "f818", "f8ff"],
  tag: [
    "c249010000000000000000",
    "c349010000000000000000",
    "c074323031332d30332d32315432303a30343a30305a",
    "c11a514b67b0",
    "c1fb41d452d9ec200000",
    "d74401020304",
    "d818456449455446",
    "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
  ],
  // {1: 2, 3: 4}
  "key-type": ["a201020304"],
  indefinite: [
    "5f42010243030405ff",
    "7f657374726561646d696e67ff",
    "9fff",
    "9f018202039f0405ffff",
    "9f01820203820405ff",
    "83018202039f0405ff",
    "83019f0203ff820405",
    "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
    "bf61610161629f0203ffff",
    "826161bf61626163ff",
    "bf6346756ef563416d7421ff",
  ],
};

/** The values that JSON cannot write in full: `decoded` is missing or rounded there. */
const BEYOND_JSON: Readonly<Record<string, unknown>> = {
  "1bffffffffffffffff": 18446744073709551615n,
  "3bffffffffffffffff": -18446744073709551616n,
  f98000: -0,
  f97c00: Number.POSITIVE_INFINITY,
  f9fc00: Number.NEGATIVE_INFINITY,
  f97e00: Number.NaN,
  "40": new Uint8Array(0),
  "4401020304": Uint8Array.of(1, 2, 3, 4),
};

describe.skipIf(!present)("official vectors", () => {
  test("EN-102 RFC 8949 Appendix A: each example is accepted as its value or refused as the profile says", () => {
    const vectors = load<{ hex: string; decoded?: unknown }[]>("cbor-rfc8949-appendix-a.json");
    expect(vectors).toHaveLength(82);
    const expected = new Map(Object.entries(REFUSED).flatMap(([code, all]) => all.map((hex) => [hex, code])));
    let refused = 0;
    for (const { hex, decoded } of vectors) {
      const bytes = fromHex(hex)!;
      const code = expected.get(hex);
      if (code === undefined) {
        const value = decode(bytes);
        expect(value, hex).toStrictEqual(hex in BEYOND_JSON ? BEYOND_JSON[hex] : decoded);
        expect(toHex(encode(value))).toBe(hex);
        continue;
      }
      refused++;
      let error: unknown;
      try {
        decode(bytes);
      } catch (caught) {
        error = caught;
      }
      expect(error, hex).toBeInstanceOf(CodecError);
      expect((error as CodecError).code, hex).toBe(code);
    }
    expect(refused).toBe(expected.size);
  });

  test("EN-166 BLAKE3: hash and keyed_hash of every length", () => {
    const { key, cases } = load<{
      key: string;
      cases: { input_len: number; hash: string; keyed_hash: string }[];
    }>("blake3.json");
    expect(cases).toHaveLength(35);
    const keyBytes = new TextEncoder().encode(key);
    for (const { input_len: length, hash, keyed_hash: keyedHash } of cases) {
      const input = Uint8Array.from({ length }, (_, i) => i % 251);
      expect(toHex(blake3Bytes(input)), `${length} bytes`).toBe(hash.slice(0, 64));
      expect(toHex(blake3Keyed(keyBytes, input)), `${length} bytes, keyed`).toBe(keyedHash.slice(0, 64));
    }
  });

  test("EN-150 EN-153 Wycheproof's Ed25519: every verdict, and no key of small order accepted", () => {
    interface Group {
      publicKey: { pk: string };
      tests: { tcId: number; msg: string; sig: string; result: "valid" | "invalid" }[];
    }
    const { numberOfTests, testGroups } = load<{ numberOfTests: number; testGroups: Group[] }>(
      "ed25519-wycheproof.json",
    );
    let seen = 0;
    for (const { publicKey, tests } of testGroups) {
      const key = fromHex(publicKey.pk)!;
      const smallOrder = ed25519.Point.fromBytes(key, true).isSmallOrder();
      expect(isSoundPublicKey(key)).toBe(!smallOrder);
      for (const { tcId, msg, sig, result } of tests) {
        seen++;
        for (const engine of [nobleEngine, bestCryptoEngine()]) {
          const verdict = engine.verify(key, fromHex(msg)!, fromHex(sig)!);
          expect(verdict, `case ${tcId}`).toBe(result === "valid" && !smallOrder);
        }
      }
    }
    expect(seen).toBe(numberOfTests);
  });
});
