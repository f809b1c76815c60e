import { blake3 } from "@noble/hashes/blake3.js";
import { createBLAKE3 } from "hash-wasm";
import type { Hash } from "./brand.js";
import { concatBytes } from "./bytes.js";
import { hashOfBytes, utf8Encode } from "./text.js";

/** Anything that absorbs bytes and gives one digest. */
interface DigestEngine {
  init(): unknown;
  update(bytes: Uint8Array): unknown;
  digest(format: "binary"): Uint8Array;
}

// hash-wasm copies the key out of this array at every init(), so one instance serves every key.
const sharedKey = new Uint8Array(32);

const unkeyed: DigestEngine = await createBLAKE3(256).catch(() => slowEngine(false));
const keyed: DigestEngine = await createBLAKE3(256, sharedKey).catch(() => slowEngine(true));

/** Where WebAssembly is not allowed: the same digests from JavaScript, about ten times slower. */
function slowEngine(withKey: boolean): DigestEngine {
  let state = blake3.create({});
  return {
    init: () => {
      state = blake3.create(withKey ? { key: sharedKey.slice() } : {});
    },
    update: (bytes) => state.update(bytes),
    digest: () => state.digest(),
  };
}

/** BLAKE3-256 of the parts, one after the other, as 32 bytes. */
export function blake3Bytes(...parts: readonly Uint8Array[]): Uint8Array {
  unkeyed.init();
  for (const part of parts) unkeyed.update(part);
  return unkeyed.digest("binary");
}

/** BLAKE3-256 of the parts, one after the other, as hex. */
export const blake3Hash = (...parts: readonly Uint8Array[]): Hash => hashOfBytes(blake3Bytes(...parts));

/** Keyed BLAKE3-256; `key` is 32 bytes. */
export function blake3Keyed(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  sharedKey.set(key);
  keyed.init();
  for (const part of parts) keyed.update(part);
  return keyed.digest("binary");
}

const domainKeys = new Map<string, Uint8Array>();

/**
 * BLAKE3-256 under a domain: keyed with the hash of the domain's name, so that digests made for different
 * purposes can never be taken for one another. `domain` is one of the project's own constant names.
 */
export function domainHash(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  let key = domainKeys.get(domain);
  if (key === undefined) {
    key = blake3Bytes(concatBytes(utf8Encode("echo-net/1 ")!, utf8Encode(domain)!));
    domainKeys.set(domain, key);
  }
  return blake3Keyed(key, ...parts);
}
