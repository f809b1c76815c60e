import { ByteWriter } from "../base/bytes.js";
import { Blake3, wordAt } from "../base/hash.js";
import { MAX_SEALED_BYTES } from "../wire/limits.js";

const SEQUENCE_BYTES = 8;

/** What is hashed: a datagram without its tag, then its full sequence number. Used within one call only. */
const message = new ByteWriter(MAX_SEALED_BYTES + SEQUENCE_BYTES);

/** Makes the tags of one direction of a link: keyed BLAKE3 of a datagram and its sequence number, 8 bytes of it. */
export class TagMaker {
  /** The first two are the tag made last; on the wire the first comes first, each little-endian. */
  readonly words: Int32Array;
  readonly #hasher: Blake3;

  /** `key` is 32 bytes. */
  constructor(key: Uint8Array) {
    this.#hasher = new Blake3(key);
    this.words = this.#hasher.words;
  }

  /** Tags the first `length` bytes of a datagram, at most `MAX_SEALED_BYTES`. */
  make(datagram: Uint8Array, length: number, sequence: number): void {
    message.reset();
    message.copy(datagram, 0, length);
    this.makeIn(message, sequence);
  }

  /** Tags what the writer holds, to which it appends the sequence number. */
  makeIn(writer: ByteWriter, sequence: number): void {
    writer.u32(sequence % 0x1_0000_0000);
    writer.u32(Math.floor(sequence / 0x1_0000_0000));
    this.#hasher.digest(writer);
  }

  /** Whether the tag made last stands at `offset`. Looks at all of it, whatever it finds. */
  matches(datagram: Uint8Array, offset: number): boolean {
    const first = this.words[0]! ^ wordAt(datagram, offset);
    return (first | (this.words[1]! ^ wordAt(datagram, offset + 4))) === 0;
  }
}
