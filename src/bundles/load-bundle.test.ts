import { describe, expect, test } from "vitest";
import { gemsGame } from "../../test/wasm/gems.js";
import { isEchoNetError } from "../core/base/errors.js";
import { encodeBundle, type GameBundle, parseBundle } from "../core/bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_MEMORY_PAGES } from "../core/bundle/limits.js";
import { isGame } from "../game/define-game.js";
import { loadLuaGame } from "../lua/load-lua-game.js";
import { loadWasmGame } from "../wasm/load.js";
import { loadBundle } from "./load-bundle.js";

const POND = {
  "player.lua": "-- größer\nfunction on_tick() self.n = (self.n or 0) + 1 end",
  "world.lua": 'echo.network.event("drop", { fields = { x = "u8" } })',
};

const opened = (bytes: Uint8Array): GameBundle => {
  const bundle = parseBundle(bytes);
  if (typeof bundle === "string") throw new Error(bundle);
  return bundle;
};

/** What `loadBundle` says of a bundle with these changes. */
async function refusal(bundle: GameBundle, changes: Partial<GameBundle>): Promise<string> {
  try {
    await loadBundle(encodeBundle({ ...bundle, ...changes }));
  } catch (error) {
    if (isEchoNetError(error)) return `${error.code}: ${error.hint}`;
    throw error;
  }
  return "loaded";
}

describe("loadBundle", () => {
  test("EN-363 makes the identical game of a folder or a file of scripts, and of a module", async () => {
    const games = [
      await loadLuaGame(POND, { name: "pond" }),
      await loadLuaGame({ "frog.lua": "function on_leap() end" }, { name: "frog" }),
      await gemsGame(),
    ];
    for (const game of games) {
      const again = await loadBundle(game.bundle!);
      expect(isGame(again)).toBe(true);
      const { name, version, tickHz, fingerprint, bundle } = game;
      expect(again).toMatchObject({ name, version, tickHz, fingerprint, bundle });
      expect(again.catalog.description).toEqual(game.catalog.description);
    }
  });

  test("EN-364 refuses in words what this program would make another game of", async () => {
    const lua = opened((await loadLuaGame(POND)).bundle);
    const wasm = opened((await gemsGame()).bundle!);
    for (const [bundle, other] of [
      [lua, wasm],
      [wasm, lua],
    ] as const) {
      expect(await refusal(bundle, {})).toBe("loaded");
      expect(await refusal(bundle, { engine: other.engine })).toMatch(
        /^GAME_INVALID: ".*" was bundled by another version of Echo Net or of Lua/,
      );
      expect(await refusal(bundle, { settings: { ...bundle.settings, more: 1 } })).toMatch(/another version/);
    }
    expect(await refusal(wasm, { name: "other" })).toMatch(/another version/);
    const more = { ...wasm.files, "more.wasm": new Uint8Array(1) };
    expect(await refusal(wasm, { files: more })).toMatch(/another version/);
  });

  test("EN-364 refuses in words what is no bundle, holds no game, or asks for too much memory", async () => {
    const lua = opened((await loadLuaGame(POND)).bundle);
    const wasm = opened((await gemsGame()).bundle!);
    expect(await refusal(lua, { kind: "wasm" })).toMatch(
      /no game's bundle: a module's bundle holds game\.wasm/,
    );
    expect(await refusal(wasm, { kind: "lua" })).toMatch(/no UTF-8 text|another version/);
    expect(await refusal(wasm, { settings: {} })).toMatch(/and its memoryCapPages$/);
    const greedy = { memoryCapPages: MAX_BUNDLE_MEMORY_PAGES + 1 };
    expect(await refusal(wasm, { settings: greedy })).toMatch(/may take 1025 pages of memory, and 1024 are/);
    expect(await refusal(wasm, { files: { "game.wasm": new Uint8Array(9) } })).toMatch(/^GAME_INVALID: /);
    const broken = { ...lua.files, "player.lua": Uint8Array.of(61) };
    expect(await refusal(lua, { files: broken })).toMatch(/^GAME_INVALID: player\.lua:1: /);
    expect(await refusal(lua, { files: { "a.lua": Uint8Array.of(), "b.lua": Uint8Array.of() } })).toMatch(
      /has no player\.lua/,
    );
    await expect(loadBundle(Uint8Array.of(1, 2, 3))).rejects.toThrow(/these bytes are no game's bundle: /);
  });

  test("EN-365 a game that is too large or needs too much memory has a fingerprint and no bundle, scripts are refused", async () => {
    const gems = opened((await gemsGame()).bundle!).files["game.wasm"]!;
    const padding = new Uint8Array(MAX_BUNDLE_BYTES);
    // A custom section without a name, of 1 MiB.
    const large = Uint8Array.from([...gems, 0, 0x80, 0x80, 0x40, ...padding]);
    const game = loadWasmGame(large);
    expect(game.bundle).toBeUndefined();
    expect(game.fingerprint).not.toBe((await gemsGame()).fingerprint);
    expect(loadWasmGame(gems, { memoryCapPages: MAX_BUNDLE_MEMORY_PAGES }).bundle).toBeDefined();
    expect(loadWasmGame(gems, { memoryCapPages: MAX_BUNDLE_MEMORY_PAGES + 1 }).bundle).toBeUndefined();
    const long = `-- ${"x".repeat(MAX_BUNDLE_BYTES - 3)}`;
    await expect(loadLuaGame({ "a.lua": long })).rejects.toThrow(
      /^game cannot be bundled: it has \d+ bytes, and 1048576 are allowed$/,
    );
  });
});
