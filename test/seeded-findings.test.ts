import { describe, expect, test } from "vitest";
import { playScenario } from "./seeded/play-scenario.js";
import type { Scenario } from "./seeded/scenario.js";

/** A match in which nothing happens that a test does not ask for. */
const calm: Scenario = {
  seed: 1,
  ticks: 400,
  tickHz: 60,
  guesses: false,
  slotsPerPeer: [1, 1, 1],
  mode: "rollback",
  topology: "p2p",
  windowTicks: 8,
  inputDelayTicks: 0,
  hashEveryTicks: 1,
  eventsPerTick: 64,
  net: "latency=40,jitter=10",
  directions: [],
  frameMs: 1000 / 60,
  frameJitter: 0.2,
  clockDrift: 0.0005,
  lostMs: 4_000,
  temper: { turns: 100, hops: 20, takes: 40, slips: 2, parcels: 0, parcelBytes: 700, bursts: 0 },
  incidents: [],
};

describe("what seeded matches found", () => {
  test.each([
    { type: "leave", atMs: 5_000, peer: 1 } as const,
    { type: "silence", atMs: 5_000, peer: 1 } as const,
  ])("EN-521 what was predicted past an early end is cancelled: $type", (incident) => {
    const { marks } = playScenario({ ...calm, incidents: [incident] });
    expect(marks["effect cancelled"]).toBeGreaterThan(0);
  });

  test("EN-535 a path that breaks one way is bridged both ways, before anybody gives the match up", () => {
    const { marks, finalTick } = playScenario({
      ...calm,
      slotsPerPeer: [1, 1, 1, 1],
      incidents: [{ type: "one-way", atMs: 3_000, from: 2, to: 0 }],
    });
    expect(finalTick).toBe(400);
    expect(marks["forwarded tick"]).toBeGreaterThan(100);
  });
});
