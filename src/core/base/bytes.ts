import { copyBytes, EMPTY_BYTES } from "./byte-arrays.js";
import { invariant } from "./invariant.js";

export { concatBytes, copyBytes, EMPTY_BYTES, equalBytes } from "./byte-arrays.js";
export { ByteReader } from "./byte-reader.js";

/** Appends to a buffer that grows by doubling and is reused from one message to the next. */
export class ByteWriter {
  /** The whole buffer; only the first `length` bytes are written. Replaced when it grows. */
  buffer: Uint8Array;
  length = 0;
  #view: DataView;
  #lastView: Uint8Array = EMPTY_BYTES;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.buffer.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    const copy = new Uint8Array(this.length);
    copyBytes(this.buffer, 0, this.length, copy, 0);
    return copy;
  }

  /** A view of what was written, valid until the next write. */
  view(): Uint8Array {
    // Messages of one kind are often of one length: their view is there already.
    if (this.#lastView.length !== this.length) this.#lastView = this.buffer.subarray(0, this.length);
    return this.#lastView;
  }

  /** The whole buffer to read from; replaced when it grows. */
  get data(): DataView {
    return this.#view;
  }

  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.#view = new DataView(grown.buffer);
    this.#lastView = EMPTY_BYTES;
  }

  u8(value: number): void {
    if (this.length === this.buffer.length) this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** Little-endian. */
  u16(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  /** Little-endian. */
  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Big-endian, as CBOR writes it. */
  u16be(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.length, value);
    this.length += 2;
  }

  /** Big-endian, as CBOR writes it. */
  u32be(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value);
    this.length += 4;
  }

  /** Big-endian, as CBOR writes it; `value` within 0 … 2^64 − 1. */
  u64be(value: bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.length, value);
    this.length += 8;
  }

  /** Little-endian; `value` within −2^63 … 2^63 − 1. */
  i64(value: bigint): void {
    this.reserve(8);
    this.#view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  f32(value: number): void {
    this.reserve(4);
    this.#view.setFloat32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  f32be(value: number): void {
    this.reserve(4);
    this.#view.setFloat32(this.length, value);
    this.length += 4;
  }

  f64be(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value);
    this.length += 8;
  }

  bytes(source: Uint8Array): void {
    this.copy(source, 0, source.length);
  }

  /** Bytes `start` to `end` of a longer array. */
  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    copyBytes(source, start, end, this.buffer, this.length);
    this.length += count;
  }

  /** All that another writer holds. */
  append(source: ByteWriter): void {
    const count = source.length;
    this.reserve(count);
    const from = source.data;
    const to = this.#view;
    const words = count & ~3;
    for (let i = 0; i < words; i += 4) to.setInt32(this.length + i, from.getInt32(i));
    for (let i = words; i < count; i++) to.setUint8(this.length + i, from.getUint8(i));
    this.length += count;
  }

  /** Unsigned LEB128, at most 8 bytes: a whole number within 0 … 2^53 − 1. */
  varint(value: number): void {
    // Tested here, since the text of an invariant is made before it is called.
    if (!(value >= 0 && Number.isSafeInteger(value))) invariant(false, `varint of ${value}`);
    this.reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  /** Zigzag LEB128: a whole number whose double stays safe. */
  svarint(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }
}
