import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { writeBigInteger, writeInteger, writeNumber } from "./cbor-write.js";
import { type FieldType, PayloadError, shown } from "./field-type.js";

type NumberType = FieldType<number, number, "required">;
type BigIntType = FieldType<bigint, bigint, "required">;

const F32_NAN = 0x7fc0_0000;
const F64_NAN_HIGH = 0x7ff8_0000;

interface FixedInteger {
  readonly name: string;
  readonly bits: 8 | 16 | 32;
  readonly signed: boolean;
}

/** A whole number in one, two or four bytes, little-endian, as two's complement. */
function integer({ name, bits, signed }: FixedInteger): NumberType {
  const range = bits === 32 ? 0x1_0000_0000 : 1 << bits;
  const least = signed ? -range / 2 : 0;
  const most = least + range - 1;
  const read = (reader: ByteReader): number => {
    const raw = bits === 8 ? reader.u8() : bits === 16 ? reader.u16() : reader.u32();
    return raw > most ? raw - range : raw;
  };
  return {
    presence: "required",
    description: name,
    listNesting: 0,
    maxBytes: bits / 8,
    write(writer, value) {
      if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) {
        throw new PayloadError("", `must be a whole number from ${least} to ${most}, not ${shown(value)}`);
      }
      const raw = (value as number) < 0 ? (value as number) + range : (value as number);
      if (bits === 8) writer.u8(raw);
      else if (bits === 16) writer.u16(raw);
      else writer.u32(raw);
    },
    skim(reader) {
      read(reader);
    },
    read,
    transcode(reader, writer) {
      writeInteger(writer, read(reader));
    },
  };
}

export const u8Type: NumberType = integer({ name: "u8", bits: 8, signed: false });
export const i8Type: NumberType = integer({ name: "i8", bits: 8, signed: true });
export const u16Type: NumberType = integer({ name: "u16", bits: 16, signed: false });
export const i16Type: NumberType = integer({ name: "i16", bits: 16, signed: true });
export const u32Type: NumberType = integer({ name: "u32", bits: 32, signed: false });
export const i32Type: NumberType = integer({ name: "i32", bits: 32, signed: true });

export const i64Type: BigIntType = {
  presence: "required",
  description: "i64",
  listNesting: 0,
  maxBytes: 8,
  write(writer, value) {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      throw new PayloadError("", `must be a bigint of 64 bits, not ${shown(value)}`);
    }
    writer.i64(value);
  },
  skim(reader) {
    reader.skip(8);
  },
  read: (reader) => reader.i64(),
  transcode(reader, writer) {
    writeBigInteger(writer, reader.i64());
  },
};

export const f32Type: NumberType = {
  presence: "required",
  description: "f32",
  listNesting: 0,
  maxBytes: 4,
  write(writer, value) {
    checkNumber(value);
    // Engines may write any NaN: the bits of the one are spelled out.
    if (Number.isNaN(value)) writer.u32(F32_NAN);
    else writer.f32(value);
  },
  skim(reader) {
    const bits = reader.u32();
    if ((bits & 0x7fff_ffff) > 0x7f80_0000 && bits !== F32_NAN) reader.fail();
  },
  read: (reader) => reader.f32(),
  transcode(reader, writer) {
    writeNumber(writer, reader.f32());
  },
};

export const f64Type: NumberType = {
  presence: "required",
  description: "f64",
  listNesting: 0,
  maxBytes: 8,
  write(writer, value) {
    checkNumber(value);
    if (Number.isNaN(value)) writeF64Nan(writer);
    else writer.f64(value);
  },
  skim(reader) {
    const low = reader.u32();
    const high = reader.u32();
    const magnitude = high & 0x7fff_ffff;
    const isNan = magnitude > 0x7ff0_0000 || (magnitude === 0x7ff0_0000 && low !== 0);
    if (isNan && (high !== F64_NAN_HIGH || low !== 0)) reader.fail();
  },
  read: (reader) => reader.f64(),
  transcode(reader, writer) {
    writeNumber(writer, reader.f64());
  },
};

function writeF64Nan(writer: ByteWriter): void {
  writer.u32(0);
  writer.u32(F64_NAN_HIGH);
}

function checkNumber(value: unknown): asserts value is number {
  if (typeof value !== "number") throw new PayloadError("", `must be a number, not ${shown(value)}`);
}
