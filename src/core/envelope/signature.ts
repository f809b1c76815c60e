import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { utf8Encode } from "../base/text.js";

/**
 * Ed25519 (RFC 8032) and X25519 (RFC 7748), synchronous. Every engine gives the same bytes and the same verdicts:
 * signatures are deterministic, and `verify` recomputes R and compares its bytes, without the cofactor, so that no
 * key of mixed order is believed by one peer and refused by another. Secrets and public keys are 32 bytes,
 * signatures 64.
 */
export interface CryptoEngine {
  publicKeyOf(secretKey: Uint8Array): Uint8Array;
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  /** Never throws, whatever the bytes and their lengths. False under every key that is not `isSoundPublicKey`. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** The X25519 public key of a secret. */
  agreementKeyOf(secret: Uint8Array): Uint8Array;
  /** The 32 bytes that two secrets share; undefined for a public key of small order or of another length. */
  agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
}

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** The engine that runs everywhere, in plain JavaScript. */
export const nobleEngine: CryptoEngine = {
  publicKeyOf: (secretKey) => ed25519.getPublicKey(secretKey),
  sign: (secretKey, message) => ed25519.sign(message, secretKey),
  verify(publicKey, message, signature) {
    if (signature.length !== SIGNATURE_BYTES || !isSoundPublicKey(publicKey)) return false;
    const { Point } = ed25519;
    const commitment = signature.subarray(0, 32);
    try {
      const scalar = littleEndian(signature.subarray(32));
      const challenge = littleEndian(sha512(concatBytes(commitment, publicKey, message))) % Point.CURVE().n;
      const key = Point.fromBytes(publicKey);
      const expected = Point.BASE.multiplyUnsafe(scalar).subtract(key.multiplyUnsafe(challenge));
      return equalBytes(expected.toBytes(), commitment);
    } catch {
      // No point on the curve, or a scalar that is not below the group's order.
      return false;
    }
  },
  agreementKeyOf: (secret) => x25519.getPublicKey(secret),
  agree(secret, publicKey) {
    if (publicKey.length !== KEY_BYTES) return undefined;
    try {
      return x25519.getSharedSecret(secret, publicKey);
    } catch {
      return undefined;
    }
  },
};

/** A signature that holds in one domain only; `domain` is one of the project's own constant names. */
export function signDomain(
  engine: CryptoEngine,
  domain: string,
  secretKey: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  invariant(secretKey.length === KEY_BYTES, "a secret key has 32 bytes");
  return engine.sign(secretKey, domainMessage(domain, message));
}

/** Whether the key's holder signed the message in this domain. False, never an error, for any other bytes. */
export function verifyDomain(
  engine: CryptoEngine,
  domain: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return engine.verify(publicKey, domainMessage(domain, message), signature);
}

/** `echo-net/1 `, the domain, a zero byte that no domain holds, the message: no two domains share a message. */
function domainMessage(domain: string, message: Uint8Array): Uint8Array {
  let name = domainNames.get(domain);
  if (name === undefined) {
    name = utf8Encode(`echo-net/1 ${domain}\0`);
    invariant(
      name !== undefined && domain !== "" && !domain.includes("\0"),
      `the signature domain ${domain}`,
    );
    domainNames.set(domain, name);
  }
  return concatBytes(name, message);
}

/** Domains are a few constant names of the project's own. */
const domainNames = new Map<string, Uint8Array>();

/**
 * Whether 32 bytes may stand for an Ed25519 public key: spelled canonically (y below p) and none of the 8 points of
 * small order, under which anyone can make signatures. Whether they are a point at all, `verify` finds.
 */
export function isSoundPublicKey(key: Uint8Array): boolean {
  if (key.length !== KEY_BYTES) return false;
  const y = littleEndian(key) & Y_MASK;
  return y < FIELD_ORDER && !SMALL_ORDER_Y.has(y);
}

const Y_MASK = (1n << 255n) - 1n;
const FIELD_ORDER = (1n << 255n) - 19n;
const ORDER_8_Y = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

/** The y of every point whose order divides 8: each belongs to x and −x, which the sign bit tells apart. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_ORDER - 1n,
  ORDER_8_Y,
  FIELD_ORDER - ORDER_8_Y,
]);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}
