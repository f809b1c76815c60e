import { ByteWriter, EMPTY_BYTES, equalBytes } from "../base/bytes.js";
import { blake3Keyed, domainHash } from "../base/hash.js";
import { utf8Encode } from "../base/text.js";
import { COOKIE_EPOCH_MS } from "../wire/limits.js";
import type { Address } from "../wire/transport.js";

const EPOCH_BYTES = 4;
const MAC_BYTES = 16;
/** Epoch, and a hash that only the host can make. */
export const COOKIE_BYTES: number = EPOCH_BYTES + MAC_BYTES;

/**
 * Proves addresses without remembering them: whoever can say what was sent to an address reads what arrives there.
 * A cookie holds for one address and one asker's token, and for one to two epochs.
 */
export class CookieJar {
  readonly #root: Uint8Array;

  /** `root` is 32 bytes that only this host knows. */
  constructor(root: Uint8Array) {
    this.#root = root;
  }

  bake(address: Address, token: Uint8Array, nowMs: number): Uint8Array {
    return this.#cookie(address, token, epochAt(nowMs));
  }

  holds(cookie: Uint8Array, address: Address, token: Uint8Array, nowMs: number): boolean {
    const epoch = epochAt(nowMs);
    // The epoch within the cookie is not believed, so that nobody can choose the key.
    return (
      equalBytes(cookie, this.#cookie(address, token, epoch)) ||
      equalBytes(cookie, this.#cookie(address, token, epoch - 1))
    );
  }

  #cookie(address: Address, token: Uint8Array, epoch: number): Uint8Array {
    const writer = new ByteWriter(COOKIE_BYTES);
    writer.u32(epoch);
    const key = domainHash("cookie", this.#root, writer.view());
    const mac = blake3Keyed(key, token, utf8Encode(address) ?? EMPTY_BYTES);
    writer.bytes(mac.subarray(0, MAC_BYTES));
    return writer.finish();
  }
}

const epochAt = (nowMs: number): number => Math.floor(nowMs / COOKIE_EPOCH_MS);
