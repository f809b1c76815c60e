import { BLOCK_BYTES, CHUNK_END, CHUNK_START, compressBlock, PARENT, ROOT } from "./blake3-block.js";

/** What one leaf of the tree covers. */
export const CHUNK_BYTES = 1024;
/** More than a message whose length is a number can have. */
const DEEPEST = 54;

// Used within one call only.
/** Chaining values of the subtrees that are complete, the largest first. */
const stack = Array.from({ length: DEEPEST }, () => new Int32Array(8));
const pair = new DataView(new ArrayBuffer(BLOCK_BYTES));
const lastBlock = new DataView(new ArrayBuffer(BLOCK_BYTES));
const lastBytes = new Uint8Array(lastBlock.buffer);

/**
 * BLAKE3-256 of a message of any length.
 *
 * @param key eight words that every chunk starts from
 * @param flags those of every block: KEYED or none
 * @param digest where the eight words of the digest go
 */
export function hashTree(key: Int32Array, flags: number, message: Uint8Array, digest: Int32Array): void {
  const data = new DataView(message.buffer, message.byteOffset, message.length);
  const chunks = Math.max(1, Math.ceil(message.length / CHUNK_BYTES));
  let depth = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const ending = flags | CHUNK_END | (chunks === 1 ? ROOT : 0);
    hashChunk(key, flags, ending, message, data, chunk, stack[depth++]!);
    // As many subtrees are complete as the number of chunks has ones in binary.
    for (let left = chunk + 1; left % 2 === 0 && chunk + 1 < chunks; left /= 2) {
      join(key, flags | PARENT, --depth);
    }
  }
  while (depth > 1) {
    depth--;
    join(key, flags | PARENT | (depth === 1 ? ROOT : 0), depth);
  }
  digest.set(stack[0]!);
}

function hashChunk(
  key: Int32Array,
  flags: number,
  ending: number,
  message: Uint8Array,
  data: DataView,
  chunk: number,
  value: Int32Array,
): void {
  const end = Math.min(message.length, (chunk + 1) * CHUNK_BYTES);
  let at = chunk * CHUNK_BYTES;
  let before = key;
  let first = CHUNK_START;
  for (; at + BLOCK_BYTES < end; at += BLOCK_BYTES) {
    compressBlock(before, value, data, at, BLOCK_BYTES, flags | first, chunk);
    before = value;
    first = 0;
  }
  lastBytes.fill(0);
  lastBytes.set(message.subarray(at, end));
  compressBlock(before, value, lastBlock, 0, end - at, ending | first, chunk);
}

/** Makes the subtree below the place `right` of the stack one with that at `right`. */
function join(key: Int32Array, flags: number, right: number): void {
  const value = stack[right - 1]!;
  for (let i = 0; i < 8; i++) {
    pair.setInt32(4 * i, value[i]!, true);
    pair.setInt32(4 * i + BLOCK_BYTES / 2, stack[right]![i]!, true);
  }
  compressBlock(key, value, pair, 0, BLOCK_BYTES, flags, 0);
}
