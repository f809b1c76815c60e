import { ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { utf8Write } from "../base/text.js";

/** The major types that the profile uses, already in their place in the initial byte. */
export const MAJOR_UNSIGNED = 0x00;
export const MAJOR_NEGATIVE = 0x20;
export const MAJOR_BYTES = 0x40;
export const MAJOR_TEXT = 0x60;
export const MAJOR_ARRAY = 0x80;
export const MAJOR_MAP = 0xa0;

export const CBOR_FALSE = 0xf4;
export const CBOR_TRUE = 0xf5;
export const CBOR_NULL = 0xf6;
export const CBOR_F16 = 0xf9;
export const CBOR_F32 = 0xfa;
export const CBOR_F64 = 0xfb;
/** The one NaN, as a half-precision float. */
export const F16_NAN = 0x7e00;

const TWO_POW_32 = 0x1_0000_0000;
const SCRATCH = new DataView(new ArrayBuffer(4));

/** A major type with its argument, in the shortest form; `argument` within 0 … 2^53 − 1. */
export function writeHead(writer: ByteWriter, major: number, argument: number): void {
  if (argument < 24) {
    writer.u8(major | argument);
  } else if (argument < 0x100) {
    writer.u8(major | 24);
    writer.u8(argument);
  } else if (argument < 0x1_0000) {
    writer.u8(major | 25);
    writer.u16be(argument);
  } else if (argument < TWO_POW_32) {
    writer.u8(major | 26);
    writer.u32be(argument);
  } else {
    writer.u8(major | 27);
    writer.u32be(Math.floor(argument / TWO_POW_32));
    writer.u32be(argument % TWO_POW_32);
  }
}

/** A whole number in the safe range. */
export function writeInteger(writer: ByteWriter, value: number): void {
  if (value >= 0) writeHead(writer, MAJOR_UNSIGNED, value);
  else writeHead(writer, MAJOR_NEGATIVE, -1 - value);
}

/** A whole number within −2^64 … 2^64 − 1; inside the safe range it is spelled as the equal number is. */
export function writeBigInteger(writer: ByteWriter, value: bigint): void {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    writeInteger(writer, Number(value));
    return;
  }
  writer.u8((value < 0n ? MAJOR_NEGATIVE : MAJOR_UNSIGNED) | 27);
  writer.u64be(value < 0n ? -1n - value : value);
}

/** Any number: as an integer where it is one of the safe range, else as the shortest float that is equal to it. */
export function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeInteger(writer, value);
    return;
  }
  if (Math.fround(value) !== value && !Number.isNaN(value)) {
    writer.u8(CBOR_F64);
    writer.f64be(value);
    return;
  }
  const half = f16Bits(value);
  if (half >= 0) {
    writer.u8(CBOR_F16);
    writer.u16be(half);
  } else {
    writer.u8(CBOR_F32);
    writer.f32be(value);
  }
}

/** Text; false, with nothing promised about what was written, where it holds a lone surrogate. */
export function writeText(writer: ByteWriter, text: string): boolean {
  // The head's size depends on the byte length, known only afterwards: room as for ASCII, and a move where not.
  writer.reserve(5 + text.length * 3);
  const guessedStart = writer.length + headLength(text.length);
  const guessedEnd = utf8Write(text, writer.buffer, guessedStart);
  if (guessedEnd < 0) return false;
  const byteLength = guessedEnd - guessedStart;
  const bodyStart = writer.length + headLength(byteLength);
  if (bodyStart !== guessedStart) writer.buffer.copyWithin(bodyStart, guessedStart, guessedEnd);
  writeHead(writer, MAJOR_TEXT, byteLength);
  writer.length = bodyStart + byteLength;
  return true;
}

const headLength = (argument: number): number =>
  argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : 5;

/** The canonical bytes of a text that is known to be well-formed: a constant of the project, or a checked name. */
export function canonicalText(text: string): Uint8Array {
  const writer = new ByteWriter(text.length * 3 + 5);
  invariant(writeText(writer, text), "a constant text is well-formed");
  return writer.finish();
}

export function writeByteString(writer: ByteWriter, bytes: Uint8Array): void {
  writeHead(writer, MAJOR_BYTES, bytes.length);
  writer.bytes(bytes);
}

/** The half-precision bits of a number that single precision holds exactly, or −1 where half precision does not. */
export function f16Bits(value: number): number {
  if (Number.isNaN(value)) return F16_NAN;
  SCRATCH.setFloat32(0, value);
  const bits = SCRATCH.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7f_ffff;
  if (exponent === 128) return sign | 0x7c00;
  if (exponent === -127) return fraction === 0 ? sign : -1;
  if (exponent > 15 || exponent < -24) return -1;
  if (exponent >= -14) {
    return (fraction & 0x1fff) === 0 ? sign | ((exponent + 15) << 10) | (fraction >>> 13) : -1;
  }
  // A subnormal half counts units of 2^−24: shift the whole significand there, if no bit is lost.
  const significand = fraction | 0x80_0000;
  const shift = -1 - exponent;
  return (significand & ((1 << shift) - 1)) === 0 ? sign | (significand >>> shift) : -1;
}

/** The number that half-precision bits stand for. */
export function f16Value(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  let magnitude: number;
  if (exponent === 0) magnitude = fraction / 0x100_0000;
  else if (exponent === 31) magnitude = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  else if (exponent >= 25) magnitude = (0x400 + fraction) * (1 << (exponent - 25));
  else magnitude = (0x400 + fraction) / (1 << (25 - exponent));
  return (bits & 0x8000) === 0 ? magnitude : -magnitude;
}
