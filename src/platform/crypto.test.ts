import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { concatBytes } from "../core/base/bytes.js";
import { toHex } from "../core/base/text.js";
import { nobleEngine, signDomain, verifyDomain } from "../core/envelope/signature.js";
import { bestCryptoEngine } from "./crypto.js";

const { Point } = ed25519;
const L = Point.CURVE().n;
const P = (1n << 255n) - 19n;
const native = bestCryptoEngine();
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

const bytesOf = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("bestCryptoEngine", () => {
  test("EN-155 is Node's own here, and JavaScript's where the platform has none", () => {
    expect(native).not.toBe(nobleEngine);
    vi.stubGlobal("process", undefined);
    expect(bestCryptoEngine()).toBe(nobleEngine);
    vi.stubGlobal("process", { getBuiltinModule: () => undefined });
    expect(bestCryptoEngine()).toBe(nobleEngine);
  });

  test("EN-155 keys, signatures and shared secrets are the same bytes from both engines", () => {
    fc.assert(
      fc.property(bytes32, bytes32, fc.uint8Array({ maxLength: 300 }), (secret, other, message) => {
        const publicKey = native.publicKeyOf(secret);
        expect(publicKey).toEqual(nobleEngine.publicKeyOf(secret));
        const signature = native.sign(secret, message);
        expect(signature).toEqual(nobleEngine.sign(secret, message));
        const named = signDomain(native, "chain", secret, message);
        expect(named).toEqual(signDomain(nobleEngine, "chain", secret, message));
        for (const engine of [native, nobleEngine]) {
          expect(engine.verify(publicKey, message, signature)).toBe(true);
          expect(verifyDomain(engine, "chain", publicKey, message, named)).toBe(true);
        }
        const theirs = native.agreementKeyOf(other);
        expect(theirs).toEqual(nobleEngine.agreementKeyOf(other));
        expect(native.agree(secret, theirs)).toEqual(nobleEngine.agree(secret, theirs));
        for (const bytes of [publicKey, signature, theirs]) expect(bytes.constructor).toBe(Uint8Array);
      }),
      { seed: 1551, numRuns: 60 },
    );
  });

  test("EN-155 keys of mixed order are judged alike, and neither engine multiplies by the cofactor", () => {
    const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex));
    const counts = { held: 0, refused: 0 };
    fc.assert(
      fc.property(
        bytes32,
        bytes32,
        fc.nat(7),
        fc.nat(7),
        fc.uint8Array(),
        (a, r, keyTorsion, commitTorsion, message) => {
          const secret = (numberOf(a) % (L - 1n)) + 1n;
          const nonce = (numberOf(r) % (L - 1n)) + 1n;
          const key = Point.BASE.multiply(secret).add(torsion[keyTorsion]!).toBytes();
          const commitment = Point.BASE.multiply(nonce).add(torsion[commitTorsion]!).toBytes();
          const challenge = numberOf(sha512(concatBytes(commitment, key, message))) % L;
          const signature = concatBytes(commitment, bytesOf((nonce + challenge * secret) % L));
          expect(ed25519.verify(signature, message, key, { zip215: true })).toBe(true);
          const verdict = native.verify(key, message, signature);
          expect(nobleEngine.verify(key, message, signature)).toBe(verdict);
          if (verdict) counts.held++;
          else counts.refused++;
        },
      ),
      { seed: 1552, numRuns: 150 },
    );
    expect(counts.held).toBeGreaterThan(5);
    expect(counts.refused).toBeGreaterThan(50);
  });

  test("EN-155 damaged signatures, odd keys and wrong lengths are judged alike, without an error", () => {
    const secret = new Uint8Array(32).fill(3);
    const message = Uint8Array.of(1);
    const publicKey = native.publicKeyOf(secret);
    const signature = native.sign(secret, message);
    const keys = [
      publicKey,
      publicKey.subarray(1),
      new Uint8Array(0),
      bytesOf(2n),
      bytesOf(P),
      bytesOf(P + 1n),
      bytesOf(P + 3n),
      bytesOf(7n),
    ];
    const s = numberOf(signature.subarray(32));
    const signatures = [
      signature,
      signature.subarray(1),
      new Uint8Array(64),
      concatBytes(signature, Uint8Array.of(0)),
      concatBytes(signature.subarray(0, 32), bytesOf(s + L)),
      concatBytes(bytesOf(1n), bytesOf(0n)),
      concatBytes(bytesOf(P + 1n), bytesOf(0n)),
    ];
    for (const key of keys) {
      for (const candidate of signatures) {
        const verdict = verifyDomain(native, "d", key, message, candidate);
        expect(verifyDomain(nobleEngine, "d", key, message, candidate)).toBe(verdict);
        const raw = native.verify(key, message, candidate);
        expect(raw).toBe(key === publicKey && candidate === signature);
        expect(nobleEngine.verify(key, message, candidate)).toBe(raw);
      }
    }
  });

  test("EN-156 both engines refuse to agree with keys of small order, and read all others alike", () => {
    const secret = new Uint8Array(32).fill(9);
    for (const u of [0n, 1n, P - 1n, P, P + 1n, 1n << 255n, (1n << 255n) + 1n]) {
      expect(native.agree(secret, bytesOf(u)), `${u}`).toBe(undefined);
      expect(nobleEngine.agree(secret, bytesOf(u)), `${u}`).toBe(undefined);
    }
    for (const u of [2n, 9n, P + 9n, (1n << 255n) - 1n, (1n << 256n) - 1n, (1n << 255n) + 9n]) {
      expect(native.agree(secret, bytesOf(u)), `${u}`).toHaveLength(32);
      expect(nobleEngine.agree(secret, bytesOf(u)), `${u}`).toEqual(native.agree(secret, bytesOf(u)));
    }
    expect(native.agree(secret, new Uint8Array(31))).toBe(undefined);
  });

  test("a thousand keys pass through the bounded cache and the first still signs as before", () => {
    const secretOf = (i: number): Uint8Array =>
      Uint8Array.from({ length: 32 }, (_, at) => (at < 2 ? (i >> (8 * at)) & 255 : 1));
    const first = native.sign(secretOf(0), Uint8Array.of(5));
    for (let i = 1; i < 1_000; i++) native.sign(secretOf(i), Uint8Array.of(5));
    expect(native.sign(secretOf(0), Uint8Array.of(5))).toEqual(first);
  });
});
