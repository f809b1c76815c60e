import { createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { loadLuaGame } from "../../src/lua/index.js";
import { textOf } from "../tidy/modules.js";
import { Solo } from "./solo.js";

const guide = textOf("docs/lua.md");
const definitions = textOf("docs/echo.d.lua");
const blocks = [...guide.matchAll(/```lua\n([\s\S]+?)```/g)].map(([, code]) => code!);

describe("docs/lua.md", () => {
  test("EN-1191 has a game that plays", async () => {
    const game = await loadLuaGame({ "pong.lua": blocks[0]! });
    const match = createTestMatch(game, { peers: 2, seed: 4, mode: "rollback", net: "mobile" });
    match.runTicks(120);
    match.settle();
    match.assertAgreed();
    expect(match.peers.every((peer) => peer.stats.faults === 0)).toBe(true);
  });

  test("EN-1191 declares as it says", async () => {
    const declaring = blocks.find((block) => block.includes("echo.network.event"));
    const { catalog } = await loadLuaGame({ "player.lua": declaring! });
    expect(catalog.kinds.map(({ name, repeats, aionWeight }) => [name, repeats, aionWeight])).toEqual([
      ["move", true, 0],
      ["take", false, 1],
    ]);
  });

  test("EN-1191 and the definitions for editors name exactly what there is", async () => {
    const solo = await Solo.of(`function on_tick()
      local names = {}
      for name, value in pairs(echo) do if type(value) == "function" then names[#names + 1] = "echo." .. name end end
      for name in pairs(echo.network) do names[#names + 1] = "echo.network." .. name end
      table.sort(names)
      self.names = names
    end`);
    const { names } = solo.run(1).self() as { names: string[] };
    const told = [...guide.matchAll(/^\| `(echo\.[a-z.]+)\(/gm)].map(([, name]) => name!);
    const defined = [...definitions.matchAll(/^function (echo\.[a-z.]+)\(/gm)].map(([, name]) => name!);
    expect(told.sort()).toEqual(names);
    expect(defined.sort()).toEqual(names);
    await expect(loadLuaGame({ "echo.lua": definitions })).resolves.toBeDefined();
  });
});
