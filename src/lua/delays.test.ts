import { describe, expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";
import { FUEL_PER_ATTEMPT, MAX_DELAYS } from "./limits.js";

const SHORT = 40;
/** How many long ones are asked for in one tick. */
const SHARE = (MAX_DELAYS - SHORT) / 4;

describe("many delays", () => {
  test.each([
    ["in the order of their time", "1000 + i"],
    ["in falling order", "6000 - i"],
    ["all for one time", "1000"],
  ])(
    "EN-1108 as many as may wait, %s, cost a modest part of a tick, and short ones after them too",
    async (_, time) => {
      const solo = await Solo.of(`
      self.ran = {}
      function on_fill(evt)
        for i = evt.payload.from, evt.payload.from + ${SHARE - 1} do echo.delay(${time}, function() end) end
      end
      function on_more()
        for i = 1, ${SHORT} do echo.delay(i % 3 / 60, function() self.ran[#self.ran + 1] = i end) end
        self.ok, self.why = pcall(echo.delay, 1, print)
      end`);
      for (let from = 1; from <= MAX_DELAYS - SHORT; from += SHARE) {
        solo.run(1, [solo.event("fill", { from })]);
        expect(solo.faults).toEqual([]);
        expect(solo.sim.fuelUsed).toBeLessThan(FUEL_PER_ATTEMPT * 0.75);
      }
      solo.run(1, [solo.event("more", {})]);
      expect(solo.faults).toEqual([]);
      expect(solo.sim.fuelUsed).toBeLessThan(FUEL_PER_ATTEMPT / 16);
      expect(solo.self()).toMatchObject({ ok: false, why: `more than ${MAX_DELAYS} delays wait` });
      solo.run(2);
      const inOrder = Array.from({ length: SHORT }, (_none, i) => i + 1);
      const [first, second] = [inOrder.filter((i) => i % 3 < 2), inOrder.filter((i) => i % 3 === 2)];
      expect(solo.self().ran).toEqual([...first, ...second]);
    },
  );

  test("EN-1108 two thousand run in one tick, within its fuel, and again after a rollback", async () => {
    const solo = await Solo.of(`
      self.n = 0
      function on_fill()
        for i = 1, 1024 do echo.delay((8 - echo.chronos()) / 60, function() self.n = self.n * 3 % 65521 + i end) end
      end
      function on_again() self.ok = pcall(echo.delay, 1, print) end`);
    for (let i = 0; i < 2; i++) expect(solo.run(1, [solo.event("fill", {})]).faults).toEqual([]);
    const before = solo.run(5).self().n;
    expect(before).toBe(0);
    const { hash } = solo.run(1);
    expect(solo.faults).toEqual([]);
    expect(solo.sim.fuelUsed).toBeLessThan(FUEL_PER_ATTEMPT * 0.75);
    expect(solo.self().n).toBeGreaterThan(0);
    expect(solo.back(5).run(3).hash).toBe(hash);
    expect(solo.run(1, [solo.event("again", {})]).self().ok).toBe(true);
  });

  test("EN-1108 what is due in a tick in which no script may run any more runs in the next", async () => {
    const solo = await Solo.of(`
      self.ran = { 0 }
      function on_start()
        for i = 1, 3 do echo.delay(i / 60, function() self.ran[#self.ran + 1] = i end) end
      end
      function on_stop() while true do end end`);
    solo.run(
      1,
      [0, 1, 2].map((id) => solo.event("stop", {}, 0, id)),
    );
    expect(solo.self().ran).toEqual([0]);
    expect(solo.run().self().ran).toEqual([0, 1, 2]);
    expect(solo.run().self().ran).toEqual([0, 1, 2, 3]);
  });
});
