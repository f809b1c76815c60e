import type { ByteReader, ByteWriter } from "../core/base/bytes.js";
import { Tag } from "./state-tags.js";

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

interface TypedArrayType {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArray;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray;
}

/** In the order of their numbers in a saved state, which must not change. */
export const TYPED_ARRAY_TYPES: readonly TypedArrayType[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as unknown as readonly TypedArrayType[];

const PROTOTYPES: readonly unknown[] = TYPED_ARRAY_TYPES.map(
  (type) => (type as { prototype?: unknown }).prototype,
);

export const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** The number of the array's type, or −1 for a subclass. */
export const typedArrayNumber = (value: TypedArray): number =>
  PROTOTYPES.indexOf(Object.getPrototypeOf(value));

/** Raw elements are little-endian on every machine that browsers and Node run on; on another they are turned. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const rawBytes = (array: TypedArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Appends type, length and elements; every NaN alike. */
export function writeTypedArray(writer: ByteWriter, number: number, array: TypedArray): void {
  writer.u8(Tag.typedArray + number);
  writer.varint(array.length);
  const start = writer.length;
  writer.bytes(rawBytes(array));
  const width = array.BYTES_PER_ELEMENT;
  const written = writer.buffer.subarray(start, writer.length);
  if (array instanceof Float32Array || array instanceof Float64Array) settleNaNs(array, written);
  if (!LITTLE_ENDIAN) turnElements(written, width);
}

/** The array of type `number` whose length and elements come next. A snapshot is our own: no check beyond that. */
export function readTypedArray(reader: ByteReader, number: number): TypedArray {
  const type = TYPED_ARRAY_TYPES[number]!;
  const array = new type(reader.varint());
  const raw = rawBytes(array);
  raw.set(reader.bytes(raw.length));
  if (!LITTLE_ENDIAN) turnElements(raw, type.BYTES_PER_ELEMENT);
  return array;
}

/**
 * Gives every NaN of `array` one spelling in `copy`, its bytes elsewhere: engines and processors disagree about a
 * NaN's bits, and no arithmetic shows them.
 */
export function settleNaNs(array: Float32Array | Float64Array, copy: Uint8Array): void {
  const width = array.BYTES_PER_ELEMENT;
  for (let i = 0; i < array.length; i++) {
    const element = array[i]!;
    // biome-ignore lint/suspicious/noSelfCompare: the fastest test for NaN
    if (element === element) continue;
    const end = (i + 1) * width;
    copy.fill(0, end - width, end - 2);
    copy[end - 2] = width === 8 ? 0xf8 : 0xc0;
    copy[end - 1] = 0x7f;
  }
}

function turnElements(bytes: Uint8Array, width: number): void {
  for (let at = 0; width > 1 && at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
