import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { counter, here, jsonOf, scratch } from "./cli/harness.js";
import { fileOf, rechained, spliced } from "./journal/tiny-match.js";
import { root } from "./tidy/modules.js";
import { gemsBytes } from "./wasm/gems.js";

/** Simulates a match of a game and gives the folder of its journals, and what was said. */
async function simulated(game: string): Promise<{ folder: string; finalHash: string }> {
  const folder = scratch();
  const args = ["--ticks", "90", "--net", "lossy", "--json", "--journal", folder];
  const { agreed, finalHash } = jsonOf(await here("simulate", game, ...args));
  expect(agreed).toBe(true);
  return { folder, finalHash };
}

const linesOf = (path: string): string[] => readFileSync(path, "utf8").trimEnd().split("\n");

describe("a journal that holds its game", () => {
  const games = {
    "a file of Lua": `${root}examples/lua-sample/player.lua`,
    "a folder of Lua": `${root}examples/splash-lua`,
    "a module": "",
  };
  beforeAll(async () => {
    games["a module"] = `${scratch()}/gems.wasm`;
    writeFileSync(games["a module"], await gemsBytes());
  }, 60_000);

  test.each(Object.keys(games) as (keyof typeof games)[])("EN-970 of %s replays by itself", async (name) => {
    const { folder, finalHash } = await simulated(games[name]);
    const [zero, one] = [0, 1].map((slot) => readFileSync(`${folder}/peer${slot}.jsonl`));
    expect(zero!.equals(one!)).toBe(true);
    for (const more of [[], ["--game", games[name]]]) {
      const replayed = await here("replay", `${folder}/peer1.jsonl`, ...more, "--json");
      expect(replayed.code, replayed.stderr).toBe(0);
      expect(jsonOf(replayed)).toMatchObject({ ok: true, complete: true, ticks: 90, finalHash });
    }
    const other = await here("replay", `${folder}/peer1.jsonl`, "--game", counter);
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toContain(`${counter} is not the game of`);
  });

  test("EN-970 shows with diff, without a word about the game, which of two it agrees with", async () => {
    const { folder } = await simulated(games["a file of Lua"]);
    const lines = linesOf(`${folder}/peer0.jsonl`);
    const at = lines.findIndex((line) => line.includes('"type":"tick","chronos":60,'));
    const forged = lines[at]!.replace(
      /"state":"(.)/,
      (all, digit) => all.slice(0, -1) + (digit === "0" ? 1 : 0),
    );
    const path = `${scratch()}/peer1.jsonl`;
    writeFileSync(path, rechained(spliced(lines, at, 1, forged)));
    const ended = await here("diff", path, `${folder}/peer0.jsonl`, "--json");
    expect(ended.code, ended.stderr).toBe(1);
    expect(jsonOf(ended)).toMatchObject({ difference: { chronos: 60 }, gameAgreesWith: "b" });
  });

  test("EN-971 is refused with its line where its game was changed, or is none that can be loaded", async () => {
    const { folder } = await simulated(games["a folder of Lua"]);
    const path = `${folder}/peer0.jsonl`;
    const bytes = readFileSync(path);
    const damaged = `${scratch()}/damaged.jsonl`;
    const end = bytes.indexOf(0x0a);
    const start = bytes.indexOf('"bundle":"') + 10;
    for (const place of [start, start + 1, (start + end) >> 1, end - 3]) {
      bytes[place]! ^= 1;
      writeFileSync(damaged, bytes);
      bytes[place]! ^= 1;
      const ended = await here("replay", damaged, "--json");
      expect(ended.code).toBe(3);
      expect(jsonOf(ended)).toMatchObject({ ok: false, line: 1 });
      expect(jsonOf(ended).error).toMatch(/damaged\.jsonl, line 1, does not verify as a journal: /);
    }
    const [session, ...rest] = linesOf(path);
    const without = session!.replace(/,"bundle":"[^"]*"/, "");
    writeFileSync(damaged, rechained([without, ...rest]));
    expect(await here("replay", damaged)).toMatchObject({ code: 2, stdout: "" });
    expect((await here("replay", damaged, "--game", games["a folder of Lua"])).code).toBe(0);
    writeFileSync(damaged, fileOf([without, ...rest]));
    expect((await here("replay", damaged)).code).toBe(3);
  });
});
