/** Bytes that one compression takes in. */
export const BLOCK_BYTES = 64;

/**
 * BLAKE3's flags: which blocks of a chunk are its first and last, what joins two subtrees, what gives the digest, and
 * whether a key is used.
 */
export const CHUNK_START = 1;
export const CHUNK_END = 2;
export const PARENT = 4;
export const ROOT = 8;
export const KEYED = 16;

const ROUNDS = 7;

/**
 * BLAKE3's compression of one block: takes one chaining value to the next. In JavaScript, 64 bytes cost about 0.15 µs:
 * for short messages a third of a call into WebAssembly, for long ones twice as much.
 *
 * @param before eight words: the key, or the chaining value after the blocks before
 * @param after where the next chaining value goes, which of a root is the digest; may be the same array
 * @param at where in `block` the 64 bytes begin; those past `length` are zero
 * @param chunk the number of the block's chunk; 0 for what joins two subtrees
 */
export function compressBlock(
  before: Int32Array,
  after: Int32Array,
  block: DataView,
  at: number,
  length: number,
  flags: number,
  chunk: number,
): void {
  let m0 = block.getInt32(at, true);
  let m1 = block.getInt32(at + 4, true);
  let m2 = block.getInt32(at + 8, true);
  let m3 = block.getInt32(at + 12, true);
  let m4 = block.getInt32(at + 16, true);
  let m5 = block.getInt32(at + 20, true);
  let m6 = block.getInt32(at + 24, true);
  let m7 = block.getInt32(at + 28, true);
  let m8 = block.getInt32(at + 32, true);
  let m9 = block.getInt32(at + 36, true);
  let m10 = block.getInt32(at + 40, true);
  let m11 = block.getInt32(at + 44, true);
  let m12 = block.getInt32(at + 48, true);
  let m13 = block.getInt32(at + 52, true);
  let m14 = block.getInt32(at + 56, true);
  let m15 = block.getInt32(at + 60, true);
  let v0 = before[0]!;
  let v1 = before[1]!;
  let v2 = before[2]!;
  let v3 = before[3]!;
  let v4 = before[4]!;
  let v5 = before[5]!;
  let v6 = before[6]!;
  let v7 = before[7]!;
  let v8 = 0x6a09e667;
  let v9 = 0xbb67ae85;
  let v10 = 0x3c6ef372;
  let v11 = 0xa54ff53a;
  let v12 = chunk;
  let v13 = 0;
  let v14 = length;
  let v15 = flags;
  for (let round = 1; ; round++) {
    v0 = (v0 + v4 + m0) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 16) | (v12 << 16);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 12) | (v4 << 20);
    v0 = (v0 + v4 + m1) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 8) | (v12 << 24);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 7) | (v4 << 25);
    v1 = (v1 + v5 + m2) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 16) | (v13 << 16);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 12) | (v5 << 20);
    v1 = (v1 + v5 + m3) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 8) | (v13 << 24);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 7) | (v5 << 25);
    v2 = (v2 + v6 + m4) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 16) | (v14 << 16);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 12) | (v6 << 20);
    v2 = (v2 + v6 + m5) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 8) | (v14 << 24);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 7) | (v6 << 25);
    v3 = (v3 + v7 + m6) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 16) | (v15 << 16);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 12) | (v7 << 20);
    v3 = (v3 + v7 + m7) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 8) | (v15 << 24);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 7) | (v7 << 25);
    v0 = (v0 + v5 + m8) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 16) | (v15 << 16);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 12) | (v5 << 20);
    v0 = (v0 + v5 + m9) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 8) | (v15 << 24);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 7) | (v5 << 25);
    v1 = (v1 + v6 + m10) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 16) | (v12 << 16);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 12) | (v6 << 20);
    v1 = (v1 + v6 + m11) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 8) | (v12 << 24);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 7) | (v6 << 25);
    v2 = (v2 + v7 + m12) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 16) | (v13 << 16);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 12) | (v7 << 20);
    v2 = (v2 + v7 + m13) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 8) | (v13 << 24);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 7) | (v7 << 25);
    v3 = (v3 + v4 + m14) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 16) | (v14 << 16);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 12) | (v4 << 20);
    v3 = (v3 + v4 + m15) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 8) | (v14 << 24);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 7) | (v4 << 25);
    if (round === ROUNDS) break;
    const p0 = m2;
    const p1 = m6;
    const p2 = m3;
    const p3 = m10;
    const p4 = m7;
    const p5 = m0;
    const p6 = m4;
    const p7 = m13;
    const p8 = m1;
    const p9 = m11;
    const p10 = m12;
    const p11 = m5;
    const p12 = m9;
    const p13 = m14;
    const p14 = m15;
    const p15 = m8;
    m0 = p0;
    m1 = p1;
    m2 = p2;
    m3 = p3;
    m4 = p4;
    m5 = p5;
    m6 = p6;
    m7 = p7;
    m8 = p8;
    m9 = p9;
    m10 = p10;
    m11 = p11;
    m12 = p12;
    m13 = p13;
    m14 = p14;
    m15 = p15;
  }
  after[0] = v0 ^ v8;
  after[1] = v1 ^ v9;
  after[2] = v2 ^ v10;
  after[3] = v3 ^ v11;
  after[4] = v4 ^ v12;
  after[5] = v5 ^ v13;
  after[6] = v6 ^ v14;
  after[7] = v7 ^ v15;
}
