import { createTestMatch } from "echo-net/testing";
import { expect, test } from "vitest";
import { loadLuaGame } from "./load-lua-game.js";

interface Line {
  readonly type: string;
  readonly chronos: number;
  readonly where?: string;
  readonly text?: string;
  readonly lost?: number;
  readonly error?: string;
}

test("EN-1177 what scripts log and throw stands in the trace with tick, entity, script and line, once each", async () => {
  const game = await loadLuaGame({
    "player.lua": `function on_start() if self.slot == 0 then echo.spawn("thing") end end
function on_input() echo.network.emit("move", { x = echo.random(9) }) end
function on_move(evt)
  if evt.chronos == 20 then print("moved", evt.payload.x > 0) end
  if evt.chronos == 21 then error("oops") end
end`,
    "thing.lua": `function on_tick()
  if echo.chronos() == 30 then for i = 1, 100 do echo.log(i) end end
end`,
  });
  const match = createTestMatch(game, { peers: 2, seed: 1, net: "mobile", inputDelayTicks: 0, trace: true });
  match.runTicks(120);
  match.settle();
  match.assertAgreed();
  expect(match.peers[0]!.rollbacks).toBeGreaterThan(0);
  const lines = match.peers[0]!.trace.trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line) as Line);
  const logs = told.filter(({ type }) => type === "log");
  expect(logs.slice(0, 3)).toEqual([
    { type: "log", chronos: 20, where: "slot 0, player.lua:4", text: "moved true" },
    { type: "log", chronos: 20, where: "slot 1, player.lua:4", text: "moved true" },
    { type: "log", chronos: 30, where: "entity 256, thing.lua:2", text: "1" },
  ]);
  expect(logs).toHaveLength(2 + 64 + 1);
  expect(logs.at(-1)).toEqual({ type: "log", chronos: 30, lost: 36 });
  expect(told.filter(({ type }) => type === "fault")).toMatchObject(
    [0, 1].map((slot) => ({ chronos: 21, where: `on_move of slot ${slot}`, error: "player.lua:5: oops" })),
  );
});
