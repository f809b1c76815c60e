import { INITIAL_WORDS } from "../core/base/hash.js";
import { CodeWriter } from "./code-writer.js";
import { emitOpcode } from "./emit.js";
import { Op } from "./opcodes.js";
import { I32, V128 } from "./value-types.js";

/** Bytes of a block that has a digest: one chunk of BLAKE3. */
export const BLOCK_BYTES = 1024;
export const DIGEST_BYTES = 32;
/** Blocks that are hashed at once: they stand at the start of the memory. */
export const LANES = 4;
/** Where their digests stand. */
export const DIGESTS_AT: number = LANES * BLOCK_BYTES;

/** Vector instructions, behind their prefix. */
const Simd = {
  load: 0xfd000,
  store: 0xfd00b,
  constant: 0xfd00c,
  shuffle: 0xfd00d,
  splat: 0xfd011,
  or: 0xfd050,
  xor: 0xfd051,
  shiftLeft: 0xfd0ab,
  shiftRight: 0xfd0ad,
  add: 0xfd0ae,
} as const;

/** Instructions of whole numbers that nothing else writes. */
const EQZ = 0x45;
const EQ = 0x46;
const LT_U = 0x49;
const MUL = 0x6c;

/** Locals: where the 64 bytes are, then vectors: one to turn bits with, message, state, chain. */
const AT = 0;
const SCRATCH = 1;
const MESSAGE = 2;
const STATE = 18;
const CHAIN = 34;
const VECTORS = 41;

const STEP_BYTES = 64;
const ROUNDS = 7;
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
/** Which four words of the state are mixed: its columns, then its diagonals. */
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;
/** Flags of BLAKE3: the first 64 bytes, and the last of what is a whole message. */
const CHUNK_START = 1;
const CHUNK_END_AND_ROOT = 10;

/** Words of two vectors, the first's numbered 0 to 3. */
const ZIP_LOW = [0, 4, 1, 5];
const ZIP_HIGH = [2, 6, 3, 7];
const LOW_HALVES = [0, 1, 4, 5];
const HIGH_HALVES = [2, 3, 6, 7];

/** Writes the code that hashes four blocks at once, a lane each: the same digests as one after the other. */
class Kernel {
  readonly code: CodeWriter = new CodeWriter(16_384);

  #get(local: number): void {
    this.code.op(Op.localGet, local);
  }

  #set(local: number): void {
    this.code.op(Op.localSet, local);
  }

  #simd(code: number): void {
    emitOpcode(this.code, code);
  }

  #access(code: number, offset: number): void {
    this.#simd(code);
    this.code.varint(0);
    this.code.varint(offset);
  }

  #shuffleBytes(places: readonly number[]): void {
    this.#simd(Simd.shuffle);
    for (const place of places) this.code.u8(place);
  }

  #shuffle(first: number, second: number, words: readonly number[]): void {
    this.#get(first);
    this.#get(second);
    this.#shuffleBytes(words.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]));
  }

  #splat(value: number): void {
    this.code.i32Const(value);
    this.#simd(Simd.splat);
  }

  /** Turns four vectors of rows into columns, with four others to work in. */
  #transpose(rows: number, work: number): void {
    for (const [target, first, second, words] of [
      [work, rows, rows + 1, ZIP_LOW],
      [work + 1, rows, rows + 1, ZIP_HIGH],
      [work + 2, rows + 2, rows + 3, ZIP_LOW],
      [work + 3, rows + 2, rows + 3, ZIP_HIGH],
      [rows, work, work + 2, LOW_HALVES],
      [rows + 1, work, work + 2, HIGH_HALVES],
      [rows + 2, work + 1, work + 3, LOW_HALVES],
      [rows + 3, work + 1, work + 3, HIGH_HALVES],
    ] as const) {
      this.#shuffle(first, second, words);
      this.#set(target);
    }
  }

  #loadMessage(): void {
    for (let word = 0; word < 16; word += 4) {
      for (let lane = 0; lane < LANES; lane++) {
        this.#get(AT);
        this.#access(Simd.load, lane * BLOCK_BYTES + 4 * word);
        this.#set(MESSAGE + word + lane);
      }
      this.#transpose(MESSAGE + word, STATE);
    }
  }

  #startState(): void {
    for (let i = 0; i < 8; i++) {
      this.#get(CHAIN + i);
      this.#set(STATE + i);
    }
    for (let i = 0; i < 4; i++) {
      this.#splat(INITIAL_WORDS[i]!);
      this.#set(STATE + 8 + i);
    }
    for (const [i, value] of [0, 0, STEP_BYTES].entries()) {
      this.#splat(value);
      this.#set(STATE + 12 + i);
    }
    // The flags: of the first step, or of the last, else none.
    const { code } = this;
    code.i32Const(CHUNK_START);
    this.#get(AT);
    code.op(EQZ);
    code.op(MUL);
    code.i32Const(CHUNK_END_AND_ROOT);
    this.#get(AT);
    code.i32Const(BLOCK_BYTES - STEP_BYTES);
    code.op(EQ);
    code.op(MUL);
    code.op(Op.i32Add);
    this.#simd(Simd.splat);
    this.#set(STATE + 15);
  }

  /** to = to + from [+ word] */
  #add(to: number, from: number, word?: number): void {
    this.#get(to);
    this.#get(from);
    this.#simd(Simd.add);
    if (word !== undefined) {
      this.#get(word);
      this.#simd(Simd.add);
    }
    this.#set(to);
  }

  /** to = (to xor from) turned right by so many bits */
  #turn(to: number, from: number, bits: number): void {
    this.#get(to);
    this.#get(from);
    this.#simd(Simd.xor);
    this.code.op(Op.localTee, SCRATCH);
    if (bits % 8 === 0) {
      this.#get(SCRATCH);
      const bytes = bits / 8;
      this.#shuffleBytes(Array.from({ length: 16 }, (_, i) => (i & ~3) | ((i + bytes) & 3)));
    } else {
      this.code.i32Const(bits);
      this.#simd(Simd.shiftRight);
      this.#get(SCRATCH);
      this.code.i32Const(32 - bits);
      this.#simd(Simd.shiftLeft);
      this.#simd(Simd.or);
    }
    this.#set(to);
  }

  #rounds(): void {
    let order = Array.from({ length: 16 }, (_, i) => i);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, mixed] of MIXED.entries()) {
        const [a, b, c, d] = mixed.map((word) => STATE + word) as [number, number, number, number];
        for (const [half, [turnD, turnB]] of [[16, 12] as const, [8, 7] as const].entries()) {
          this.#add(a, b, MESSAGE + order[2 * i + half]!);
          this.#turn(d, a, turnD);
          this.#add(c, d);
          this.#turn(b, c, turnB);
        }
      }
      order = PERMUTATION.map((place) => order[place]!);
    }
  }

  #endState(): void {
    for (let i = 0; i < 8; i++) {
      this.#get(STATE + i);
      this.#get(STATE + 8 + i);
      this.#simd(Simd.xor);
      this.#set(CHAIN + i);
    }
  }

  #storeDigests(): void {
    for (const half of [0, 4]) {
      this.#transpose(CHAIN + half, STATE);
      for (let lane = 0; lane < LANES; lane++) {
        this.code.i32Const(DIGESTS_AT + lane * DIGEST_BYTES + 4 * half);
        this.#get(CHAIN + half + lane);
        this.#access(Simd.store, 0);
      }
    }
  }

  write(): void {
    const { code } = this;
    for (let i = 0; i < 8; i++) {
      this.#splat(INITIAL_WORDS[i]!);
      this.#set(CHAIN + i);
    }
    code.op(Op.loop);
    code.u8(0x40);
    this.#loadMessage();
    this.#startState();
    this.#rounds();
    this.#endState();
    this.#get(AT);
    code.i32Const(STEP_BYTES);
    code.op(Op.i32Add);
    code.op(Op.localTee, AT);
    code.i32Const(BLOCK_BYTES);
    code.op(LT_U);
    code.op(Op.brIf, 0);
    code.op(Op.end);
    this.#storeDigests();
    code.op(Op.end);
  }
}

/** A module with the function and its memory, exported as `f` and `m`. */
export function kernelModule(): Uint8Array {
  const kernel = new Kernel();
  kernel.write();
  const body = new CodeWriter(16_384);
  for (const byte of [2, 1, I32, VECTORS, V128]) body.u8(byte);
  body.bytes(kernel.code.view());
  const code = new CodeWriter(16_384);
  code.varint(1);
  code.sized(body);
  const file = new CodeWriter(16_384);
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) file.u8(byte);
  for (const [id, content] of [
    [1, [1, 0x60, 0, 0]],
    [3, [1, 0]],
    [5, [1, 1, 1, 1]],
    [7, [2, 1, 0x66, 0, 0, 1, 0x6d, 2, 0]],
  ] as const) {
    for (const byte of [id, content.length, ...content]) file.u8(byte);
  }
  file.u8(10);
  file.sized(code);
  return file.finish();
}
