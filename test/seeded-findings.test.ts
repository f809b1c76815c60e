import { describe, expect, test } from "vitest";
import { playScenario } from "./seeded/play-scenario.js";
import type { Scenario } from "./seeded/scenario.js";

/** A match in which nothing happens that a test does not ask for. */
const calm: Scenario = {
  seed: 1,
  ticks: 400,
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
  test.each([{ type: "leave", at: 300, peer: 1 } as const, { type: "silence", at: 300, peer: 1 } as const])(
    "EN-521 what was predicted past an early end is cancelled: $type",
    (incident) => {
      const { marks } = playScenario({ ...calm, incidents: [incident] });
      expect(marks["effect cancelled"]).toBeGreaterThan(0);
    },
  );
});
