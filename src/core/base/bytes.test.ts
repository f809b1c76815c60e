import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter, concatBytes, equalBytes } from "./bytes.js";
import { InvariantError } from "./invariant.js";
import { toHex } from "./text.js";

const written = (write: (writer: ByteWriter) => void): string => {
  const writer = new ByteWriter(1);
  write(writer);
  return toHex(writer.finish());
};

const readerOf = (...bytes: number[]): ByteReader => new ByteReader(Uint8Array.from(bytes));

describe("ByteWriter and ByteReader", () => {
  test("EN-160 every fixed-size form has the documented byte order", () => {
    expect(written((w) => w.u16(0x0102))).toBe("0201");
    expect(written((w) => w.u32(0x01020304))).toBe("04030201");
    expect(written((w) => w.u16be(0x0102))).toBe("0102");
    expect(written((w) => w.u32be(0x01020304))).toBe("01020304");
    expect(written((w) => w.u64be(0x0102030405060708n))).toBe("0102030405060708");
    expect(written((w) => w.i64(-2n))).toBe("feffffffffffffff");
    expect(written((w) => w.f32(1.5))).toBe("0000c03f");
    expect(written((w) => w.f64(1.5))).toBe("000000000000f83f");
    expect(written((w) => w.f32be(1.5))).toBe("3fc00000");
    expect(written((w) => w.f64be(1.5))).toBe("3ff8000000000000");
  });

  test("EN-160 parts of arrays and whole writers are copied byte by byte, whatever their length", () => {
    const source = new Uint8Array(200).map((_, i) => 7 * i + 3);
    for (let length = 0; length <= 130; length++) {
      const part = new ByteWriter(1);
      part.copy(source, 5, 5 + length);
      const whole = new ByteWriter(1);
      whole.u8(9);
      whole.append(part);
      expect(part.finish()).toEqual(source.slice(5, 5 + length));
      expect(whole.finish()).toEqual(concatBytes(Uint8Array.of(9), source.slice(5, 5 + length)));
      const reader = new ByteReader(source);
      reader.skip(5);
      expect(reader.copy(length)).toEqual(source.slice(5, 5 + length));
      expect(reader.since(2)).toEqual(source.slice(2, 5 + length));
      expect(reader.failed).toBe(false);
      reader.skip(200);
      expect(reader.failed).toBe(true);
      expect(reader.copy(1)).toHaveLength(0);
    }
  });

  test("a view shows what was written last, also after the buffer grew", () => {
    const writer = new ByteWriter(1);
    for (const byte of [1, 2, 3]) {
      writer.reset();
      writer.u8(byte);
      expect([...writer.view()]).toEqual([byte]);
    }
    writer.u32(4);
    expect([...writer.view()]).toEqual([3, 4, 0, 0, 0]);
    writer.reset();
    writer.u8(5);
    expect([...writer.view()]).toEqual([5]);
  });

  test("EN-160 what was written is read back, in any mix and from a buffer that starts anywhere", () => {
    const item = fc.oneof(
      fc.record({ type: fc.constant("u8" as const), value: fc.integer({ min: 0, max: 255 }) }),
      fc.record({ type: fc.constant("u16" as const), value: fc.integer({ min: 0, max: 0xffff }) }),
      fc.record({ type: fc.constant("u32be" as const), value: fc.integer({ min: 0, max: 0xffff_ffff }) }),
      fc.record({
        type: fc.constant("u64be" as const),
        value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      }),
      fc.record({
        type: fc.constant("i64" as const),
        value: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
      }),
      fc.record({ type: fc.constant("f64" as const), value: fc.double() }),
      fc.record({ type: fc.constant("varint" as const), value: fc.maxSafeNat() }),
      fc.record({
        type: fc.constant("svarint" as const),
        value: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(item), fc.nat(9), (items, lead) => {
        const writer = new ByteWriter(1);
        for (const { type, value } of items) (writer[type] as (value: unknown) => void).call(writer, value);
        const shifted = concatBytes(new Uint8Array(lead), writer.view(), new Uint8Array(3)).subarray(lead);
        const reader = new ByteReader();
        reader.open(shifted, 0, writer.length);
        for (const { type, value } of items) expect(reader[type]()).toBe(value);
        expect(reader.finished).toBe(true);
      }),
      { seed: 1601, numRuns: 500 },
    );
  });

  test("EN-161 a varint has one spelling, the shortest", () => {
    expect(written((w) => w.varint(0))).toBe("00");
    expect(written((w) => w.varint(127))).toBe("7f");
    expect(written((w) => w.varint(128))).toBe("8001");
    expect(written((w) => w.varint(300))).toBe("ac02");
    expect(written((w) => w.varint(Number.MAX_SAFE_INTEGER))).toBe("ffffffffffffff0f");
    const twoByte: number[] = [];
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const reader = readerOf(first, second);
        const value = reader.varint();
        if (reader.failed || !reader.finished) continue;
        twoByte.push(value);
        expect(written((w) => w.varint(value))).toBe(toHex(Uint8Array.of(first, second)));
      }
    }
    expect(new Set(twoByte).size).toBe(16_384 - 128);
  });

  test.each([
    ["a zero at the end", [0x80, 0x00]],
    ["a zero at the end of three", [0x81, 0x80, 0x00]],
    ["no end", [0x80]],
    ["nine bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ["more than the safe range", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10]],
  ])("EN-161 a varint with %s fails the reader", (_what, bytes) => {
    const reader = readerOf(...bytes);
    expect(reader.varint()).toBe(0);
    expect(reader.failed).toBe(true);
  });

  test("EN-161 writing a varint that is none is our own mistake", () => {
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => new ByteWriter().varint(value)).toThrow(InvariantError);
    }
  });

  test("EN-162 after a failed read every read gives zero or nothing and the failure stays", () => {
    const reader = readerOf(1, 2, 3);
    expect(reader.u32()).toBe(0);
    expect(reader.failed).toBe(true);
    expect(reader.remaining).toBe(0);
    expect([reader.u8(), reader.u16(), reader.u32be(), reader.f32(), reader.f64(), reader.varint()]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect([reader.u64be(), reader.i64()]).toEqual([0n, 0n]);
    expect(reader.bytes(0)).toHaveLength(0);
    expect(reader.bytes(1)).toHaveLength(0);
    expect(reader.finished).toBe(false);
    reader.open(Uint8Array.of(7));
    expect(reader.u8()).toBe(7);
    expect(reader.finished).toBe(true);
  });

  test("EN-162 a reader never goes past its end, though the buffer does", () => {
    const reader = new ByteReader();
    reader.open(Uint8Array.of(1, 2, 3, 4, 5), 1, 3);
    expect(reader.u16()).toBe(0x0302);
    expect(reader.u8()).toBe(0);
    expect(reader.failed).toBe(true);
  });

  test("a view shows what was written, a finished copy outlives the next message", () => {
    const writer = new ByteWriter(4);
    writer.u32be(0x01020304);
    const copy = writer.finish();
    writer.reset();
    writer.u32be(0x0a0b0c0d);
    expect(toHex(copy)).toBe("01020304");
    expect(toHex(writer.view())).toBe("0a0b0c0d");
  });

  test("bytes are equal when length and every byte are", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b));
        expect(equalBytes(a, a.slice())).toBe(true);
      }),
      { seed: 1603 },
    );
  });

  test("sees one other byte anywhere in long bytes, wherever they begin", () => {
    for (const length of [255, 256, 257, 259, 1024]) {
      for (const offset of [0, 1, 4]) {
        const a = new Uint8Array(length + offset).subarray(offset).fill(7);
        const b = a.slice();
        expect(equalBytes(a, b)).toBe(true);
        for (let at = 0; at < length; at++) {
          b[at] = 8;
          expect(equalBytes(a, b)).toBe(false);
          b[at] = 7;
        }
      }
    }
  });
});
