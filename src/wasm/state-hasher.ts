import { blake3Bytes, domainHash } from "../core/base/hash.js";
import { BLOCK_BYTES, DIGEST_BYTES } from "./blake3-kernel.js";
import { BlockDigests } from "./four-blocks.js";
import { partsOf } from "./machine.js";
import type { PrepareReport } from "./prepare.js";

const BLOCK_WORDS = BLOCK_BYTES / 4;

/**
 * Hashes saved states by the block. Of a memory that was hashed before, only the blocks that changed since are hashed
 * again: comparing is several times faster. The result depends on the state alone.
 */
export class StateHasher {
  readonly #report: PrepareReport;
  readonly #blocks = new BlockDigests();
  /** The memory that was hashed last, and the digests of its blocks. */
  #known = new Int32Array(0);
  #digests = new Uint8Array(0);

  constructor(report: PrepareReport) {
    this.#report = report;
  }

  /** Of a whole saved state, what stands behind the machine's part included. */
  hash(saved: Uint8Array): Uint8Array {
    const { memory, length } = partsOf(this.#report, saved);
    const head = saved.subarray(0, length - memory.length);
    return domainHash("wasm state", head, this.#digestsOf(memory), saved.subarray(length));
  }

  #digestsOf(memory: Uint8Array): Uint8Array {
    const words = wordsOf(memory);
    const blocks = words.length / BLOCK_WORDS;
    if (this.#known.length < words.length) this.#grow(words.length);
    const known = this.#known;
    const changed: number[] = [];
    for (let block = 0; block < blocks; block++) {
      const first = block * BLOCK_WORDS;
      if (isEqual(words, known, first)) continue;
      known.set(words.subarray(first, first + BLOCK_WORDS), first);
      changed.push(block);
    }
    this.#blocks.write(memory, changed, this.#digests);
    return this.#digests.subarray(0, blocks * DIGEST_BYTES);
  }

  /** What is new is known as zero, and so are its digests. */
  #grow(length: number): void {
    const known = new Int32Array(length);
    known.set(this.#known);
    const digests = new Uint8Array((length / BLOCK_WORDS) * DIGEST_BYTES);
    digests.set(this.#digests);
    for (let at = this.#digests.length; at < digests.length; at += DIGEST_BYTES) digests.set(ZERO_DIGEST, at);
    this.#known = known;
    this.#digests = digests;
  }
}

/** Eight words at a time, since most blocks are equal to their end. */
function isEqual(left: Int32Array, right: Int32Array, first: number): boolean {
  for (let at = first; at < first + BLOCK_WORDS; at += 8) {
    const difference =
      (left[at]! ^ right[at]!) |
      (left[at + 1]! ^ right[at + 1]!) |
      (left[at + 2]! ^ right[at + 2]!) |
      (left[at + 3]! ^ right[at + 3]!) |
      (left[at + 4]! ^ right[at + 4]!) |
      (left[at + 5]! ^ right[at + 5]!) |
      (left[at + 6]! ^ right[at + 6]!) |
      (left[at + 7]! ^ right[at + 7]!);
    if (difference !== 0) return false;
  }
  return true;
}

const ZERO_DIGEST = blake3Bytes(new Uint8Array(BLOCK_BYTES));

/** The memory as whole words; copied where it does not lie on a word. */
function wordsOf(memory: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = byteOffsetIsWhole(memory) ? memory : memory.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}

const byteOffsetIsWhole = ({ byteOffset }: Uint8Array): boolean => byteOffset % 4 === 0;
