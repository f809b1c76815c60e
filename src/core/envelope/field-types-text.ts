import { ByteWriter } from "../base/bytes.js";
import { refuseGame } from "../base/errors.js";
import { utf8Decode, utf8Write } from "../base/text.js";
import { canonicalText, MAJOR_BYTES, MAJOR_TEXT, writeHead } from "./cbor-write.js";
import { type FieldType, PayloadError, shown } from "./field-type.js";
import { MAX_CHOICES, MAX_PAYLOAD_BYTES } from "./limits.js";
import { isName, NAME_RULE } from "./names.js";

/** Text of at most `maxBytes` bytes of UTF-8; compact as its byte length and its bytes. */
export function textType(maxBytes: number): FieldType<string, string, "required"> {
  checkMaximum("t.text", maxBytes);
  const scratch = new ByteWriter(64);
  return {
    presence: "required",
    description: ["text", maxBytes],
    listNesting: 0,
    maxBytes: varintLength(maxBytes) + maxBytes,
    write(writer, value) {
      if (typeof value !== "string") throw new PayloadError("", `must be text, not ${shown(value)}`);
      // Every code unit takes at least one byte: this bounds the work before any is done.
      if (value.length > maxBytes) throw tooLong(maxBytes);
      scratch.reset();
      scratch.reserve(value.length * 3);
      const length = utf8Write(value, scratch.buffer, 0);
      if (length < 0) throw new PayloadError("", "holds a lone surrogate, which no well-formed text does");
      if (length > maxBytes) throw tooLong(maxBytes);
      scratch.length = length;
      writer.varint(length);
      writer.bytes(scratch.view());
    },
    skim(reader) {
      const length = reader.varint();
      if (length > maxBytes) reader.fail();
      const start = reader.offset;
      reader.skip(length);
      if (!reader.failed && typeof utf8Decode(reader.buffer, start, reader.offset) === "number")
        reader.fail();
    },
    read(reader) {
      const length = reader.varint();
      const start = reader.offset;
      reader.skip(length);
      return utf8Decode(reader.buffer, start, reader.offset) as string;
    },
    transcode(reader, writer) {
      const length = reader.varint();
      writeHead(writer, MAJOR_TEXT, length);
      reader.skip(length);
      writer.copy(reader.buffer, reader.offset - length, reader.offset);
    },
  };
}

/** At most `maxBytes` bytes; compact as their number and themselves. */
export function bytesType(maxBytes: number): FieldType<Uint8Array, Uint8Array, "required"> {
  checkMaximum("t.bytes", maxBytes);
  return {
    presence: "required",
    description: ["bytes", maxBytes],
    listNesting: 0,
    maxBytes: varintLength(maxBytes) + maxBytes,
    write(writer, value) {
      if (!(value instanceof Uint8Array)) {
        throw new PayloadError("", `must be a Uint8Array, not ${shown(value)}`);
      }
      if (value.length > maxBytes) throw tooLong(maxBytes);
      writer.varint(value.length);
      writer.bytes(value);
    },
    skim(reader) {
      const length = reader.varint();
      if (length > maxBytes) reader.fail();
      reader.skip(length);
    },
    read: (reader) => reader.copy(reader.varint()),
    transcode(reader, writer) {
      const length = reader.varint();
      writeHead(writer, MAJOR_BYTES, length);
      reader.skip(length);
      writer.copy(reader.buffer, reader.offset - length, reader.offset);
    },
  };
}

/** One of a few names; compact as its index in the declared order, canonical as the name. */
export function oneOfType<const Names extends readonly string[]>(
  ...names: Names
): FieldType<Names[number], Names[number], "required"> {
  if (names.length === 0 || names.length > MAX_CHOICES) {
    refuseGame(`t.oneOf takes 1 to ${MAX_CHOICES} names, not ${names.length}`);
  }
  const indices = new Map<unknown, number>();
  for (const name of names) {
    if (!isName(name)) refuseGame(`t.oneOf: ${shown(name)} is no name: ${NAME_RULE}`);
    if (indices.has(name)) refuseGame(`t.oneOf names ${shown(name)} twice`);
    indices.set(name, indices.size);
  }
  const encoded = names.map(canonicalText);
  const choices = `${names.slice(0, 8).join(", ")}${names.length > 8 ? " and others" : ""}`;
  return {
    presence: "required",
    description: ["oneOf", ...names],
    listNesting: 0,
    maxBytes: 1,
    write(writer, value) {
      const index = indices.get(value);
      if (index === undefined) {
        throw new PayloadError("", `must be one of ${choices}, not ${shown(value)}`);
      }
      writer.u8(index);
    },
    skim(reader) {
      if (reader.u8() >= names.length) reader.fail();
    },
    read: (reader) => names[reader.u8()]!,
    transcode(reader, writer) {
      writer.bytes(encoded[reader.u8()]!);
    },
  };
}

const tooLong = (maxBytes: number): PayloadError =>
  new PayloadError("", `takes more than the ${maxBytes} bytes that its declaration allows`);

/** Checks the maximum that a declaration gives: 1 … 65536. */
export function checkMaximum(type: string, maximum: unknown): void {
  if (Number.isInteger(maximum) && (maximum as number) >= 1 && (maximum as number) <= MAX_PAYLOAD_BYTES)
    return;
  refuseGame(`${type} takes a maximum from 1 to ${MAX_PAYLOAD_BYTES}, not ${shown(maximum)}`);
}

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length++;
  return length;
}
