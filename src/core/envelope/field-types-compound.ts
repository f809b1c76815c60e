import type { ChronosTick } from "../base/brand.js";
import { refuseGame } from "../base/errors.js";
import { CBOR_FALSE, CBOR_TRUE, MAJOR_ARRAY, writeHead, writeInteger } from "./cbor-write.js";
import { type FieldType, inside, PayloadError, shown, type ValueCodec } from "./field-type.js";
import { checkMaximum, varintLength } from "./field-types-text.js";
import { MAX_LIST_NESTING, MAX_TICK_DISTANCE } from "./limits.js";

/** A value that takes no bytes, since a flag has told it. */
const toldByFlag = (value: boolean): ValueCodec<boolean> => ({
  maxBytes: 0,
  write() {},
  skim() {},
  read: () => value,
  transcode(_reader, writer) {
    writer.u8(value ? CBOR_TRUE : CBOR_FALSE);
  },
});

/** True or false: one bit of the flags as a field, one byte in a list. */
export const boolType: FieldType<boolean, boolean, "required"> = {
  presence: "required",
  description: "bool",
  listNesting: 0,
  maxBytes: 1,
  flag: {
    isSet(value) {
      if (typeof value !== "boolean")
        throw new PayloadError("", `must be true or false, not ${shown(value)}`);
      return value;
    },
    whenSet: toldByFlag(true),
    whenClear: toldByFlag(false),
  },
  write(writer, value) {
    if (typeof value !== "boolean") throw new PayloadError("", `must be true or false, not ${shown(value)}`);
    writer.u8(value ? 1 : 0);
  },
  skim(reader) {
    if (reader.u8() > 1) reader.fail();
  },
  read: (reader) => reader.u8() === 1,
  transcode(reader, writer) {
    writer.u8(reader.u8() === 1 ? CBOR_TRUE : CBOR_FALSE);
  },
};

/** A tick as its signed distance from the event's own, so that a repeated sample repeats the distance. */
const tickDistance: ValueCodec<ChronosTick> = {
  maxBytes: 5,
  write(writer, value, chronos) {
    const distance = (value as number) - chronos;
    if (!Number.isInteger(value) || Math.abs(distance) > MAX_TICK_DISTANCE) {
      throw new PayloadError("", `must be a tick near ${chronos}, not ${shown(value)}`);
    }
    writer.svarint(distance);
  },
  skim(reader) {
    if (Math.abs(reader.svarint()) > MAX_TICK_DISTANCE) reader.fail();
  },
  read: (reader, chronos) => (chronos + reader.svarint()) as ChronosTick,
  transcode(reader, writer, chronos) {
    writeInteger(writer, chronos + reader.svarint());
  },
};

/**
 * A tick; a field that is left out, or that holds the event's own tick, is one clear bit. Whoever sends it may name
 * any tick within 2^31 of the event's own, before tick 0 too: a game that looks something up by it checks it first.
 */
export const tickType: FieldType<ChronosTick, number, "own-tick"> = {
  ...tickDistance,
  presence: "own-tick",
  description: "tick",
  listNesting: 0,
  flag: {
    isSet: (value, chronos) => value !== undefined && value !== chronos,
    whenSet: {
      ...tickDistance,
      skim(reader) {
        const distance = reader.svarint();
        // A distance of 0 is the clear bit's to tell.
        if (distance === 0 || Math.abs(distance) > MAX_TICK_DISTANCE) reader.fail();
      },
    },
    whenClear: {
      maxBytes: 0,
      write() {},
      skim() {},
      read: (_reader, chronos) => chronos,
      transcode(_reader, writer, chronos) {
        writeInteger(writer, chronos);
      },
    },
  },
};

/** A field that may be absent: `undefined`, and no key in the canonical map. Not inside lists. */
export function optionalType<Payload, Emitted>(
  of: FieldType<Payload, Emitted>,
): FieldType<Payload | undefined, Emitted | undefined, "optional"> {
  if (of.presence === "optional") refuseGame("t.optional of t.optional says nothing");
  return {
    ...of,
    presence: "optional",
    description: ["optional", of.description],
    flag: { isSet: (value) => value !== undefined, whenSet: of, whenClear: undefined },
  } as FieldType<Payload | undefined, Emitted | undefined, "optional">;
}

/** At most `max` values of one type, in order. */
export function listType<Payload, Emitted>(
  of: FieldType<Payload, Emitted>,
  max: number,
): FieldType<Payload[], readonly Emitted[], "required"> {
  checkMaximum("t.list", max);
  if (of.presence === "optional") refuseGame("t.list cannot hold t.optional values");
  if (of.listNesting === MAX_LIST_NESTING) {
    refuseGame(`t.list stands more than ${MAX_LIST_NESTING} levels deep`);
  }
  return {
    presence: "required",
    description: ["list", of.description, max],
    listNesting: of.listNesting + 1,
    maxBytes: varintLength(max) + max * of.maxBytes,
    write(writer, value, chronos) {
      if (!Array.isArray(value)) throw new PayloadError("", `must be an array, not ${shown(value)}`);
      const { length } = value;
      if (length > max) throw new PayloadError("", `holds ${length} values where ${max} are allowed`);
      writer.varint(length);
      let i = 0;
      try {
        for (; i < length; i++) of.write(writer, value[i], chronos);
      } catch (error) {
        throw inside(`[${i}]`, error);
      }
    },
    skim(reader) {
      const count = reader.varint();
      if (count > max) reader.fail();
      for (let i = 0; i < count && !reader.failed; i++) of.skim(reader);
    },
    read(reader, chronos) {
      const items: Payload[] = [];
      const count = reader.varint();
      for (let i = 0; i < count; i++) items.push(of.read(reader, chronos));
      return items;
    },
    transcode(reader, writer, chronos) {
      const count = reader.varint();
      writeHead(writer, MAJOR_ARRAY, count);
      for (let i = 0; i < count; i++) of.transcode(reader, writer, chronos);
    },
  };
}
