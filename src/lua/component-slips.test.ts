import { expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";
import { examine } from "../testing/check.js";
import { loadLuaGame } from "./load-lua-game.js";

const DECLARED = `
  echo.network.component("x", "f64")
  echo.network.component("hp", "u8")
  echo.network.component("at", { x = "f64", y = "f64" })
  echo.network.component("name", "text(8)")
  echo.network.component("big", "i64")
  echo.network.component("raw", "bytes(4)")
  echo.network.component("items", "list(u8, 3)")
  echo.network.component("aim", { turn = "optional(i8)", mode = "oneOf(up, down)" })
`;
const SOUND = `${DECLARED}
  self.x, self.hp, self.at, self.name = 1, 255, { x = 0.5, y = 2 }, "Ann"
  self.big, self.raw, self.items, self.aim = 7, "\\0\\xff", {}, { mode = "up" }
`;

const slipsOf = async (script: string): Promise<string[]> =>
  (await Solo.of(script))
    .run()
    .sim.remarks()
    .map(({ text }) => text);

test("EN-1143 components that are as declared, or that an entity does not have, are nothing to remark on", async () => {
  expect(await slipsOf(SOUND)).toEqual([]);
  expect(await slipsOf(DECLARED)).toEqual([]);
  expect(await slipsOf('self.x = "anything"')).toEqual([]);
});

test.each([
  ["self.x = 'hello'", 'component x of slot 0 is "hello", not f64 (game.lua:2)'],
  ["self.hp = 300", "component hp of slot 0 is 300, not u8 (game.lua:3)"],
  ["self.hp = 0.5", "component hp of slot 0 is 0.5, not u8 (game.lua:3)"],
  ["self.at.y = nil", "component at.y of slot 0 is missing, not f64 (game.lua:4)"],
  ["self.at = 3", "component at of slot 0 is 3, not a table with x, y (game.lua:4)"],
  ["self.name = 'Annabella'", 'component name of slot 0 is "Annabella", not text(8) (game.lua:5)'],
  ["self.big = 0.5", "component big of slot 0 is 0.5, not i64 (game.lua:6)"],
  ["self.items = { 1, 2, 3, 4 }", "component items of slot 0 is an array, not list(u8, 3) (game.lua:8)"],
  ["self.aim.mode = 'left'", 'component aim.mode of slot 0 is "left", not oneOf(up, down) (game.lua:9)'],
  ["self.aim.turn = 200", "component aim.turn of slot 0 is 200, not optional(i8) (game.lua:9)"],
])(
  "EN-1143 a component that is not as declared is remarked on, with the line of its declaration: %s",
  async (slip, text) => {
    expect(await slipsOf(`${SOUND}\n${slip}`)).toEqual([text]);
  },
);

test("EN-1143 a check tells each such component once, with the first tick of it, and holds", async () => {
  const game = await loadLuaGame({
    "game.lua": `${SOUND} function on_tick() if echo.chronos() > 2 then self.hp = 298 + echo.chronos() end end`,
  });
  const { report, remarks } = await examine(game, { ticks: 6 });
  expect(report).toEqual({ ok: true });
  expect(remarks).toEqual(["tick 3: component hp of slot 0 is 301, not u8 (game.lua:3)"]);
});

test("EN-1144 a check tells the dearest tick, and what part of its fuel it took, where that is much", async () => {
  const script = (rounds: number): string =>
    `function on_tick() if echo.chronos() == 4 then for i = 1, ${rounds} do local x = i * i end end end`;
  const remarksOf = async (rounds: number): Promise<readonly string[]> =>
    (await examine(await loadLuaGame({ "game.lua": script(rounds) }), { ticks: 6, players: 1 })).remarks;
  expect(await remarksOf(50_000)).toEqual([
    expect.stringMatching(/^tick 4 was the dearest: it took [45]\d % of a tick's fuel$/),
  ]);
  expect(await remarksOf(1_000)).toEqual([]);
});
