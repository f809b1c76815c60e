import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";
import { isGame } from "../game/define-game.js";
import { installedGlue } from "./glue.js";
import { type LuaGameOptions, loadLuaGame } from "./load-lua-game.js";
import type { LuaSource } from "./source.js";

const refusal = async (source: LuaSource): Promise<string> => {
  try {
    await loadLuaGame(source);
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return "loaded";
};

describe("loadLuaGame", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "echo-net-lua-"));
    writeFileSync(join(folder, "player.lua"), "function on_tick() self.n = 1 end");
    writeFileSync(join(folder, "world.lua"), "");
    writeFileSync(join(folder, "notes.txt"), "not a script");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("EN-1170 reads a file, a folder, a URL, or the files themselves", async () => {
    const whole = await loadLuaGame(folder);
    expect(isGame(whole)).toBe(true);
    expect(whole.scripts.map(({ name }) => name)).toEqual(["player", "world"]);
    expect((await loadLuaGame(pathToFileURL(`${folder}/`))).fingerprint).toBe(whole.fingerprint);
    const files = { "player.lua": "function on_tick() self.n = 1 end", "world.lua": "" };
    const named = await loadLuaGame(files, { name: whole.name });
    expect(named).toMatchObject({ name: whole.name, fingerprint: whole.fingerprint, bundle: whole.bundle });
    expect(await loadLuaGame(files)).toMatchObject({ name: "game" });
    const single = await loadLuaGame(join(folder, "world.lua"));
    expect(single.scripts).toEqual([{ name: "player", file: "world.lua", text: "" }]);
    expect(single.name).toBe("world");
  });

  test("EN-1171 its fingerprint changes with every byte of scripts and glue, and with its name", async () => {
    const of = async (text: string, options: LuaGameOptions = {}): Promise<string> =>
      (await loadLuaGame({ "a.lua": text }, options)).fingerprint;
    const glue = installedGlue();
    const padded = new Uint8Array([...glue, 0, 2, 1, 120]);
    const found = [await of("x = 1"), await of("x = 2"), await of("x = 1 ")];
    found.push(await of("x = 1", { glue: padded }), await of("x = 1", { name: "other" }));
    expect(new Set(found).size).toBe(5);
    expect(await of("x = 1", { glue: glue.slice() })).toBe(found[0]);
  });

  test.each([
    [
      "a script that does not parse",
      { "a.lua": "x = 1\ny = = 2" },
      "GAME_INVALID: a.lua:2: unexpected symbol near '='",
    ],
    [
      "one of several",
      { "player.lua": "", "bird.lua": "\n\nend" },
      "GAME_INVALID: bird.lua:3: <eof> expected near 'end'",
    ],
    [
      "a folder without player.lua",
      { "world.lua": "", "bird.lua": "" },
      "GAME_INVALID: game has no player.lua, the script of the entity of each player, only bird.lua, world.lua",
    ],
    [
      "bytecode",
      { "a.lua": "\u001bLua" },
      "GAME_INVALID: a.lua: attempt to load a binary chunk (mode is 't')",
    ],
    [
      "a file that cannot be",
      { "player.lua": "", "../x.lua": "" },
      "GAME_INVALID: ../x.lua cannot name a script: use letters, digits, _ and -, and .lua",
    ],
    [
      "a single file of a name that no bundle holds",
      { "../x.lua": "" },
      'GAME_INVALID: game cannot be bundled: "../x.lua" cannot name a file in it',
    ],
    [
      "half a character",
      { "a.lua": "-- \ud800" },
      "GAME_INVALID: a.lua is no text: a surrogate stands alone in it",
    ],
    [
      "what is no text",
      { "a.lua": Uint8Array.of(0x2d, 0x2d, 0xff) },
      "GAME_INVALID: a.lua is no UTF-8 text: byte 2 does not fit",
    ],
    [
      "a script that fails at once",
      { "a.lua": "x = 1\nlocal y = nil .. x" },
      "GAME_INVALID: a.lua:2: attempt to concatenate a nil value",
    ],
    [
      "a script without end",
      { "a.lua": "while true do end" },
      "GAME_INVALID: a.lua:1: 100,000,000 units of fuel are used up",
    ],
    [
      "a wrong type",
      { "a.lua": 'echo.network.event("go", { fields = { x = "int" } })' },
      'GAME_INVALID: a.lua:1: event go: field x: "int" is no type; types are written as "i32", "f64", "text(32)", "list(u8, 4)", "optional(bool)", "oneOf(up, down)"',
    ],
    [
      "types that are long, and take as long to read as they are",
      {
        "a.lua": `local x = "u8" .. string.rep(" ", 60000) .. "!"
          for i = 1, 40 do pcall(echo.network.event, "go", { fields = { x = x } }) end
          echo.network.event("go", { fields = { x = string.rep("y", 60000) } })`,
      },
      `GAME_INVALID: a.lua:3: event go: field x: "${"y".repeat(80)}…" is no type; types are written as "i32", "f64", "text(32)", "list(u8, 4)", "optional(bool)", "oneOf(up, down)"`,
    ],
    [
      "types that stand too deep in one another",
      {
        "a.lua":
          'echo.network.event("go", { fields = { x = string.rep("optional(", 6000) .. "u8" .. string.rep(")", 6000) } })',
      },
      "GAME_INVALID: a.lua:1: event go: field x: types stand more than 9 deep in one another",
    ],
    [
      "two declarations that differ",
      {
        "player.lua": 'echo.network.event("go", { fields = { x = "u8" } })',
        "world.lua": 'echo.network.event("go", {})',
      },
      "GAME_INVALID: world.lua:1: event go is declared twice, and not alike",
    ],
    [
      "a claim on no field",
      { "a.lua": 'echo.network.event("go", { writes = "a/{x}" })' },
      'GAME_INVALID: a.lua:1: event go: "a/{x}" names {x}, which is no field',
    ],
    [
      "an event named as another callback",
      { "a.lua": 'echo.network.event("tick", {})' },
      "GAME_INVALID: a.lua:1: event tick: on_tick is taken; choose another name",
    ],
  ] as const)("EN-1172 refuses %s, and says where", async (_, source, said) => {
    const refused = await refusal(source);
    expect(refused.replace(/: [\d,]+ by this callback, .*$/, "")).toBe(said);
  });

  test("EN-1172 refuses a path that is not there, and bytes that are no Lua", async () => {
    expect(await refusal(join(folder, "none.lua"))).toContain(
      "none.lua cannot be read: there is no such file",
    );
    await expect(
      loadLuaGame({ "a.lua": "" }, { glue: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) }),
    ).rejects.toThrow("these bytes are not wasmoon's glue.wasm");
  });

  test("EN-1174 what is a field of self makes no kind of event", async () => {
    const { catalog } = await loadLuaGame({
      "a.lua": "function self:on_go() end self.on_stop = 1 function on_sing() end _ENV.on_rest = print",
    });
    expect(catalog.kinds.map(({ name }) => name)).toEqual(["rest", "sing"]);
  });

  test("EN-1178 a byte order mark and a first line with # are skipped, and count for lines and fingerprint", async () => {
    const plain = "\nfunction on_tick() error('here') end";
    const marked = ["", "\ufeff", "#!/usr/bin/lua", "\ufeff#!/usr/bin/lua"].map((mark) => `${mark}${plain}`);
    const games = await Promise.all(marked.map((text) => loadLuaGame({ "a.lua": text })));
    expect(new Set(games.map(({ fingerprint }) => fingerprint)).size).toBe(marked.length);
    for (const game of games) {
      expect(new Solo(game).run().faults).toEqual(["on_tick of slot 0: a.lua:2: here"]);
    }
    const bytes = Uint8Array.from(Buffer.from(marked[1]!));
    expect((await loadLuaGame({ "a.lua": bytes })).fingerprint).toBe(games[1]!.fingerprint);
    expect(await refusal({ "a.lua": "\ufeff#!/usr/bin/lua\nx = = 1" })).toContain("a.lua:2:");
  });

  test("EN-1179 an event or a component that is declared in a callback is an error at its line", async () => {
    const late = (where: string): string => `${where}
      self.event, self.why = pcall(echo.network.event, "go", {})
      echo.network.component("x", "f64")
    end`;
    for (const where of ["function on_start()", "function on_tick()", "echo.delay(0, function()"]) {
      const text = where.includes("delay") ? `${late(where)})` : late(where);
      const solo = await Solo.of(text);
      solo.run();
      expect(solo.faults).toEqual([
        expect.stringMatching(/game.lua:3: declare components while the script runs, not in a callback$/),
      ]);
      expect(solo.self()).toMatchObject({
        event: false,
        why: expect.stringContaining("declare events while the script runs, not in a callback"),
      });
    }
    const spawning = await Solo.of({
      "player.lua": 'function on_tick() if echo.chronos() == 1 then echo.spawn("shot") end end',
      "shot.lua":
        'echo.network.event("go", {}) echo.network.component("x", "f64") function on_start() echo.network.event("stop", {}) end',
    });
    expect(spawning.run().faults).toEqual([
      "on_start of entity 256: shot.lua:1: declare events while the script runs, not in a callback",
    ]);
  });

  test("EN-1173 declared fields decide what is an integer, a float, bytes or a list in Lua", async () => {
    const { catalog } = await loadLuaGame({
      "a.lua": `echo.network.event("go", { predict = "repeat", aion_weight = 3, fields = {
        a = "f64", b = "i64", c = "bytes(4)", d = "list(list(u8, 2), 3)", e = "optional(text(8))", f = "oneOf(up, down)", g = "tick",
      } })`,
    });
    expect(catalog.description).toEqual({
      go: {
        aionWeight: 3,
        predict: "repeat",
        claims: [false, false],
        fields: {
          a: "f64",
          b: "i64",
          c: ["bytes", 4],
          d: ["list", ["list", "u8", 2], 3],
          e: ["optional", ["text", 8]],
          f: ["oneOf", "up", "down"],
          g: "tick",
          "echo:to": ["optional", "u32"],
        },
      },
    });
  });

  test("EN-1174 a game that declares nothing has the kinds that its scripts have handlers for", async () => {
    const { catalog } = await loadLuaGame({
      "player.lua": "function on_start() end function on_move() end",
      "bird.lua": "_ENV['on_sing'] = function() end",
    });
    expect(catalog.kinds.map(({ name }) => name)).toEqual(["move", "sing"]);
    expect(catalog.kindNamed("move")!.description).toMatchObject({ fields: "any" });
  });
});
