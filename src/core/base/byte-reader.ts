import { copyBytes, EMPTY_BYTES } from "./byte-arrays.js";

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
    const copied = new Uint8Array(count);
    copyBytes(this.buffer, this.offset - count, this.offset, copied, 0);
    return copied;
  }

  /** A copy of what was read from `start` on. */
  since(start: number): Uint8Array {
    const copied = new Uint8Array(this.offset - start);
    copyBytes(this.buffer, start, this.offset, copied, 0);
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
