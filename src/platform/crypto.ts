import type { KeyObject } from "node:crypto";
import { equalBytes } from "../core/base/bytes.js";
import {
  type CryptoEngine,
  isSoundPublicKey,
  KEY_BYTES,
  nobleEngine,
  SIGNATURE_BYTES,
} from "../core/envelope/signature.js";

type NodeCrypto = typeof import("node:crypto");

// The DER in front of the raw 32 bytes of a key: PKCS #8 for secrets, SubjectPublicKeyInfo for public keys.
const ED25519_SECRET_PREFIX = "302e020100300506032b657004220420";
const ED25519_PUBLIC_PREFIX = "302a300506032b6570032100";
const X25519_SECRET_PREFIX = "302e020100300506032b656e04220420";
const X25519_PUBLIC_PREFIX = "302a300506032b656e032100";

/** Parsing a key costs more than using it, and a match has few of them. */
const MAX_CACHED_KEYS = 256;

/** The fastest synchronous engine of this platform: Node's own where there is one, JavaScript elsewhere. */
export function bestCryptoEngine(): CryptoEngine {
  const crypto = globalThis.process?.getBuiltinModule?.("node:crypto");
  return crypto === undefined ? nobleEngine : nodeEngine(crypto);
}

function nodeEngine(crypto: NodeCrypto): CryptoEngine {
  const keys = new KeyCache(crypto);
  return {
    publicKeyOf: (secretKey) => rawPublicKey(crypto, keys.secret(ED25519_SECRET_PREFIX, secretKey)),
    sign: (secretKey, message) =>
      new Uint8Array(crypto.sign(null, message, keys.secret(ED25519_SECRET_PREFIX, secretKey))),
    verify(publicKey, message, signature) {
      if (signature.length !== SIGNATURE_BYTES || !isSoundPublicKey(publicKey)) return false;
      try {
        return crypto.verify(null, message, keys.public(ED25519_PUBLIC_PREFIX, publicKey), signature);
      } catch {
        return false;
      }
    },
    agreementKeyOf: (secret) => rawPublicKey(crypto, keys.secret(X25519_SECRET_PREFIX, secret)),
    agree(secret, publicKey) {
      if (publicKey.length !== KEY_BYTES) return undefined;
      const privateKey = keys.secret(X25519_SECRET_PREFIX, secret);
      try {
        const shared = crypto.diffieHellman({
          privateKey,
          publicKey: keys.public(X25519_PUBLIC_PREFIX, publicKey),
        });
        return new Uint8Array(shared);
      } catch {
        return undefined;
      }
    },
  };
}

/** Key objects by their DER, the oldest forgotten first. */
class KeyCache {
  readonly #crypto: NodeCrypto;
  readonly #keys = new Map<string, KeyObject>();
  /** A peer signs with one key again and again. */
  #last: { readonly prefix: string; readonly raw: Uint8Array; readonly key: KeyObject } | undefined;

  constructor(crypto: NodeCrypto) {
    this.#crypto = crypto;
  }

  secret(prefix: string, raw: Uint8Array): KeyObject {
    if (raw.length !== KEY_BYTES) throw new RangeError("a secret key has 32 bytes");
    return this.#find(prefix, raw, (key) =>
      this.#crypto.createPrivateKey({ key, format: "der", type: "pkcs8" }),
    );
  }

  public(prefix: string, raw: Uint8Array): KeyObject {
    return this.#find(prefix, raw, (key) =>
      this.#crypto.createPublicKey({ key, format: "der", type: "spki" }),
    );
  }

  #find(prefix: string, raw: Uint8Array, make: (der: Buffer) => KeyObject): KeyObject {
    if (this.#last?.prefix === prefix && equalBytes(this.#last.raw, raw)) return this.#last.key;
    const der = Buffer.concat([Buffer.from(prefix, "hex"), raw]);
    const name = der.toString("latin1");
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = make(der);
      if (this.#keys.size === MAX_CACHED_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
      this.#keys.set(name, key);
    }
    this.#last = { prefix, raw: new Uint8Array(raw), key };
    return key;
  }
}

function rawPublicKey(crypto: NodeCrypto, secret: KeyObject): Uint8Array {
  return new Uint8Array(
    crypto.createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-KEY_BYTES),
  );
}
