import { ByteWriter } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { toHex, utf8Write } from "../base/text.js";

const TAIL = '"}';

/**
 * The running hash that makes a journal's lines one thing. A line that carries it is sealed by
 * `chain' = BLAKE3(domain journal, chain ‖ bytes)`, with the bytes of everything since the chain's digits before:
 * the rest of that line, whole lines with their newlines, then this line up to its own digits. The first chain is
 * 32 zero bytes, with nothing before it.
 */
export class LineChain {
  #value: Uint8Array = new Uint8Array(32);
  /** What came in since the last seal. */
  #pending = "";
  readonly #bytes = new ByteWriter(4096);

  /** Takes in a line that carries no chain; returns it. */
  plain(line: string): string {
    this.#pending += `${line}\n`;
    return line;
  }

  /** Completes and takes in a line that carries the chain: `head` ends where its digits begin. */
  sealed(head: string): string {
    const text = this.#pending + head;
    this.#bytes.reserve(text.length * 3);
    const length = utf8Write(text, this.#bytes.buffer, 0);
    invariant(length >= 0, "a journal's line is well-formed text");
    this.#value = domainHash("journal", this.#value, this.#bytes.buffer.subarray(0, length));
    this.#pending = `${TAIL}\n`;
    return `${head}${toHex(this.#value)}${TAIL}`;
  }
}
