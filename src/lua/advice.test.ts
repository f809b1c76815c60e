import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { examine } from "../testing/check.js";
import { type AdvisedGame, advise } from "./advice.js";
import { explained } from "./explain.js";
import { loadLuaGame } from "./load-lua-game.js";

const adviceOn = async (player: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  advise(await loadLuaGame({ "player.lua": player, ...more, "other.lua": "" }));

const DECLARED = `echo.network.event("player_input", { fields = { x = "i8" } })
function on_input() echo.network.emit("player_input", { x = 1 }) end
`;

describe("advice on scripts", () => {
  test("EN-1175 finds nothing where all is well", async () => {
    const well = `${DECLARED}function on_player_input() end function on_tick() end on_start = function() end`;
    expect(await adviceOn(well)).toEqual([]);
    const computed = `function on_input() for _, k in ipairs({ "a", "b" }) do echo.network.emit(k, {}) end end
      function on_a() end function on_b() end`;
    expect(await adviceOn(computed)).toEqual([]);
  });

  test("EN-1175 names callbacks that nothing calls, and what was meant", async () => {
    expect(await adviceOn(`${DECLARED}function on_playerinput() end`)).toEqual([
      "player.lua:3: nothing calls on_playerinput, since no event playerinput is declared; did you mean on_player_input?",
      "event player_input is declared, and no script has on_player_input",
    ]);
    const undeclared = `function on_inptu() end
      local function on_tick() end
      function on_far() end -- function on_comment()`;
    expect(await adviceOn(undeclared)).toEqual([
      "player.lua:1: nothing calls on_inptu, since nothing emits inptu; did you mean on_input?",
      "player.lua:2: on_tick is local, and nothing calls it: callbacks are globals",
      "player.lua:3: nothing calls on_far, since nothing emits far",
      "player.lua has no on_input: players do nothing",
    ]);
  });

  test("EN-1175 names callbacks that are fields of self or spelled otherwise, and none that is called", async () => {
    const slips = `function self:on_tick() end
      self.on_go = function() end
      function self.on_start() end
      function onTick() end
      On_tick = function() end
      function onGo() end
      function on_input() echo.network.emit("go", {}) end`;
    expect(await adviceOn(slips)).toEqual([
      "player.lua:1: nothing calls self.on_tick: callbacks are globals; did you mean function on_tick()?",
      "player.lua:2: nothing calls self.on_go: callbacks are globals; did you mean function on_go()?",
      "player.lua:3: nothing calls self.on_start: callbacks are globals; did you mean function on_start()?",
      "player.lua:4: nothing calls onTick; did you mean on_tick?",
      "player.lua:5: nothing calls On_tick; did you mean on_tick?",
      "player.lua:6: nothing calls onGo; did you mean on_go?",
    ]);
    const own = `function self:on_hit() end
      self.on_fire = function() end
      function onTick() end
      function onwards() end
      function onFar() end
      function on_tick() self:on_hit() self.on_fire(self) onTick() end
      function on_input() end`;
    expect(await adviceOn(own)).toEqual([]);
  });

  test("EN-1175 names what belongs into on_input, and an on_input that never runs", async () => {
    const well = `${DECLARED}function on_player_input() end`;
    expect(await adviceOn(`${well}\nfunction on_tick()\n  self.x = echo.input\nend`)).toEqual([
      "player.lua:5: echo.input is nil outside on_input",
    ]);
    expect(await adviceOn(well, { "world.lua": "\nfunction on_input() end" })).toEqual([
      "world.lua:2: on_input runs in player.lua alone",
    ]);
  });

  test("EN-1175 names what on_input sets in vain", async () => {
    const found = await adviceOn(`count = 0
      local last
      function on_input()
        local a, b = 1, 2
        if a == 1 then b = 2 elseif b ~= 3 then a = 1 end
        for i, v in ipairs({ 1 }) do a = v end
        echo.local_state.count = a
        echo.network.emit("move", { x = 1,
          y = function() end })
        count = count + 1
        last = "self.z = 1"
        self.place.x = 3
      end
      function on_move() self.x = 1 count = 2 end`);
    const why = "on a copy that is thrown away: keep it in echo.local_state, or emit an event that sets it";
    expect(found).toEqual([
      `player.lua:10: on_input sets count, ${why}`,
      `player.lua:11: on_input sets last, ${why}`,
      `player.lua:12: on_input sets self.place.x, ${why}`,
    ]);
    for (const again of ["function on_input() self.y = 2 end", "on_input = function() self.y = 2 end"]) {
      expect(await adviceOn(`${DECLARED}function on_player_input() end\n${again}`)).toEqual([
        `player.lua:4: on_input sets self.y, ${why}`,
      ]);
    }
  });

  test("EN-1175 is given on any text, at most 16 lines of it", () => {
    const part = fc.constantFrom(
      ...[
        "function on_input()",
        "function on_",
        "local function on_tick()",
        "end",
        "if",
        "x = 1",
        "self.x = 2",
        "{",
      ],
      ...["}", "--[[", "]]", '"', "'", "emit(", "event(", "\\", "\n", " ", "on_x = function", "until", "="],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const game: AdvisedGame = {
          scripts: [{ name: "player", file: "player.lua", text: parts.join(" ") }],
          catalog: { kinds: [{ name: "x" }] },
        };
        expect(advise(game).length).toBeLessThanOrEqual(16);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

test("EN-1176 an error over what the sandbox does not have says what there is", async () => {
  expect(explained("a.lua:1: attempt to index a nil value (global 'os')")).toContain("echo.chronos()");
  for (const message of ["attempt to index a nil value (global 'hat')", "x (global 'os')", "constructor"])
    expect(explained(message)).toBe(message);
  await expect(loadLuaGame({ "player.lua": 'local json = require("json")' })).rejects.toMatchObject({
    hint: expect.stringMatching(
      /^player\.lua:1: .*require is not in the sandbox; scripts do not load one another/,
    ),
  });
});

test("EN-834 a check names the limit and the line of the event that is too much for a tick", async () => {
  const game = await loadLuaGame({
    "player.lua": `function on_go() end
      function on_input()
        for i = 1, 65 do
          echo.network.emit("go", {})
        end
      end`,
  });
  expect((await examine(game, { ticks: 2 })).report).toMatchObject({
    ok: false,
    cause:
      "input of slot 1 emits go, which cannot be sent: the tick is full: a slot sends at most 64 events a tick (player.lua:4)",
  });
});
