import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";
import type { Value } from "../core/base/value.js";
import { encode } from "../core/envelope/codec.js";

describe("payloads", () => {
  test("EN-1180 without a declaration whole numbers are integers, {} an empty map, 1..n an array", async () => {
    const solo = await Solo.of(`function on_go(evt)
      local p = evt.payload
      self.types = {}
      for i, v in ipairs(p.list) do self.types[i] = math.type(v) or type(v) end
      self.negative_zero = 1 / p.zero
      echo.network.emit("back", { one = 1.0, big = math.maxinteger, float = 2^63, zero = -0.0, nan = 0/0, map = {}, list = { 1, { 2 } }, raw = "\\xff" })
    end
    function on_back(evt) self.back = evt.payload self.bigtype = math.type(evt.payload.big) self.one = math.type(evt.payload.one) end`);
    solo.run(1, [solo.event("go", { list: [1, 1.5, 2 ** 53, 2n ** 62n, "s", true, [], {}], zero: -0 })]);
    expect(solo.self().types).toEqual([
      "integer",
      "float",
      "float",
      "integer",
      "string",
      "boolean",
      "table",
      "table",
    ]);
    expect(solo.self().negative_zero).toBe(Number.NEGATIVE_INFINITY);
    solo.run(1);
    const { back, bigtype, one } = solo.self();
    expect([bigtype, one]).toEqual(["integer", "integer"]);
    expect(back.big).toBe(2n ** 63n - 1n);
    expect(back.float).toBe(2 ** 63);
    expect(back.zero).toBe(-0);
    expect(back.nan).toBeNaN();
    expect(back.list).toEqual([1, [2]]);
  });

  test("EN-1181 by declaration 1.0 stays a float, an i64 an integer, bytes bytes and an empty list a list", async () => {
    const solo = await Solo.of(`
      echo.network.event("go", { fields = { f = "f64", i = "i64", u = "u8", b = "bytes(4)", l = "list(f32, 4)", t = "tick", o = "optional(f64)" } })
      function on_go(evt)
        local p = evt.payload
        self.types = { math.type(p.f), math.type(p.i), math.type(p.u), #p.b, math.type(p.l[1]) or "none", math.type(p.t), type(p.o) }
        echo.network.emit("go", { f = 2, i = 3.0, u = 4.0, b = "ab", l = {}, o = 1 })
      end`);
    const payload = { f: 1, i: 2n ** 60n, u: 7, b: Uint8Array.of(255, 0), l: [1, 2], t: 1 };
    solo.run(1, [solo.event("go", payload)]);
    expect(solo.self().types).toEqual(["float", "integer", "integer", 2, "float", "integer", "nil"]);
    solo.run(1);
    expect(solo.faults).toEqual([]);
    expect(solo.self().types).toEqual(["float", "integer", "integer", 2, "none", "integer", "number"]);
  });

  test("EN-1181 a declared payload is read alike however its table was made", async () => {
    const solo = await Solo.of(`
      local name = ("long"):rep(12)
      echo.network.event("move", { fields = { x = "f64", n = "i16", on = "bool", o = "optional(f64)", [name] = "optional(u8)" } })
      local function with(t, more) for k, v in next, more do t[k] = v end return t end
      local function base() return { x = -0.0, n = 3, on = false } end
      local crowded = {}
      for i = 1, 100 do crowded["k" .. i] = i end
      for i = 1, 100 do crowded["k" .. i] = nil end
      local payloads = {
        base(),
        with({}, base()),
        with(crowded, base()),
        with(base(), { o = 2^53 }),
        with(base(), { o = math.maxinteger }),
        with(base(), { n = 4.0, x = 7 }),
        with(base(), { [name] = 9 }),
        setmetatable(base(), { __index = { o = 1.5 } }),
        with(base(), { n = 1.5 }),
        with(base(), { n = "3" }),
        with(base(), { y = 1 }),
        with(base(), { "item" }),
        with(base(), { [true] = 1 }),
        with(base(), { o = {} }),
        { x = 1.0, on = true },
        setmetatable({}, { __index = base() }),
        "no table",
      }
      self.told = {}
      function on_start()
        for i, payload in ipairs(payloads) do
          local ok, message = pcall(echo.network.emit, "move", payload)
          self.told[i] = ok and "sent" or message
        end
      end
      self.seen = {}
      function on_move(evt) self.seen[#self.seen + 1] = evt.payload end`);
    solo.run(1);
    const { told, seen } = solo.self();
    const base = { x: -0, n: 3, on: false };
    expect(seen).toEqual([
      base,
      base,
      base,
      { ...base, o: 2 ** 53 },
      { ...base, o: 2 ** 63 },
      { ...base, n: 4, x: 7 },
      { ...base, [`${"long".repeat(12)}`]: 9 },
      base,
    ]);
    expect(told.slice(0, 8)).toEqual(Array(8).fill("sent"));
    const wrong = told.slice(8).map((words: string) => words.replace(/^game\.lua:\d+: /, ""));
    expect(wrong).toEqual([
      expect.stringContaining("move.n"),
      expect.stringContaining("move.n"),
      expect.stringContaining('a field "y" that is not declared'),
      expect.stringContaining("both text and numbers"),
      expect.stringContaining("neither text nor"),
      expect.stringContaining("move.o"),
      expect.stringContaining("move.n: is missing"),
      expect.stringContaining("is missing"),
      expect.stringContaining("must be an object"),
    ]);
  });

  test("EN-1182 what leaves Lua and comes back is what it was", async () => {
    const solo = await Solo.of(`function on_go(evt) echo.effect("seen", nil, evt.payload) end`);
    const leaf = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.string({ unit: "grapheme" }),
    );
    const payload = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie("value"), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.string({ unit: "grapheme-ascii" }), tie("value"), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(payload, (value) => {
        solo.run(1, [solo.event("go", value)]);
        expect(encode(solo.sim.effects[0]!.data as Value)).toEqual(encode(value));
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
