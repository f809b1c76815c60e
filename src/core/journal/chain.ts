import { ByteWriter } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { toHex, utf8Write } from "../base/text.js";

/** How many hex digits a chain has. */
export const CHAIN_DIGITS = 64;

/**
 * The running hash that makes a journal's lines one thing. A line that carries it is sealed by
 * `chain' = BLAKE3(domain journal, chain ‖ bytes)`, with the bytes of everything after the line sealed before:
 * whole lines with their newlines, then this one up to the chain's own digits. It begins as 32 zero bytes.
 */
export class Chain {
  #value: Uint8Array = new Uint8Array(CHAIN_DIGITS / 2);
  readonly #pending = new ByteWriter(4096);

  /** Takes in a text without lone surrogates. */
  text(text: string): void {
    this.#pending.reserve(text.length * 3);
    const length = utf8Write(text, this.#pending.buffer, this.#pending.length);
    invariant(length >= 0, "a journal's line is well-formed text");
    this.#pending.length = length;
  }

  bytes(bytes: Uint8Array): void {
    this.#pending.bytes(bytes);
  }

  /** Seals what came in since the last call; the chain's hex digits. */
  seal(): string {
    this.#value = domainHash("journal", this.#value, this.#pending.view());
    this.#pending.reset();
    return toHex(this.#value);
  }
}
