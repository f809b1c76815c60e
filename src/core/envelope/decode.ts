import { utf8Decode } from "../base/text.js";
import { setOwn, type Value } from "../base/value.js";
import {
  CBOR_F16,
  CBOR_F32,
  CBOR_F64,
  CBOR_FALSE,
  CBOR_NULL,
  CBOR_TRUE,
  F16_NAN,
  f16Bits,
  f16Value,
} from "./cbor-write.js";
import { MAX_DEPTH } from "./limits.js";

/**
 * Why bytes are not a canonical value.
 *
 * - `truncated` they end too early; `trailing` they go on after the value
 * - `not-shortest` a length, integer or float has a shorter spelling
 * - `integral-float` a float that the integer spells; `nan` another NaN than f97e00
 * - `tag`, `indefinite`, `reserved`, `simple` forms that the profile leaves out
 * - `text` not well-formed UTF-8
 * - `key-type` a key that is no text; `key-order`, `duplicate-key`
 * - `too-deep` more than 32 levels
 */
export type CodecRefusal =
  | "truncated"
  | "trailing"
  | "not-shortest"
  | "integral-float"
  | "nan"
  | "tag"
  | "indefinite"
  | "reserved"
  | "simple"
  | "text"
  | "key-type"
  | "key-order"
  | "duplicate-key"
  | "too-deep";

/** Bytes that are not the canonical CBOR of any value. `offset` is where the offending item or byte stands. */
export class CodecError extends Error {
  override readonly name = "CodecError";
  readonly code: CodecRefusal;
  readonly offset: number;

  constructor(code: CodecRefusal, offset: number) {
    super(`not canonical CBOR: ${code} at byte ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}

/**
 * The value that canonical CBOR stands for; `encode` of it gives the same bytes. Throws `CodecError` for every
 * other sequence of bytes. Maps become plain objects of own properties (a `__proto__` key too), byte strings
 * copies, integers outside the safe range bigints. Takes time and memory in proportion to the bytes present.
 */
export function decode(bytes: Uint8Array): Value {
  const decoder = new Decoder(bytes);
  const value = decoder.value(0);
  if (decoder.offset < bytes.length) throw new CodecError("trailing", decoder.offset);
  return value;
}

class Decoder {
  offset = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads one item that stands inside `depth` containers. */
  value(depth: number): Value {
    const start = this.offset;
    const initial = this.#initial();
    switch (initial >> 5) {
      case 0: {
        const argument = this.#argument(initial, start);
        return argument <= Number.MAX_SAFE_INTEGER ? argument : this.#bigArgument(start);
      }
      case 1: {
        const argument = this.#argument(initial, start);
        return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : -1n - this.#bigArgument(start);
      }
      case 2:
        // A slice of a Node Buffer would share its memory.
        return new Uint8Array(this.#bytes.subarray(this.#body(initial, start), this.offset));
      case 3:
        return this.#text(initial, start);
      case 4:
        return this.#array(initial, start, depth);
      case 5:
        return this.#map(initial, start, depth);
      case 6:
        throw new CodecError("tag", start);
      default:
        return this.#simple(initial, start);
    }
  }

  #initial(): number {
    if (this.offset === this.#bytes.length) throw new CodecError("truncated", this.offset);
    return this.#bytes[this.offset++]!;
  }

  /** Steps over `count` bytes and returns where they begin. */
  #skip(count: number, start: number): number {
    if (count > this.#bytes.length - this.offset) throw new CodecError("truncated", start);
    this.offset += count;
    return this.offset - count;
  }

  /** The argument of an item's head; beyond the safe range only its size is right, not its last digits. */
  #argument(initial: number, start: number): number {
    const info = initial & 0x1f;
    if (info < 24) return info;
    if (info > 27) throw new CodecError(info === 31 ? "indefinite" : "reserved", start);
    const at = this.#skip(1 << (info - 24), start);
    let argument: number;
    let least: number;
    if (info === 24) {
      argument = this.#bytes[at]!;
      least = 24;
    } else if (info === 25) {
      argument = this.#view.getUint16(at);
      least = 0x100;
    } else if (info === 26) {
      argument = this.#view.getUint32(at);
      least = 0x1_0000;
    } else {
      argument = this.#view.getUint32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4);
      least = 0x1_0000_0000;
    }
    if (argument < least) throw new CodecError("not-shortest", start);
    return argument;
  }

  #bigArgument(start: number): bigint {
    return this.#view.getBigUint64(start + 1);
  }

  /** Steps over the body of a byte or text string and returns where it begins; it ends at `offset`. */
  #body(initial: number, start: number): number {
    return this.#skip(this.#argument(initial, start), start);
  }

  #text(initial: number, start: number): string {
    const text = utf8Decode(this.#bytes, this.#body(initial, start), this.offset);
    if (typeof text === "number") throw new CodecError("text", text);
    return text;
  }

  /** The number of items of a container, never more than the bytes present can hold. */
  #count(initial: number, start: number, depth: number, leastBytesEach: number): number {
    const count = this.#argument(initial, start);
    if (depth === MAX_DEPTH) throw new CodecError("too-deep", start);
    if (count * leastBytesEach > this.#bytes.length - this.offset) throw new CodecError("truncated", start);
    return count;
  }

  #array(initial: number, start: number, depth: number): Value[] {
    const count = this.#count(initial, start, depth, 1);
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #map(initial: number, start: number, depth: number): { [key: string]: Value } {
    const count = this.#count(initial, start, depth, 2);
    const map: { [key: string]: Value } = {};
    let previousStart = -1;
    let previousEnd = -1;
    for (let i = 0; i < count; i++) {
      const keyStart = this.offset;
      const keyInitial = this.#initial();
      if (keyInitial >> 5 !== 3) throw new CodecError("key-type", keyStart);
      const key = this.#text(keyInitial, keyStart);
      if (i > 0) this.#checkOrder(previousStart, previousEnd, keyStart);
      previousStart = keyStart;
      previousEnd = this.offset;
      setOwn(map, key, this.value(depth + 1));
    }
    return map;
  }

  /** Two encoded keys, the second ending at `offset`: strictly ascending, byte by byte. */
  #checkOrder(firstStart: number, firstEnd: number, secondStart: number): void {
    const length = Math.min(firstEnd - firstStart, this.offset - secondStart);
    for (let i = 0; i < length; i++) {
      const difference = this.#bytes[firstStart + i]! - this.#bytes[secondStart + i]!;
      if (difference < 0) return;
      if (difference > 0) throw new CodecError("key-order", secondStart);
    }
    // The head tells the length, so keys that agree so far are equal.
    throw new CodecError("duplicate-key", secondStart);
  }

  #simple(initial: number, start: number): Value {
    switch (initial) {
      case CBOR_FALSE:
        return false;
      case CBOR_TRUE:
        return true;
      case CBOR_NULL:
        return null;
      case CBOR_F16: {
        const bits = this.#view.getUint16(this.#skip(2, start));
        return this.#float(f16Value(bits), bits === F16_NAN, true, start);
      }
      case CBOR_F32: {
        const value = this.#view.getFloat32(this.#skip(4, start));
        return this.#float(value, false, f16Bits(value) < 0, start);
      }
      case CBOR_F64: {
        const value = this.#view.getFloat64(this.#skip(8, start));
        return this.#float(value, false, Math.fround(value) !== value, start);
      }
      default:
        throw new CodecError(refusalOfSimple(initial & 0x1f), start);
    }
  }

  #float(value: number, canonicalNan: boolean, shortest: boolean, start: number): number {
    if (Number.isNaN(value) && !canonicalNan) throw new CodecError("nan", start);
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) throw new CodecError("integral-float", start);
    if (!shortest) throw new CodecError("not-shortest", start);
    return value;
  }
}

function refusalOfSimple(info: number): CodecRefusal {
  if (info === 31) return "indefinite";
  return info >= 28 ? "reserved" : "simple";
}
