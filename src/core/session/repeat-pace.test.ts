import { describe, expect, test } from "vitest";
import { RepeatPace } from "./repeat-pace.js";

/** In which of so many ticks everything goes again; `ackedAt` tells what has been acknowledged by then. */
function repeated(ticks: number, ackedAt: (tick: number) => number, pace = new RepeatPace()): number[] {
  const repeats: number[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    pace.carriedTick = tick + 1;
    if (pace.repeats(tick, ackedAt(tick), 6)) repeats.push(tick);
  }
  return repeats;
}

describe("how often what is not acknowledged goes again", () => {
  test("EN-537 each tick, as long as something arrives now and then", () => {
    expect(repeated(600, (tick) => tick - (tick % 25) - 6)).toHaveLength(600);
  });

  test("EN-537 half as often each time that half a second was in vain, and every 16 ticks at least", () => {
    const repeats = repeated(400, () => 0);
    const waits = repeats.map((tick, i) => tick - (repeats[i - 1] ?? tick - 1));
    expect(new Set(waits)).toEqual(new Set([1, 2, 4, 8, 16]));
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits.slice(-10)).toEqual(new Array(10).fill(16));
  });

  test("EN-537 twice as often each time that something arrived", () => {
    const pace = new RepeatPace();
    repeated(400, () => 0, pace);
    const arriving = (tick: number): number => 1 + Math.floor(tick / 16);
    expect(repeated(200, (tick) => arriving(tick), pace).slice(-100)).toHaveLength(100);
  });

  test("EN-537 each tick again after a silence in which everything had arrived", () => {
    const pace = new RepeatPace();
    for (let tick = 0; tick < 300; tick++) expect(pace.repeats(tick, 0, 6)).toBe(true);
  });
});
