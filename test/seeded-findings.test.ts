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

  test("EN-537 a long tick gets through a path that is too narrow for repetitions", () => {
    const { finalTick } = playScenario({
      ...calm,
      ticks: 200,
      slotsPerPeer: [2, 4],
      net: "latency=1,jitter=1,rate=77",
      directions: [{ from: 0, to: 1, net: "latency=49,jitter=20" }],
      temper: { ...calm.temper, turns: 300, parcels: 8, parcelBytes: 3_000, bursts: 0 },
    });
    expect(finalTick).toBe(200);
  });

  test("EN-537 neither is a path on which the ticks of one whom it has lost are passed on", () => {
    const weather = "latency=83,jitter=11,loss=0.26,duplicate=0.206,reorder=0.127,rate=106";
    const { finalTick } = playScenario({
      ...calm,
      seed: 1752,
      ticks: 1_800,
      slotsPerPeer: [1, 1, 1, 1, 1],
      windowTicks: 11,
      inputDelayTicks: "auto",
      eventsPerTick: 8,
      net: "latency=83,jitter=4,loss=0.189,duplicate=0.234,reorder=0.104",
      directions: [
        { from: 1, to: 0, net: "latency=5,jitter=1,loss=0.016,burst=2,duplicate=0.273,reorder=0.244" },
        { from: 3, to: 1, net: "latency=64,jitter=40,loss=0.04,burst=8,reorder=0.13" },
        { from: 4, to: 2, net: "latency=4,jitter=3,loss=0.14,duplicate=0.122,reorder=0.223" },
      ],
      frameJitter: 0.8,
      temper: { turns: 124, hops: 33, takes: 31, slips: 7, parcels: 3, parcelBytes: 3_000, bursts: 0 },
      incidents: [
        { type: "partition", atMs: 5_188, a: [4], b: [2] },
        { type: "weather", atMs: 21_608, net: weather },
      ],
    });
    expect(finalTick).toBe(1_800);
  });

  test("EN-516 who leaves after it has heard that another does is not the one who left", () => {
    const { finalTick } = playScenario({
      ...calm,
      seed: 1912,
      ticks: 1_800,
      guesses: true,
      mode: "lockstep",
      windowTicks: 6,
      slotsPerPeer: [1, 1],
      eventsPerTick: 8,
      net: "latency=67,jitter=9,loss=0.081,reorder=0.254",
      frameJitter: 0.8,
      lostMs: 10_000,
      temper: { turns: 97, hops: 19, takes: 5, slips: 0, parcels: 0, parcelBytes: 60_000, bursts: 0 },
      incidents: [
        { type: "delay", atMs: 7_670, peer: 1, delayTicks: 1 },
        { type: "nap", atMs: 11_004, peer: 0, forMs: 415 },
        { type: "partition", atMs: 13_551, a: [1], b: [0], forMs: 2_378 },
        { type: "leave", atMs: 19_917, peer: 1 },
        { type: "leave", atMs: 20_102, peer: 0 },
      ],
    });
    expect(finalTick).toBe(243);
  });

  test("EN-536 who was cut off when another left hears of it from the others", () => {
    const { finalTick } = playScenario({
      ...calm,
      slotsPerPeer: [1, 1, 1, 1],
      incidents: [
        { type: "partition", atMs: 3_000, a: [3], b: [0, 1, 2], forMs: 1_800 },
        { type: "leave", atMs: 3_500, peer: 0 },
        { type: "silence", atMs: 3_900, peer: 0 },
      ],
    });
    expect(finalTick).toBeLessThan(400);
  });
});
