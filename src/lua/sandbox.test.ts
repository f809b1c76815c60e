import { describe, expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";

/** What a function of Lua returns, run in the players' script. */
async function resultOf(body: string): Promise<unknown> {
  const solo = await Solo.of(`function on_tick() self.result = (function() ${body} end)() end`);
  solo.run(1);
  expect(solo.faults).toEqual([]);
  return solo.self().result;
}

describe("the sandbox", () => {
  test("EN-1160 holds exactly these names", async () => {
    const names = (table: string): string =>
      `local found = {} for name in pairs(${table}) do found[#found + 1] = name end table.sort(found) return table.concat(found, " ")`;
    // The globals themselves are nowhere to be listed, so each is asked for by its name.
    const known =
      `_VERSION assert collectgarbage coroutine debug dofile echo error getmetatable io ipairs load loadfile
      loadstring math module next os package pairs pcall print rawequal rawget rawlen rawset require select
      setfenv setmetatable string table tonumber tostring type unpack utf8 warn xpcall`.split(/\s+/);
    const list = known.map((name) => `"${name}"`).join(", ");
    const there = await resultOf(
      `local found = {} for _, name in ipairs({ ${list} }) do if _ENV[name] ~= nil then found[#found + 1] = name end end return table.concat(found, " ")`,
    );
    expect(there).toBe(
      "_VERSION assert coroutine echo error getmetatable ipairs load math next pairs pcall print rawequal rawget rawlen rawset select setmetatable string table tonumber tostring type utf8 xpcall",
    );
    expect(await resultOf(names("coroutine"))).toBe(
      "close create isyieldable resume running status wrap yield",
    );
    expect(await resultOf(names("table"))).toBe("concat insert move pack remove sort unpack");
    expect(await resultOf(names("utf8"))).toBe("char charpattern codepoint codes len offset");
    expect(await resultOf(names("string"))).toBe(
      "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
    );
    expect(await resultOf(names("math"))).toBe(
      "abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi rad random sin sqrt tan tointeger type ult",
    );
    expect(await resultOf(names("echo"))).toBe(
      "chronos delay despawn effect entities kairos log network players random spawn",
    );
    expect(await resultOf(names("echo.network"))).toBe("component emit event");
  });

  const detours: readonly (readonly [string, string])[] = [
    [
      "_ENV and its metatable",
      "return tostring(getmetatable(_ENV)) .. tostring(_G.os) .. tostring(rawget(_G, 'io'))",
    ],
    [
      "the metatable of strings",
      "return tostring(getmetatable('')) .. tostring(pcall(setmetatable, '', {})) .. tostring(('').dump)",
    ],
    [
      "load without an environment",
      "return tostring(load('return os, io, debug, package, require')()) .. tostring(load('return _G == ...')(_G))",
    ],
    [
      "a coroutine's own globals",
      "return tostring(coroutine.wrap(function() return os or io or _G.debug end)()) .. 'x'",
    ],
    [
      "an error's object and handler",
      "return tostring(select(2, xpcall(error, function(e) return type(e) end, {}))) .. tostring(os)",
    ],
  ];
  test.each(detours)("EN-1161 has no way around it by %s", async (_, body) => {
    const results: Record<string, string> = {
      "_ENV and its metatable": "falsenilnil",
      "the metatable of strings": "falsefalsenil",
      "load without an environment": "niltrue",
      "a coroutine's own globals": "nilx",
      "an error's object and handler": "tablenil",
    };
    expect(await resultOf(body)).toBe(results[_]);
  });

  test("EN-1162 loads text alone: bytecode is refused in every mode", async () => {
    const said = (await resultOf(`
      local code = "\\27Lua\\x54\\0\\x19\\x93\\r\\n\\x1a\\n"
      local found = {}
      for i, mode in ipairs({ "b", "t", "bt" }) do local ok, why = load(code, "x", mode) found[i] = tostring(ok) .. " " .. why end
      found[4] = tostring(load("return 1 + 1")())
      found[5] = tostring(load("x = 5 return x", "x", "t", {})())
      found[6] = tostring(x)
      found[7] = tostring(load(coroutine.wrap(function() coroutine.yield("return ") coroutine.yield("7") end))())
      return found`)) as string[];
    expect(said).toEqual([
      "nil bytecode is not loaded",
      "nil attempt to load a binary chunk (mode is 't')",
      "nil attempt to load a binary chunk (mode is 't')",
      "2",
      "5",
      "nil",
      "7",
    ]);
  });

  test("EN-1163 no script can change what another relies on through its globals", async () => {
    const solo = await Solo.of(
      `if self.slot == 0 then print, tostring, pairs, on_helper = nil, nil, nil, 1 end
      function on_tick() self.seen = type(tostring) .. type(pairs) .. type(on_helper) end`,
      2,
    );
    solo.run(1);
    expect(solo.self(1).seen).toBe("functionfunctionnil");
  });

  test("EN-1164 what it gives out of libraries is stock Lua's", async () => {
    expect(
      await resultOf(`return {
        ("%5.2f|%d|%s|%q|%x"):format(3.14159, 42, {} ~= nil, "a\\nb", 255), ("x"):rep(3, ","), ("hello"):gsub("l", "L"),
        #table.pack(("a,b,c"):match("(%w),(%w),(%w)")), select("#", table.unpack({ 1, nil, 3 }, 1, 3)),
        math.type(1), math.type(1.0), tostring(1e15), tostring(-0.0), 7 // 2, -7 // 2, -7 % 3, 7.5 // 2, 1 << 62,
        math.maxinteger + 1 == math.mininteger, 1 == 1.0, "10" + 5, 2^53 | 0, tostring(3) == "3",
        utf8.char(228, 8364), utf8.len("aä€"), string.pack("<i4", -2):byte(1, -1), tostring(nil), #"\\u{10FFFF}",
        math.tointeger("8"), math.ult(1, -1), tostring(2^63), math.fmod(-7, 3), tonumber("0x1p4"), tonumber("z", 36),
      }`),
    ).toEqual([
      ' 3.14|42|true|"a\\\nb"|ff',
      "x,x,x",
      "heLLo",
      3,
      3,
      "integer",
      "float",
      "1e+15",
      "-0.0",
      3,
      -4,
      2,
      3,
      2n ** 62n,
      true,
      true,
      15,
      9007199254740992n,
      true,
      "ä€",
      3,
      254,
      "nil",
      4,
      8,
      true,
      "9.2233720368548e+18",
      -1,
      16,
      35,
    ]);
  });
});
