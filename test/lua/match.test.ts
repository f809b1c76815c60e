import { checkDeterminism, createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { asSlot, chronosTick } from "../../src/core/base/brand.js";
import { type EntityView, loadLuaGame } from "../../src/lua/index.js";
import { APPLY_INPUT, SAMPLE, SAMPLE_ON_INPUT } from "./sample.js";

const stateOf = (peer: { readonly session: { view(): { current: unknown } } | undefined }): EntityView[] =>
  peer.session!.view().current as EntityView[];

const selves = (match: { readonly peers: readonly any[] }): unknown[] =>
  match.peers.map((peer) => stateOf(peer).map(({ components }) => components));

describe("the specification's sample", () => {
  test("EN-1150 runs word for word, and every peer handles what it emits", async () => {
    const game = await loadLuaGame({ "sample.lua": `self.move = 0.5 ${SAMPLE}${APPLY_INPUT}` });
    const match = createTestMatch(game, { peers: 2, seed: 1, mode: "rollback", net: "lossy" });
    match.runTicks(60);
    match.settle();
    match.assertAgreed();
    const one = { move: 0.5, inputs: 1, axis: 0.5, tick: 0 };
    expect(selves(match)).toEqual([
      [one, one],
      [one, one],
    ]);
  });

  test.each(["rollback", "lockstep"] as const)(
    "EN-1151 reaches on_player_input on every peer when it emits in on_input (%s)",
    async (mode) => {
      const game = await loadLuaGame({ "sample.lua": SAMPLE_ON_INPUT + APPLY_INPUT });
      const input = (slot: number, tick: number): number => slot * 1000 + Math.floor(tick / 7);
      const match = createTestMatch(game, {
        peers: 3,
        seed: 2,
        mode,
        net: "good",
        inputDelayTicks: 1,
        input,
      });
      match.runTicks(120);
      match.settle();
      match.assertAgreed();
      const [first, ...others] = selves(match) as { inputs: number; axis: number; tick: number }[][];
      for (const other of others) expect(other).toEqual(first);
      for (const [slot, self] of first!.entries()) {
        expect(self.inputs).toBeGreaterThan(40);
        expect(self.axis).toBe(input(slot, self.tick));
      }
      if (mode === "rollback") expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);
    },
  );
});

const SKIRMISH = {
  "world.lua": `
    echo.network.event("aim", { fields = { x = "f32", fire = "bool", n = "i16" }, predict = "repeat" })
    echo.network.event("take", { fields = { item = "u8" }, writes = "item/{item}", reads = "item/{item}" })
    echo.network.event("spark", { fields = { from = "u32" } })
    echo.network.component("score", "i32")
    self.score = 0
    function on_spark(evt) self.score = self.score + evt.payload.from % 3 end
    function on_tick()
      for _, shot in ipairs(echo.entities("shot")) do
        if shot.x > 40 then echo.effect("gone", "shot " .. shot.id) echo.despawn(shot) end
      end
    end`,
  "player.lua": `
    self.score, self.x, self.items = 0, 0.0, {}
    function on_input()
      local n = (echo.local_state.n or 0) + 1
      echo.local_state.n = n
      echo.network.emit("aim", { x = echo.random(10) / 4, fire = n % 11 == 0, n = n % 5 })
      if n % 13 == 0 then echo.network.emit("take", { item = echo.random(3) }) end
    end
    function on_aim(evt)
      local aim = evt.payload
      assert(math.type(aim.x) == "float" and math.type(aim.n) == "integer")
      self.x = self.x + aim.x
      if aim.fire then
        echo.spawn("shot", { x = self.x % 10, owner = self.slot })
        echo.delay(0.1, function() self.score = self.score + 1 end)
      end
      if self.x > 1000 then error("too far") end
    end
    function on_take(evt) self.items[#self.items + 1] = evt.payload.item end`,
  "shot.lua": `
    function on_tick()
      self.x = self.x + 1 + echo.random() / 2
      if self.x > 35 then echo.network.emit("spark", { from = self.id }, { to = "world" }) end
    end`,
};

describe("a game of several scripts", () => {
  test.each(["good", "mobile"] as const)(
    "EN-1152 is the same at every peer over a network that is %s",
    async (net) => {
      const game = await loadLuaGame(SKIRMISH);
      const match = createTestMatch(game, { peers: 3, seed: 3, mode: "rollback", net });
      match.runTicks(300);
      match.settle();
      match.assertAgreed();
      const [first, second, third] = match.peers.map((peer) => JSON.stringify(stateOf(peer)));
      expect(first).toBe(second);
      expect(first).toBe(third);
      expect(match.peers.every((peer) => peer.rollbacks > 0)).toBe(true);
    },
  );

  test("EN-1153 equals itself rolled back at every tick", async () => {
    const game = await loadLuaGame(SKIRMISH);
    expect(await checkDeterminism(game, { ticks: 120, seed: 1, rollbackTicks: 8 })).toEqual({ ok: true });
  });

  test("EN-1154 claims are texts with fields in braces", async () => {
    const { catalog } = await loadLuaGame(SKIRMISH);
    const take = catalog.kindNamed("take")!;
    expect(
      take.writes!(
        asSlot(1),
        catalog.unpack(catalog.pack("take", { item: 2 }, chronosTick(1)), chronosTick(1)),
      ),
    ).toEqual(["item/2"]);
  });
});
