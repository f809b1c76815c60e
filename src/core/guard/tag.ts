import { blake3Keyed } from "../base/hash.js";
import { MAX_SEALED_BYTES } from "../wire/limits.js";
import { blake3KeyedBlock } from "./keyed-block.js";

const BLOCK_BYTES = 64;
const SEQUENCE_BYTES = 8;

/** What is hashed: a datagram without its tag, then its full sequence number. Used within one call only. */
const scratch = new Uint8Array(MAX_SEALED_BYTES + SEQUENCE_BYTES);
const scratchView = new DataView(scratch.buffer);

/** Makes the tags of one direction of a link: keyed BLAKE3 of a datagram and its sequence number, 8 bytes of it. */
export class TagMaker {
  /** The tag made last, as two words of 32 bits; on the wire the first comes first, each little-endian. */
  readonly words: Int32Array = new Int32Array(2);
  readonly #key: Uint8Array;
  readonly #keyWords: Int32Array;

  /** `key` is 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key.slice();
    const view = new DataView(this.#key.buffer);
    this.#keyWords = Int32Array.from({ length: 8 }, (_, i) => view.getInt32(4 * i, true));
  }

  /** Tags the first `length` bytes of a datagram, at most `MAX_SEALED_BYTES`. */
  make(datagram: Uint8Array, length: number, sequence: number): void {
    const end = length + SEQUENCE_BYTES;
    if (end > BLOCK_BYTES) {
      scratch.set(length === datagram.length ? datagram : datagram.subarray(0, length));
    } else {
      for (let i = 0; i < length; i++) scratch[i] = datagram[i]!;
      for (let i = end; i < BLOCK_BYTES; i++) scratch[i] = 0;
    }
    scratchView.setUint32(length, sequence % 0x1_0000_0000, true);
    scratchView.setUint32(length + 4, Math.floor(sequence / 0x1_0000_0000), true);
    if (end <= BLOCK_BYTES) {
      blake3KeyedBlock(this.#keyWords, scratchView, end, this.words);
      return;
    }
    const hash = blake3Keyed(this.#key, scratch.subarray(0, end));
    for (let i = 0; i < 2; i++) this.words[i] = wordAt(hash, 4 * i);
  }

  /** Whether the tag made last stands at `offset`. Looks at all of it, whatever it finds. */
  matches(datagram: Uint8Array, offset: number): boolean {
    const first = this.words[0]! ^ wordAt(datagram, offset);
    return (first | (this.words[1]! ^ wordAt(datagram, offset + 4))) === 0;
  }
}

/** 32 bits, little-endian. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
