import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { CodecError, decode, EncodeError, encode } from "./codec.js";
import { MAX_DEPTH } from "./limits.js";

const hexOf = (value: unknown): string => toHex(encode(value as Value));
const decodeHex = (hex: string): Value => decode(fromHex(hex.replaceAll(" ", ""))!);

function refusalOf(hex: string): string {
  try {
    decode(fromHex(hex.replaceAll(" ", ""))!);
    return "accepted";
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return `${error.code} at ${error.offset}`;
  }
}

function problemOf(value: unknown): string {
  try {
    return `accepted as ${hexOf(value)}`;
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    expect(error.code).toBe("INPUT_INVALID");
    return `${error.path}: ${error.problem}`;
  }
}

/** Values that are their own decoding, each beside its only spelling. */
const SPELLINGS: readonly [string, Value][] = [
  ["00", 0],
  ["17", 23],
  ["18 18", 24],
  ["18 ff", 255],
  ["19 0100", 256],
  ["19 ffff", 65_535],
  ["1a 00010000", 65_536],
  ["1a ffffffff", 4_294_967_295],
  ["1b 0000000100000000", 4_294_967_296],
  ["1b 001fffffffffffff", Number.MAX_SAFE_INTEGER],
  ["1b 0020000000000000", 2n ** 53n],
  ["1b ffffffffffffffff", 2n ** 64n - 1n],
  ["20", -1],
  ["37", -24],
  ["38 18", -25],
  ["38 ff", -256],
  ["39 0100", -257],
  ["3a ffffffff", -4_294_967_296],
  ["3b 001ffffffffffffe", Number.MIN_SAFE_INTEGER],
  ["3b 001fffffffffffff", -(2n ** 53n)],
  ["3b 7fffffffffffffff", -(2n ** 63n)],
  ["3b ffffffffffffffff", -(2n ** 64n)],
  ["f9 8000", -0],
  ["f9 3800", 0.5],
  ["f9 3e00", 1.5],
  ["f9 c100", -2.5],
  ["f9 0001", 2 ** -24],
  ["f9 03ff", 1023 * 2 ** -24],
  ["f9 0400", 2 ** -14],
  ["f9 0401", 1025 * 2 ** -24],
  ["f9 5bff", 255.875],
  ["f9 7c00", Number.POSITIVE_INFINITY],
  ["f9 fc00", Number.NEGATIVE_INFINITY],
  ["f9 7e00", Number.NaN],
  ["fa 33000000", 2 ** -25],
  ["fa 33c00000", 1.5 * 2 ** -24],
  ["fa 38801000", 2 ** -14 + 2 ** -25],
  ["fa 3dcccccd", Math.fround(0.1)],
  ["fa 477fe080", 65_504.5],
  ["fa 00000001", 2 ** -149],
  ["fa 5a000000", 2 ** 53],
  ["fa 7f7fffff", (2 - 2 ** -23) * 2 ** 127],
  ["fb 3fb999999999999a", 0.1],
  ["fb 4340000000000001", 2 ** 53 + 2],
  ["fb 7e37e43c8800759c", 1e300],
  ["fb 0000000000000001", 5e-324],
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["40", new Uint8Array(0)],
  ["43 010203", Uint8Array.of(1, 2, 3)],
  ["60", ""],
  ["63 e6b0b4", "水"],
  ["64 f0908591", "\u{10151}"],
  ["64 efbbbf61", "\ufeffa"],
  ["80", []],
  ["83 01 81 02 a0", [1, [2], {}]],
  ["a2 61 61 01 61 62 82 02 03", { a: 1, b: [2, 3] }],
];

describe("canonical CBOR", () => {
  test.each(SPELLINGS)("EN-101 EN-102 %s is the one spelling of its value", (hex, value) => {
    expect(hexOf(value)).toBe(hex.replaceAll(" ", ""));
    expect(decodeHex(hex)).toStrictEqual(value);
  });

  test("EN-101 the order in which keys were set changes nothing", () => {
    expect(hexOf({ b: 1, a: { d: 2, c: 3 } })).toBe(hexOf({ a: { c: 3, d: 2 }, b: 1 }));
    expect(hexOf(Object.assign(Object.create(null), { a: 1 }))).toBe("a1616101");
  });

  test("EN-104 a bigint in the safe range is spelled as the equal number", () => {
    for (const value of [0, 23, -24, 65_536, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(hexOf(BigInt(value))).toBe(hexOf(value));
    }
  });

  test("EN-107 keys stand in the order of their encoded bytes: shorter first, then by byte", () => {
    const keys = [
      "",
      "z",
      "aa",
      "ab",
      "zz",
      "é",
      "aaa",
      "水",
      "\ue000",
      "\uffff",
      "\u{10000}",
      "a".repeat(24),
    ];
    const encoded = encode(Object.fromEntries([...keys].reverse().map((key) => [key, 0])));
    expect(toHex(encoded)).toBe(`ac${keys.map((key) => `${hexOf(key)}00`).join("")}`);
    expect(Object.keys(decode(encoded) as object)).toEqual(keys);
  });

  test.each([
    ["an integer with a needless byte", "18 17", "not-shortest at 0"],
    ["an integer with a needless half", "19 00ff", "not-shortest at 0"],
    ["an integer with a needless word", "1a 0000ffff", "not-shortest at 0"],
    ["an integer with a needless long", "1b 00000000ffffffff", "not-shortest at 0"],
    ["a negative with a needless byte", "38 17", "not-shortest at 0"],
    ["a length with a needless byte", "58 01 00", "not-shortest at 0"],
    ["a text length with a needless byte", "81 78 01 61", "not-shortest at 1"],
    ["an array count with a needless byte", "98 01 00", "not-shortest at 0"],
    ["a map count with a needless byte", "b8 01 60 00", "not-shortest at 0"],
  ])("EN-103 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["zero as a float", "f9 0000", "integral-float at 0"],
    ["one as a float", "f9 3c00", "integral-float at 0"],
    ["an integral single", "fa 47c35000", "integral-float at 0"],
    ["the greatest safe integer as a double", "fb 433fffffffffffff", "integral-float at 0"],
    ["a single that a half holds", "fa 3fc00000", "not-shortest at 0"],
    ["a single that a subnormal half holds", "fa 33800000", "not-shortest at 0"],
    ["a double that a single holds", "fb 3fb99999a0000000", "not-shortest at 0"],
    ["a long minus zero", "fa 80000000", "not-shortest at 0"],
    ["a long infinity", "fb 7ff0000000000000", "not-shortest at 0"],
  ])("EN-105 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["a half NaN with other bits", "f9 7e01", "nan at 0"],
    ["a negative half NaN", "f9 fe00", "nan at 0"],
    ["a single NaN", "fa 7fc00000", "nan at 0"],
    ["a double NaN", "fb 7ff8000000000000", "nan at 0"],
  ])("EN-106 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["keys out of order", "a2 61 62 01 61 61 02", "key-order at 4"],
    ["a longer key before a shorter", "a2 62 61 61 01 61 62 02", "key-order at 5"],
    ["a key twice", "a2 61 61 01 61 61 02", "duplicate-key at 4"],
    ["the empty key twice", "a2 60 01 60 02", "duplicate-key at 3"],
    ["an integer as key", "a1 01 02", "key-type at 1"],
    ["bytes as key", "a1 41 61 02", "key-type at 1"],
  ])("EN-107 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["text cut inside a character", "62 61 c3", "text at 2"],
    ["an overlong character", "62 c1 a1", "text at 1"],
    ["an encoded surrogate", "63 ed a0 80", "text at 1"],
    ["a code point past the last", "64 f4 90 80 80", "text at 1"],
    ["an ill-formed key", "a1 61 ff 00", "text at 2"],
  ])("EN-108 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["a date tag", "c0 60", "tag at 0"],
    ["a bignum", "c2 41 01", "tag at 0"],
    ["self-described CBOR", "d9 d9f7 00", "tag at 0"],
    ["indefinite bytes", "5f ff", "indefinite at 0"],
    ["indefinite text", "7f ff", "indefinite at 0"],
    ["an indefinite array", "9f ff", "indefinite at 0"],
    ["an indefinite map", "bf ff", "indefinite at 0"],
    ["a break alone", "ff", "indefinite at 0"],
    ["reserved heads", "1c", "reserved at 0"],
    ["reserved heads of strings", "5e", "reserved at 0"],
    ["reserved simple heads", "fc", "reserved at 0"],
    ["undefined", "f7", "simple at 0"],
    ["an unassigned simple value", "e0", "simple at 0"],
    ["a long simple value", "f8 ff", "simple at 0"],
  ])("EN-109 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test.each([
    ["nothing", "", "truncated at 0"],
    ["half a head", "19 01", "truncated at 0"],
    ["half a float", "fb 00", "truncated at 0"],
    ["half a string", "43 01 02", "truncated at 0"],
    ["a map without its last value", "a1 61 61", "truncated at 3"],
    ["more bytes than the value", "01 02", "trailing at 1"],
  ])("EN-113 %s is refused", (_what, hex, refusal) => {
    expect(refusalOf(hex)).toBe(refusal);
  });

  test("EN-110 32 levels are the deepest, for both directions", () => {
    const nested = (levels: number): Value => {
      let value: Value = 0;
      for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { k: value };
      return value;
    };
    expect(MAX_DEPTH).toBe(32);
    expect(decode(encode(nested(32)))).toEqual(nested(32));
    expect(problemOf(nested(33))).toContain("deeper than 32 levels");
    expect(refusalOf(`${"81".repeat(32)}00`)).toBe("accepted");
    expect(refusalOf(`${"81".repeat(33)}00`)).toBe("too-deep at 32");
    expect(refusalOf(`${"81".repeat(32)}80`)).toBe("too-deep at 32");
    expect(refusalOf("81".repeat(100_000))).toBe("too-deep at 32");
  });

  test("EN-111 keys that name parts of every object decode to own properties", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "__defineGetter__"];
    const hex = hexOf(Object.fromEntries(names.map((name) => [name, { polluted: true }])));
    const decoded = decodeHex(hex) as Record<string, unknown>;
    expect(Object.keys(decoded).sort()).toEqual([...names].sort());
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(decoded, "__proto__")?.value).toEqual({ polluted: true });
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
    expect((decoded as { polluted?: unknown }).polluted).toBe(undefined);
    expect(hexOf(decoded)).toBe(hex);
  });

  test.each([
    ["byte strings", "5b ffffffffffffffff"],
    ["text", "7b 0000000100000000"],
    ["arrays", "9b ffffffffffffffff"],
    ["arrays that memory could hold", "9a 10000000 00"],
    ["maps", "bb ffffffffffffffff"],
    ["maps of one entry too many", "a2 60 00 61"],
  ])("EN-112 a claimed length of %s beyond the bytes present is refused at its head", (_what, hex) => {
    expect(refusalOf(hex)).toBe("truncated at 0");
  });

  test.each([
    ["undefined", undefined, ": is undefined"],
    ["a field that is undefined", { a: [1, undefined] }, "a[1]: is undefined"],
    ["a hole", [Object.assign([], { length: 2 })], "[0][0]: is undefined"],
    ["a function", { f: () => 0 }, "f: is a function"],
    ["a symbol", [Symbol("s")], "[0]: is a symbol"],
    ["a date", { at: new Date(0) }, "at: is a Date, not plain data"],
    ["a Map", new Map(), ": is a Map, not plain data"],
    ["another typed array", { v: new Float64Array(1) }, "v: is a Float64Array, not plain data"],
    ["an instance of a class", { v: new (class Ship {})() }, "v: is a Ship, not plain data"],
    ["a lone surrogate", { a: { b: "\ud800" } }, "a.b: holds a lone surrogate"],
    ["a lone surrogate in a key", { a: { "\udc00": 1 } }, "a.\udc00: has a lone surrogate in its key"],
    ["a bigint past 64 bits", { n: 2n ** 64n }, "n: does not fit 64 bits"],
    ["a negative bigint past 64 bits", { n: -(2n ** 64n) - 1n }, "n: does not fit 64 bits"],
  ])("EN-114 %s has no canonical form, and the path says where", (_what, value, problem) => {
    expect(problemOf(value)).toBe(problem);
  });

  test("EN-114 a cycle is refused, not followed for ever", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(problemOf(cycle)).toContain("in a cycle");
  });

  test("decoded byte strings are copies, of a Node Buffer too", () => {
    const source = Buffer.from("4401020304", "hex");
    const bytes = decode(source) as Uint8Array;
    source.fill(0);
    expect(toHex(bytes)).toBe("01020304");
    expect(bytes.constructor).toBe(Uint8Array);
  });
});
