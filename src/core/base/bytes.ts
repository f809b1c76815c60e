import { invariant } from "./invariant.js";

/** Up to here a loop copies faster than a call of the platform. */
const SHORT_COPY_BYTES = 48;

/** Appends to a buffer that grows by doubling and is reused from one message to the next. */
export class ByteWriter {
  /** The whole buffer; only the first `length` bytes are written. Replaced when it grows. */
  buffer: Uint8Array;
  length = 0;
  #view: DataView;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.buffer.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  /** A view of what was written, valid until the next write. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
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
    const { buffer, length } = this;
    if (count <= SHORT_COPY_BYTES) {
      for (let i = 0; i < count; i++) buffer[length + i] = source[start + i]!;
    } else {
      buffer.set(count === source.length ? source : source.subarray(start, end), length);
    }
    this.length = length + count;
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

/**
 * Reads bytes that someone else wrote. Never throws: once a read goes past the end or meets a second spelling,
 * `failed` is set, every later read returns zero or nothing, and the caller checks once at the end.
 */
export class ByteReader {
  buffer: Uint8Array;
  offset = 0;
  end: number;
  failed = false;
  /** Made when first needed: most readers never read a number of fixed size. */
  #data: DataView | undefined;

  constructor(buffer: Uint8Array = EMPTY_BYTES) {
    this.buffer = buffer;
    this.end = buffer.length;
  }

  /** Starts over on other bytes, within `[start, end)`. */
  open(buffer: Uint8Array, start = 0, end: number = buffer.length): void {
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.#data = undefined;
    }
    this.offset = start;
    this.end = end;
    this.failed = false;
  }

  get #view(): DataView {
    const { buffer } = this;
    this.#data ??= new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    return this.#data;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** True when every byte was read and nothing failed. */
  get finished(): boolean {
    return !this.failed && this.offset === this.end;
  }

  fail(): void {
    this.failed = true;
    this.offset = this.end;
  }

  #take(count: number): boolean {
    if (this.end - this.offset < count) {
      this.fail();
      return false;
    }
    this.offset += count;
    return true;
  }

  u8(): number {
    if (this.offset >= this.end) {
      this.fail();
      return 0;
    }
    return this.buffer[this.offset++]!;
  }

  u16(): number {
    return this.#take(2) ? this.#view.getUint16(this.offset - 2, true) : 0;
  }

  u32(): number {
    return this.#take(4) ? this.#view.getUint32(this.offset - 4, true) : 0;
  }

  u16be(): number {
    return this.#take(2) ? this.#view.getUint16(this.offset - 2) : 0;
  }

  u32be(): number {
    return this.#take(4) ? this.#view.getUint32(this.offset - 4) : 0;
  }

  u64be(): bigint {
    return this.#take(8) ? this.#view.getBigUint64(this.offset - 8) : 0n;
  }

  i64(): bigint {
    return this.#take(8) ? this.#view.getBigInt64(this.offset - 8, true) : 0n;
  }

  f32(): number {
    return this.#take(4) ? this.#view.getFloat32(this.offset - 4, true) : 0;
  }

  f64(): number {
    return this.#take(8) ? this.#view.getFloat64(this.offset - 8, true) : 0;
  }

  f32be(): number {
    return this.#take(4) ? this.#view.getFloat32(this.offset - 4) : 0;
  }

  f64be(): number {
    return this.#take(8) ? this.#view.getFloat64(this.offset - 8) : 0;
  }

  /** A view into the buffer, not a copy. */
  bytes(count: number): Uint8Array {
    return this.#take(count) ? this.buffer.subarray(this.offset - count, this.offset) : EMPTY_BYTES;
  }

  /** A copy. */
  copy(count: number): Uint8Array {
    if (!this.#take(count)) return EMPTY_BYTES;
    const { buffer, offset } = this;
    if (count > SHORT_COPY_BYTES) return buffer.slice(offset - count, offset);
    const copied = new Uint8Array(count);
    for (let i = 0, from = offset - count; i < count; i++) copied[i] = buffer[from + i]!;
    return copied;
  }

  skip(count: number): void {
    this.#take(count);
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 1; ; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        // A longer spelling of the same number would give one message two sets of bytes.
        if ((byte === 0 && count > 1) || value > Number.MAX_SAFE_INTEGER) this.fail();
        return this.failed ? 0 : value;
      }
      if (count === 8) {
        this.fail();
        return 0;
      }
      scale *= 128;
    }
  }

  svarint(): number {
    const zigzag = this.varint();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
}

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
