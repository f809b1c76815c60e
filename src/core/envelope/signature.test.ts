import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../base/bytes.js";
import { InvariantError } from "../base/invariant.js";
import { fromHex, toHex } from "../base/text.js";
import { isSoundPublicKey, nobleEngine, signDomain, verifyDomain } from "./signature.js";

const SECRET = new Uint8Array(32).fill(7);
const PUBLIC = nobleEngine.publicKeyOf(SECRET);
const MESSAGE = Uint8Array.of(1, 2, 3);
const P = (1n << 255n) - 19n;
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

const bytesOf = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const withSign = (key: Uint8Array): Uint8Array =>
  Uint8Array.from(key, (byte, i) => (i === 31 ? byte ^ 0x80 : byte));

describe("signatures", () => {
  test.each([
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
  ])("EN-150 the key %s signs as RFC 8032 says", (secret, publicKey, message, signature) => {
    const [secretBytes, messageBytes] = [fromHex(secret)!, fromHex(message)!];
    expect(toHex(nobleEngine.publicKeyOf(secretBytes))).toBe(publicKey);
    expect(toHex(nobleEngine.sign(secretBytes, messageBytes))).toBe(signature);
    expect(nobleEngine.verify(fromHex(publicKey)!, messageBytes, fromHex(signature)!)).toBe(true);
  });

  test("EN-151 a signature holds for its domain, key and message only", () => {
    const signature = signDomain(nobleEngine, "chain", SECRET, MESSAGE);
    const verify = (domain: string, key = PUBLIC, message: Uint8Array = MESSAGE): boolean =>
      verifyDomain(nobleEngine, domain, key, message, signature);
    expect(verify("chain")).toBe(true);
    expect(verify("roster")).toBe(false);
    expect(verify("chai", PUBLIC, concatBytes(new TextEncoder().encode("n"), MESSAGE))).toBe(false);
    expect(verify("chain", nobleEngine.publicKeyOf(new Uint8Array(32)))).toBe(false);
    expect(verify("chain", PUBLIC, Uint8Array.of(1, 2))).toBe(false);
    expect(nobleEngine.verify(PUBLIC, MESSAGE, signature)).toBe(false);
    expect(() => signDomain(nobleEngine, "a\0b", SECRET, MESSAGE)).toThrow(InvariantError);
    expect(() => signDomain(nobleEngine, "", SECRET, MESSAGE)).toThrow(InvariantError);
    expect(() => signDomain(nobleEngine, "chain", MESSAGE, MESSAGE)).toThrow(InvariantError);
  });

  test("EN-152 the 8 points of small order are refused, in their second spellings too", () => {
    expect(ED25519_TORSION_SUBGROUP).toHaveLength(8);
    const keys = ED25519_TORSION_SUBGROUP.map((hex) => fromHex(hex)!);
    // y = 0 and y = 1 fit 255 bits a second time, and x = 0 may carry a sign.
    for (const y of [P, P + 1n]) keys.push(bytesOf(y));
    for (const key of keys) {
      expect(isSoundPublicKey(key), toHex(key)).toBe(false);
      expect(isSoundPublicKey(withSign(key)), toHex(key)).toBe(false);
    }
    for (let y = P; y < 1n << 255n; y++) expect(isSoundPublicKey(bytesOf(y))).toBe(false);
    for (const y of [2n, 3n, 4n, P - 2n]) expect(isSoundPublicKey(bytesOf(y))).toBe(true);
    expect(isSoundPublicKey(PUBLIC)).toBe(true);
    expect(isSoundPublicKey(PUBLIC.subarray(1))).toBe(false);
  });

  test("EN-152 the forgery that a small-order key lets through is refused", () => {
    // Under the neutral point R = S·B holds for every message.
    const neutral = bytesOf(1n);
    const forged = concatBytes(ed25519.Point.BASE.multiply(5n).toBytes(), bytesOf(5n));
    expect(ed25519.verify(forged, MESSAGE, neutral, { zip215: true })).toBe(true);
    expect(nobleEngine.verify(neutral, MESSAGE, forged)).toBe(false);
    expect(verifyDomain(nobleEngine, "chain", neutral, MESSAGE, forged)).toBe(false);
  });

  test("EN-153 a signature has one spelling: S + L and a changed R are refused", () => {
    const signature = nobleEngine.sign(SECRET, MESSAGE);
    let s = 0n;
    for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i]!);
    expect(nobleEngine.verify(PUBLIC, MESSAGE, concatBytes(signature.subarray(0, 32), bytesOf(s)))).toBe(
      true,
    );
    for (const other of [s + L, s + 2n * L, L, (1n << 256n) - 1n]) {
      expect(
        nobleEngine.verify(PUBLIC, MESSAGE, concatBytes(signature.subarray(0, 32), bytesOf(other))),
      ).toBe(false);
    }
    for (let bit = 0; bit < 512; bit += 5) {
      const changed = signature.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(nobleEngine.verify(PUBLIC, MESSAGE, changed)).toBe(false);
    }
  });

  test("EN-154 verifying any bytes of any length is an answer, never an error", () => {
    const bytes = (length: number) =>
      fc.oneof(
        fc.uint8Array({ minLength: length, maxLength: length }),
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(new Uint8Array(length), new Uint8Array(length).fill(255)),
      );
    fc.assert(
      fc.property(bytes(32), fc.uint8Array(), bytes(64), (key, message, signature) => {
        expect(nobleEngine.verify(key, message, signature)).toBe(false);
        expect(verifyDomain(nobleEngine, "chain", key, message, signature)).toBe(false);
      }),
      { seed: 1541, numRuns: 500 },
    );
  });
});

describe("key agreement", () => {
  test("EN-156 two secrets share one key; a public key of small order or wrong length shares none", () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const [publicA, publicB] = [nobleEngine.agreementKeyOf(a), nobleEngine.agreementKeyOf(b)];
    expect(nobleEngine.agree(a, publicB)).toEqual(nobleEngine.agree(b, publicA));
    expect(nobleEngine.agree(a, publicB)).toHaveLength(32);
    expect(nobleEngine.agree(a, publicB)).not.toEqual(nobleEngine.agree(a, publicA));
    for (const weak of [0n, 1n, P - 1n, P, P + 1n])
      expect(nobleEngine.agree(a, bytesOf(weak))).toBe(undefined);
    expect(nobleEngine.agree(a, publicB.subarray(1))).toBe(undefined);
  });
});
