import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../base/brand.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import type { Value } from "../base/value.js";
import { EventCatalog } from "./catalog.js";
import { decode, encode } from "./codec.js";
import { undeclaredEvent } from "./declare.js";
import { PayloadError } from "./field-type.js";
import { MAX_FREE_PAYLOAD_BYTES } from "./limits.js";

const catalog = EventCatalog.compile({ hit: undeclaredEvent });
const tick = chronosTick(7);
const kairos = "0".repeat(32) as KairosBranchId;

const skims = (compact: Uint8Array): boolean => {
  const reader = new ByteReader(compact);
  catalog.kinds[0]!.skim(reader);
  return reader.finished;
};

const nested = (depth: number): Value => (depth === 0 ? 1 : [nested(depth - 1)]);

describe("a kind without declared fields", () => {
  test("EN-170 carries any payload that has a canonical form, and gives it back equal", () => {
    const value = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: "grapheme" }),
        fc.uint8Array({ maxLength: 8 }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: "grapheme-ascii" }), tie("value"), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (payload) => {
        const content = catalog.pack("hit", payload, tick);
        expect(skims(content.compact)).toBe(true);
        expect(encode(catalog.unpack(content, tick) as Value)).toEqual(encode(payload));
        const envelope = catalog.envelope(content, 0, tick, kairos, asSlot(1));
        const whole = decode(catalog.canonicalBytes(envelope)) as { payload: Value };
        expect(encode(whole.payload)).toEqual(encode(payload));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test("EN-171 refuses what is too long, too deep or has no canonical form", () => {
    const long = "x".repeat(MAX_FREE_PAYLOAD_BYTES);
    for (const payload of [long, nested(32), () => 1, undefined, { a: Symbol("s") }, "\ud800"]) {
      expect(() => catalog.pack("hit", payload, tick)).toThrow(PayloadError);
    }
    expect(() => catalog.pack("hit", nested(30), tick)).not.toThrow();
    const content = catalog.pack("hit", nested(30), tick);
    const bytes = catalog.canonicalBytes(catalog.envelope(content, 0, tick, kairos, asSlot(0)));
    expect(encode(decode(bytes))).toEqual(bytes);
  });

  test("EN-172 takes from the wire only the one spelling of one payload", () => {
    const spelled = (...bytes: number[]): Uint8Array => {
      const writer = new ByteWriter();
      writer.varint(bytes.length);
      writer.bytes(Uint8Array.from(bytes));
      return writer.finish();
    };
    expect(skims(spelled(0x81, 0x05))).toBe(true);
    expect(skims(spelled(0x81, 0x18, 0x05))).toBe(false);
    expect(skims(spelled(0x05))).toBe(false);
    expect(skims(spelled(0x82, 0x05, 0x05))).toBe(false);
    expect(skims(spelled(0x81, 0x05, 0x05))).toBe(false);
    expect(skims(spelled())).toBe(false);
    expect(skims(Uint8Array.of(3, 0x81, 0x05))).toBe(false);
  });

  test("EN-173 is told from a kind with fields by the game's fingerprint", () => {
    expect(catalog.description).toEqual({
      hit: { fields: "any", predict: "none", aionWeight: 0, claims: [false, false] },
    });
  });
});
