import { type ChronosTick, chronosTick } from "../base/brand.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { refuseGame } from "../base/errors.js";
import type { Value } from "../base/value.js";
import { canonicalText, MAJOR_MAP, writeHead } from "./cbor-write.js";
import { compareKeys } from "./encode.js";
import {
  type Fields,
  type FieldType,
  type Flag,
  inside,
  PayloadError,
  type PayloadOfFields,
  shown,
  type ValueCodec,
} from "./field-type.js";
import { MAX_FIELDS, MAX_PAYLOAD_BYTES } from "./limits.js";
import { isName, NAME_RULE } from "./names.js";

interface RecordField {
  readonly name: string;
  readonly type: FieldType<unknown>;
  readonly flag: Flag | undefined;
  /** Its place among the flags: which byte, which bit in it. */
  readonly flagByte: number;
  readonly flagMask: number;
  /** The name as canonical text. */
  readonly key: Uint8Array;
}

/**
 * The codec of a whole payload, compiled from its declared fields. Compact form: the flags, one bit a flagged field
 * from the lowest bit of the first byte on, the rest zero; then the fields in the canonical order of their names.
 * Canonical form: the map of the fields.
 */
export class RecordCodec {
  readonly description: Value;
  readonly maxBytes: number;
  readonly #fields: readonly RecordField[];
  readonly #flagBytes: number;
  /** Bits of the last flag byte that stand for no field. */
  readonly #unusedMask: number;
  readonly #hasOptional: boolean;

  /** `owner` names the declaration in messages: `event move`. Throws `EchoNetError` `GAME_INVALID`. */
  constructor(owner: string, fields: Fields) {
    if (typeof fields !== "object" || fields === null) {
      refuseGame(`${owner} needs its fields, such as { x: t.i8 }`);
    }
    const names = Object.keys(fields).sort(compareKeys);
    if (names.length > MAX_FIELDS) {
      refuseGame(`${owner} has ${names.length} fields; ${MAX_FIELDS} are allowed`);
    }
    let flags = 0;
    this.#fields = names.map((name) => {
      const type = fields[name]!;
      checkField(owner, name, type);
      const index = type.flag === undefined ? 0 : flags++;
      const flagMask = 1 << (index & 7);
      return { name, type, flag: type.flag, flagByte: index >> 3, flagMask, key: canonicalText(name) };
    });
    this.#flagBytes = (flags + 7) >> 3;
    this.#unusedMask = flags % 8 === 0 ? 0 : (0xff << (flags % 8)) & 0xff;
    this.#hasOptional = this.#fields.some((field) => field.type.presence === "optional");
    this.description = Object.fromEntries(this.#fields.map(({ name, type }) => [name, type.description]));
    let maxBytes = this.#flagBytes;
    for (const { type, flag } of this.#fields) maxBytes += (flag?.whenSet ?? type).maxBytes;
    if (maxBytes > MAX_PAYLOAD_BYTES) {
      refuseGame(
        `${owner} may take ${maxBytes} bytes; lower the maxima of its fields to ${MAX_PAYLOAD_BYTES} in all`,
      );
    }
    this.maxBytes = maxBytes;
  }

  /** Appends the compact form of a payload; throws `PayloadError` where it does not fit the declaration. */
  write(writer: ByteWriter, payload: unknown, chronos: ChronosTick): void {
    if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
      throw new PayloadError("", `must be an object, not ${shown(payload)}`);
    }
    const source = payload as Record<string, unknown>;
    const flagsAt = writer.length;
    for (let i = 0; i < this.#flagBytes; i++) writer.u8(0);
    let found = 0;
    for (const field of this.#fields) {
      const value = Object.hasOwn(source, field.name) ? source[field.name] : undefined;
      if (value !== undefined) found++;
      try {
        this.#writeField(writer, field, value, chronos, flagsAt);
      } catch (error) {
        throw inside(field.name, error);
      }
    }
    if (Object.keys(source).length !== found) this.#checkNames(source);
  }

  #writeField(
    writer: ByteWriter,
    field: RecordField,
    value: unknown,
    chronos: ChronosTick,
    flagsAt: number,
  ): void {
    const { flag } = field;
    if (flag === undefined) {
      if (value === undefined) throw new PayloadError("", "is missing");
      field.type.write(writer, value, chronos);
    } else if (flag.isSet(value, chronos)) {
      writer.buffer[flagsAt + field.flagByte]! |= field.flagMask;
      flag.whenSet.write(writer, value, chronos);
    }
  }

  /** A property that is undefined counts as left out; any other must be declared. */
  #checkNames(source: Record<string, unknown>): void {
    for (const name of Object.keys(source)) {
      if (source[name] !== undefined && !this.#fields.some((field) => field.name === name)) {
        throw new PayloadError("", `has a field ${shown(name)} that is not declared`);
      }
    }
  }

  /** Steps over one compact form, and fails the reader where it is not the one spelling of a declared payload. */
  skim(reader: ByteReader): void {
    const flagsAt = reader.offset;
    reader.skip(this.#flagBytes);
    if (reader.failed) return;
    if (this.#flagBytes > 0 && (reader.buffer[reader.offset - 1]! & this.#unusedMask) !== 0) {
      reader.fail();
      return;
    }
    for (const field of this.#fields) codecOf(field, reader.buffer, flagsAt)?.skim(reader);
  }

  /** A fresh payload from its compact form, which `skim` or `write` vouches for. */
  read(reader: ByteReader, chronos: ChronosTick): Record<string, unknown> {
    const flagsAt = reader.offset;
    reader.offset += this.#flagBytes;
    const payload: Record<string, unknown> = {};
    for (const field of this.#fields) {
      const codec = codecOf(field, reader.buffer, flagsAt);
      if (codec !== undefined) payload[field.name] = codec.read(reader, chronos);
    }
    return payload;
  }

  /** Appends the canonical map of a payload, from its compact form. */
  transcode(reader: ByteReader, writer: ByteWriter, chronos: ChronosTick): void {
    const flagsAt = reader.offset;
    reader.offset += this.#flagBytes;
    writeHead(
      writer,
      MAJOR_MAP,
      this.#hasOptional ? this.#present(reader.buffer, flagsAt) : this.#fields.length,
    );
    for (const field of this.#fields) {
      const codec = codecOf(field, reader.buffer, flagsAt);
      if (codec === undefined) continue;
      writer.bytes(field.key);
      codec.transcode(reader, writer, chronos);
    }
  }

  #present(buffer: Uint8Array, flagsAt: number): number {
    let count = 0;
    for (const field of this.#fields) if (codecOf(field, buffer, flagsAt) !== undefined) count++;
    return count;
  }
}

/** How the field stands in a compact form whose flags begin at `flagsAt`; undefined where it is absent. */
function codecOf(field: RecordField, buffer: Uint8Array, flagsAt: number): ValueCodec | undefined {
  if (field.flag === undefined) return field.type;
  const isSet = (buffer[flagsAt + field.flagByte]! & field.flagMask) !== 0;
  return isSet ? field.flag.whenSet : field.flag.whenClear;
}

function checkField(owner: string, name: string, type: FieldType<unknown>): void {
  if (!isName(name)) {
    refuseGame(`${owner}: ${shown(name)} cannot name a field: ${NAME_RULE}`);
  }
  if (typeof type !== "object" || type === null || typeof type.transcode !== "function") {
    refuseGame(`${owner}: the field ${name} needs a type from t, such as t.u8`);
  }
}

const codecs = new WeakMap<Fields, RecordCodec>();
const scratchWriter = new ByteWriter(1024);
const scratchReader = new ByteReader();

/** The compiled codec of fields that no event declares, such as an effect's. Throws `GAME_INVALID` where a field is wrong. */
export function compileFields(owner: string, fields: Fields): RecordCodec {
  let codec = codecs.get(fields);
  if (codec === undefined) {
    codec = new RecordCodec(owner, fields);
    codecs.set(fields, codec);
  }
  return codec;
}

/**
 * A fresh copy of `value` as the fields declare it: floats rounded to their size, one NaN, nothing shared. `path`
 * names the value in messages: `effect bang`. Throws `PayloadError` where it does not fit.
 */
export function checkFields<F extends Fields>(
  fields: F,
  value: unknown,
  path: string,
  chronos: ChronosTick = chronosTick(0),
): PayloadOfFields<F> {
  const codec = compileFields(path, fields);
  scratchWriter.reset();
  try {
    codec.write(scratchWriter, value, chronos);
  } catch (error) {
    throw inside(path, error);
  }
  scratchReader.open(scratchWriter.buffer, 0, scratchWriter.length);
  return codec.read(scratchReader, chronos) as PayloadOfFields<F>;
}
