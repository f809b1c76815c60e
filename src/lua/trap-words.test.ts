import { expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";

/** The faults of one tick with an event `boom`, equal at two peers. */
async function faultsOf(script: string): Promise<readonly string[]> {
  const [one, other] = [await Solo.of(script), await Solo.of(script)];
  const told = one.run(1, [one.event("boom", {})]).faults;
  expect(other.run(1, [other.event("boom", {})]).faults).toEqual(told);
  return told;
}

const amounts = (fault: string): number[] =>
  [...fault.matchAll(/\d[\d,]*\d/g)].map(([digits]) => Number(digits.replaceAll(",", "")));

test("EN-1138 a callback that uses up its fuel is told how much there was, how much it took and how much went before", async () => {
  const [fault] = await faultsOf("function on_boom() while true do end end");
  expect(fault).toMatch(
    /^on_boom of slot 0: game.lua:1: 8,000,000 units of fuel are used up: 7,9\d\d,\d{3} by this callback, [\d,]+ before it; most likely a loop in it never ends: .*several ticks$/,
  );
  const [budget, own, before] = amounts(fault!.split("game.lua:1")[1]!);
  expect(own! + before!).toBe(budget);
});

test("EN-1138 who only crosses the line is told who ran before", async () => {
  const script = `
    function on_fill() for i = 1, 55000 do local x = i * i end end
    function on_boom() for i = 1, 1e9 do local x = i * i end end`;
  const solo = await Solo.of(script);
  solo.run(1, [solo.event("fill", {}, 0, 0), solo.event("boom", {}, 0, 1)]);
  expect(solo.faults).toHaveLength(1);
  const [, own, before] = amounts(solo.faults[0]!.split("game.lua:3")[1]!);
  expect(before).toBeGreaterThan(4_000_000);
  expect(own).toBeLessThan(4_000_000);
  expect(solo.faults[0]).not.toContain("loop");
});

test("EN-1138 where what ran before took more than there was, nothing is left, and never less", async () => {
  // Calls of the host are settled later: a callback may end with more taken than there was.
  const script =
    "function on_fill(evt) for i = 1, evt.payload.n do end for i = 1, 40 do echo.random() end end";
  const filled = async (n: number): Promise<Solo> => {
    const solo = await Solo.of(script);
    return solo.run(1, [solo.event("fill", { n })]);
  };
  const least = (await filled(0)).sim.fuelUsed;
  const each = ((await filled(1000)).sim.fuelUsed - least) / 1000;
  const { faults } = await filled(Math.floor((8_000_000 - least) / each) + 430);
  expect(faults[0]).toContain(
    ": 8,000,000 units of fuel are used up: 0 by this callback, 8,000,000 before it",
  );
});

test("EN-1138 of delays and on_tick it is told how many ran, and what went before them", async () => {
  const solo = await Solo.of("function on_tick() for i = 1, 30000 do local x = i * i end end", 8);
  solo.run();
  expect(solo.faults[0]).toMatch(
    /^on_tick of slot \d: game.lua:1: 8,000,000 units of fuel are used up: 7,9[\d,]+ by \d delays and on_tick together, of which this was the last, [\d,]+ before them; either .*loop.*several ticks$/,
  );
});

test("EN-1138 tables that have become too much for a tick are told as what they are", async () => {
  const script = `
    local kept = {}
    function on_tick() for i = 1, 1000 do kept[#kept + 1] = { i } end end`;
  const solo = await Solo.of(script);
  for (let tick = 0; tick < 100 && solo.faults.length === 0; tick++) solo.run();
  expect(solo.faults).toEqual([
    expect.stringMatching(
      /^the collection of garbage of the world: what the scripts keep .* a table grows .* no longer needed$/,
    ),
  ]);
});

test("EN-1138 where no line of a script is under way, it is that where the callback is defined, also of a delay", async () => {
  const solo = await Solo.of(`
    function on_fill()
      for i = 1, 1300 do echo.delay((6 - echo.chronos()) / 60,
          function() end)
      end
    end
    function on_burn() for i = 1, 50000 do local x = i * i end end`);
  for (let i = 0; i < 3; i++) expect(solo.run(1, [solo.event("fill", {})]).faults).toEqual([]);
  solo.run(2).run(1, [solo.event("burn", {})]);
  expect(solo.faults[0]).toMatch(
    /^a delayed function of slot 0: game.lua:4: 8,000,000 units of fuel are used up: [\d,]+ by [\d,]+ delays/,
  );
});

test("EN-1138 calls within calls and memory are named where the fuel went into them, or where they ran out", async () => {
  const deep = await faultsOf("local function f(n) return 1 + f(n + 1) end function on_boom() f(1) end");
  expect(deep[0]).toMatch(/game.lua:1: .*(its calls stand more than 1,000 deep in one another)$/);
  const many = await faultsOf("function on_boom() local s = 'x' while true do s = s .. s end end");
  expect(many[0]).toMatch(/game.lua:1: not enough memory: Lua has 16 MiB$/);
});
