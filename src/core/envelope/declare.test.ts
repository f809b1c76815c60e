import { describe, expect, expectTypeOf, test } from "vitest";
import { type ChronosTick, chronosTick } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import { toHex } from "../base/text.js";
import { EventCatalog } from "./catalog.js";
import { type EmittedOf, event, type PayloadOf, t } from "./declare.js";
import { type Fields, type FieldType, PayloadError } from "./field-type.js";
import { checkFields } from "./record.js";

const AT = chronosTick(100);

/** The compact bytes of `{v: value}` under one type, and what is read back. */
function through(type: FieldType<any, any>, value: unknown): { hex: string; back: unknown } {
  const catalog = EventCatalog.compile({ e: event({ v: type }) });
  const content = catalog.pack("e", { v: value }, AT);
  return { hex: toHex(content.compact), back: (catalog.unpack(content, AT) as { v: unknown }).v };
}

function problemOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    expect(error.code).toBe("INPUT_INVALID");
    return `${error.path} | ${error.problem}`;
  }
}

const refused = (type: FieldType<any, any>, value: unknown): string => problemOf(() => through(type, value));

function gameError(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof EchoNetError)) throw error;
    expect(error.code).toBe("GAME_INVALID");
    return error.hint;
  }
}

describe("field types", () => {
  test.each([
    ["u8", t.u8, 0, 255, "00", "ff"],
    ["i8", t.i8, -128, 127, "80", "7f"],
    ["u16", t.u16, 0, 65_535, "0000", "ffff"],
    ["i16", t.i16, -32_768, 32_767, "0080", "ff7f"],
    ["u32", t.u32, 0, 4_294_967_295, "00000000", "ffffffff"],
    ["i32", t.i32, -2_147_483_648, 2_147_483_647, "00000080", "ffffff7f"],
  ] as const)(
    "EN-120 %s takes exactly its range of whole numbers",
    (_name, type, least, most, leastHex, mostHex) => {
      expect(through(type, least)).toEqual({ hex: leastHex, back: least });
      expect(through(type, most)).toEqual({ hex: mostHex, back: most });
      expect(through(type, -0)).toEqual({ hex: "00".repeat(leastHex.length / 2), back: 0 });
      const problem = `must be a whole number from ${least} to ${most}, not`;
      for (const [value, shown] of [
        [least - 1, `${least - 1}`],
        [most + 1, `${most + 1}`],
        [0.5, "0.5"],
        [Number.NaN, "NaN"],
        ["1", '"1"'],
        [1n, "1n"],
        [null, "null"],
        [true, "true"],
      ] as const) {
        expect(refused(type, value)).toBe(`e.v | ${problem} ${shown}`);
      }
    },
  );

  test("EN-121 floats keep minus zero and infinity, are rounded to their size, and know one NaN", () => {
    expect(through(t.f64, -0)).toEqual({ hex: "0000000000000080", back: -0 });
    expect(through(t.f64, 0.1)).toEqual({ hex: "9a9999999999b93f", back: 0.1 });
    expect(through(t.f64, 3)).toEqual({ hex: "0000000000000840", back: 3 });
    expect(through(t.f64, Number.NaN)).toEqual({ hex: "000000000000f87f", back: Number.NaN });
    expect(through(t.f32, -0)).toEqual({ hex: "00000080", back: -0 });
    expect(through(t.f32, 0.1)).toEqual({ hex: "cdcccc3d", back: Math.fround(0.1) });
    expect(through(t.f32, Number.NEGATIVE_INFINITY)).toEqual({
      hex: "000080ff",
      back: Number.NEGATIVE_INFINITY,
    });
    expect(through(t.f32, Number.NaN)).toEqual({ hex: "0000c07f", back: Number.NaN });
    expect(refused(t.f32, "0.1")).toBe('e.v | must be a number, not "0.1"');
    expect(refused(t.f64, 1n)).toBe("e.v | must be a number, not 1n");
  });

  test("EN-122 i64 takes every bigint of 64 bits and no number", () => {
    for (const value of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])
      expect(through(t.i64, value).back).toBe(value);
    expect(refused(t.i64, 2n ** 63n)).toBe("e.v | must be a bigint of 64 bits, not a larger bigint");
    expect(refused(t.i64, 1)).toBe("e.v | must be a bigint of 64 bits, not 1");
  });

  test("EN-123 text counts the bytes of its UTF-8 and is well-formed", () => {
    expect(through(t.text(4), "水a")).toEqual({ hex: "04e6b0b461", back: "水a" });
    expect(through(t.text(4), "")).toEqual({ hex: "00", back: "" });
    const tooLong = "e.v | takes more than the 4 bytes that its declaration allows";
    expect(refused(t.text(4), "水水")).toBe(tooLong);
    expect(refused(t.text(4), "abcde")).toBe(tooLong);
    expect(refused(t.text(4), "\ud800")).toBe("e.v | holds a lone surrogate, which no well-formed text does");
    expect(refused(t.text(4), 1)).toBe("e.v | must be text, not 1");
  });

  test("EN-123 bytes are at most as many as declared, and copied", () => {
    const source = Uint8Array.of(1, 2, 3);
    const { hex, back } = through(t.bytes(3), source);
    expect(hex).toBe("03010203");
    expect(back).toEqual(source);
    expect(back).not.toBe(source);
    expect(refused(t.bytes(2), source)).toBe("e.v | takes more than the 2 bytes that its declaration allows");
    expect(refused(t.bytes(2), [1])).toBe("e.v | must be a Uint8Array, not an array");
  });

  test("EN-124 oneOf takes its names and nothing else", () => {
    const team = t.oneOf("red", "blue");
    expect(through(team, "blue")).toEqual({ hex: "01", back: "blue" });
    expect(refused(team, "green")).toBe('e.v | must be one of red, blue, not "green"');
    expect(refused(team, 0)).toBe("e.v | must be one of red, blue, not 0");
    expect(refused(t.oneOf("a"), "toString")).toBe('e.v | must be one of a, not "toString"');
  });

  test("EN-124 a list holds at most so many values, and says which one is wrong", () => {
    const list = t.list(t.list(t.u8, 3), 2);
    expect(through(list, [[1, 2], []])).toEqual({ hex: "0202010200", back: [[1, 2], []] });
    expect(refused(list, [[], [1, 2, 300]])).toBe(
      "e.v[1][2] | must be a whole number from 0 to 255, not 300",
    );
    expect(refused(list, [[], [], []])).toBe("e.v | holds 3 values where 2 are allowed");
    expect(refused(list, [[1, 2, 3, 4]])).toBe("e.v[0] | holds 4 values where 3 are allowed");
    expect(refused(list, "ab")).toBe('e.v | must be an array, not "ab"');
    expect(through(t.list(t.bool, 3), [true, false])).toEqual({ hex: "020100", back: [true, false] });
    expect(through(t.list(t.tick, 3), [100, 99, 103])).toEqual({ hex: "03000106", back: [100, 99, 103] });
    expect(refused(t.list(t.tick, 3), [undefined])).toBe("e.v[0] | must be a tick near 100, not missing");
  });

  test("EN-125 booleans and presence are bits, eight to a byte, in the order of the fields' names", () => {
    const catalog = EventCatalog.compile({
      e: event({ up: t.bool, bb: t.bool, a: t.bool, o: t.optional(t.u8), z: t.u8 }),
    });
    const pack = (payload: object): string => toHex(catalog.pack("e", payload, AT).compact);
    expect(pack({ a: true, o: 9, z: 7, bb: false, up: false })).toBe("030907");
    expect(pack({ a: false, z: 7, bb: true, up: true })).toBe("0c07");
    expect(refused(t.bool, 1)).toBe("e.v | must be true or false, not 1");
    expect(refused(t.list(t.bool, 1), [0])).toBe("e.v[0] | must be true or false, not 0");
  });

  test("EN-126 an optional field that is undefined or left out is absent", () => {
    const catalog = EventCatalog.compile({
      e: event({ o: t.optional(t.oneOf("x")), w: t.optional(t.tick) }),
    });
    const back = (payload: object): unknown => catalog.unpack(catalog.pack("e", payload, AT), AT);
    expect(back({})).toStrictEqual({});
    expect(back({ o: undefined })).toStrictEqual({});
    expect(back({ o: "x" })).toStrictEqual({ o: "x" });
    expect(back({ w: 100 })).toStrictEqual({ w: 100 });
    expect(problemOf(() => back({ o: null }))).toBe("e.o | must be one of x, not null");
    expect(problemOf(() => back(Object.create({ o: "y" })))).toBe("accepted");
  });

  test("EN-127 a tick that is left out or that is the event's own is a clear bit and moves with the event", () => {
    const catalog = EventCatalog.compile({ e: event({ v: t.tick }) });
    const own = catalog.pack("e", {}, AT);
    expect(toHex(own.compact)).toBe("00");
    expect(catalog.pack("e", { v: AT }, AT)).toBe(own);
    expect(catalog.unpack(own, chronosTick(7))).toEqual({ v: 7 });
    const earlier = catalog.pack("e", { v: 97 }, AT);
    expect(toHex(earlier.compact)).toBe("0105");
    expect(catalog.unpack(earlier, AT)).toEqual({ v: 97 });
    expect(catalog.unpack(earlier, chronosTick(200))).toEqual({ v: 197 });
    expect(refused(t.tick, 100 + 2 ** 31)).toBe(`e.v | must be a tick near 100, not ${100 + 2 ** 31}`);
    expect(through(t.tick, 99 - (2 ** 31 - 1) + 1).back).toBe(100 - (2 ** 31 - 1));
    expect(refused(t.tick, 0.5)).toBe("e.v | must be a tick near 100, not 0.5");
    expect(refused(t.tick, "100")).toBe('e.v | must be a tick near 100, not "100"');
  });

  test("EN-128 a payload has every declared field and no other", () => {
    const catalog = EventCatalog.compile({ e: event({ x: t.u8, y: t.u8 }) });
    const problem = (payload: unknown): string => problemOf(() => catalog.pack("e", payload, AT));
    expect(problem({ x: 1 })).toBe("e.y | is missing");
    expect(problem({ x: 1, y: undefined })).toBe("e.y | is missing");
    expect(problem({ x: 1, y: 2, z: 3 })).toBe('e | has a field "z" that is not declared');
    expect(problem({ x: 1, y: 2, z: undefined })).toBe("accepted");
    expect(problem(JSON.parse('{"x":1,"y":2,"__proto__":{}}'))).toBe(
      'e | has a field "__proto__" that is not declared',
    );
    expect(problem(Object.create({ x: 1, y: 2 }))).toBe("e.x | is missing");
    expect(problem(null)).toBe("e | must be an object, not null");
    expect(problem([1, 2])).toBe("e | must be an object, not an array");
    expect(problem(undefined)).toBe("e | must be an object, not missing");
    expect(problemOf(() => catalog.pack("f", {}, AT))).toBe(' | "f" is no event that this game declares');
    expect(problemOf(() => catalog.pack("toString", {}, AT))).toContain("is no event");
  });

  test("EN-130 a declaration that breaks a limit is refused where it stands", () => {
    const fields = (count: number): Fields =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, t.u8]));
    const nested = (levels: number): FieldType<any, any> => {
      let type: FieldType<any, any> = t.u8;
      for (let i = 0; i < levels; i++) type = t.list(type, 1);
      return type;
    };
    expect(gameError(() => event(fields(64)))).toBe("accepted");
    expect(gameError(() => event(fields(65)))).toBe("this event has 65 fields; 64 are allowed");
    expect(gameError(() => nested(8))).toBe("accepted");
    expect(gameError(() => nested(9))).toBe("t.list stands more than 8 levels deep");
    expect(gameError(() => event({ a: t.bytes(65_533) }))).toBe("accepted");
    expect(gameError(() => event({ a: t.bytes(65_534) }))).toContain("may take 65537 bytes");
    expect(gameError(() => event({ a: t.list(t.f64, 8_192) }))).toContain("lower the maxima");
    for (const max of [0, -1, 1.5, 65_537, Number.NaN, undefined]) {
      expect(gameError(() => t.text(max as number))).toContain("t.text takes a maximum from 1 to 65536");
      expect(gameError(() => t.bytes(max as number))).toContain("t.bytes takes a maximum from 1 to 65536");
      expect(gameError(() => t.list(t.u8, max as number))).toContain(
        "t.list takes a maximum from 1 to 65536",
      );
    }
    expect(gameError(() => t.oneOf())).toContain("takes 1 to 256 names");
    expect(gameError(() => t.oneOf("a", "b", "a"))).toBe('t.oneOf names "a" twice');
    expect(gameError(() => t.oneOf(""))).toContain("is no name");
    expect(gameError(() => t.optional(t.optional(t.u8)))).toContain("says nothing");
    expect(gameError(() => t.list(t.optional(t.u8), 2))).toContain("cannot hold t.optional");
    expect(gameError(() => event({ "a b": t.u8 }))).toContain('"a b" cannot name a field');
    expect(gameError(() => event(JSON.parse('{"__proto__": 1}') as never))).toContain("cannot name a field");
    expect(gameError(() => event({ [`${"n".repeat(65)}`]: t.u8 }))).toContain("cannot name a field");
    expect(gameError(() => event({ a: "u8" } as never))).toContain("the field a needs a type from t");
    expect(gameError(() => event(undefined as never))).toContain("needs its fields");
    expect(gameError(() => event({}, { predict: "always" as never }))).toContain("predict");
    expect(gameError(() => event({}, { aionWeight: 0.5 }))).toContain("aionWeight");
    expect(gameError(() => event({}, { reads: "x" as never }))).toContain("reads and writes");
  });

  test("EN-131 checkFields gives a normalised copy, or says where the value is wrong", () => {
    const fields = { x: t.f32, list: t.list(t.u8, 4), o: t.optional(t.bool) };
    const value = { x: 0.1, list: [1, 2] };
    const checked = checkFields(fields, value, "effect bang");
    expect(checked).toStrictEqual({ x: Math.fround(0.1), list: [1, 2] });
    expect(checked.list).not.toBe(value.list);
    expect(problemOf(() => checkFields(fields, { x: 1, list: [1, -1] }, "effect bang"))).toBe(
      "effect bang.list[1] | must be a whole number from 0 to 255, not -1",
    );
  });
});

describe("types inferred from declarations", () => {
  const shoot = event(
    {
      angle: t.u16,
      at: t.tick,
      team: t.oneOf("red", "blue"),
      by: t.optional(t.text(8)),
      hits: t.list(t.i64, 4),
      on: t.bool,
    },
    {
      reads: (author, p) => [`${author.toFixed()}/${p.team}`],
      writes: (_, p) => p.hits.map(String),
      aionWeight: 1,
    },
  );
  const jump = event({}, { predict: "repeat" });

  test("EN-132 handlers see every field, emitters may leave ticks and optional fields out", () => {
    expectTypeOf<PayloadOf<typeof shoot>>().toEqualTypeOf<{
      angle: number;
      at: ChronosTick;
      team: "red" | "blue";
      hits: bigint[];
      on: boolean;
      by?: string | undefined;
    }>();
    expectTypeOf<EmittedOf<typeof shoot>>().toEqualTypeOf<{
      readonly angle: number;
      readonly team: "red" | "blue";
      readonly hits: readonly bigint[];
      readonly on: boolean;
      readonly at?: number;
      readonly by?: string | undefined;
    }>();
    expectTypeOf<PayloadOf<typeof jump>>().toEqualTypeOf<Record<string, never>>();
    const emit = <D extends ReturnType<typeof event>>(_declaration: D, payload: EmittedOf<D>): unknown =>
      payload;
    emit(shoot, { angle: 1, team: "red", hits: [], on: true });
    // @ts-expect-error no such team
    emit(shoot, { angle: 1, team: "green", hits: [], on: true });
    // @ts-expect-error a field is missing
    emit(shoot, { angle: 1, team: "red", hits: [] });
    // @ts-expect-error a field too many
    emit(jump, { high: 1 });
    // @ts-expect-error claims see the payload's own fields
    event({ a: t.u8 }, { reads: (_, p) => [String(p.b)] });
    expect(shoot.reads?.(2 as never, { team: "red" })).toEqual(["2/red"]);
  });
});
