import { describe, expect, test } from "vitest";
import type { Output } from "../src/core/session/outputs.js";
import { createTestMatch } from "../src/testing/match.js";
import { pads, restless } from "./games/pads.js";

const TICKS = 300;

describe("the last ticks of a match", () => {
  test("EN-534 reach a peer that hears nothing for eight seconds, from peers that have ended", () => {
    const match = createTestMatch(pads, {
      peers: 3,
      seed: 2,
      net: "lan",
      inputDelayTicks: 6,
      ticks: TICKS,
      input: restless,
      journal: true,
    });
    while (match.peers[0]!.tick < TICKS - 12) match.runTicks(1);
    for (const from of [0, 2]) match.setDirection(from, 1, "loss=1");
    match.runTicks(8 * 60);
    for (const peer of [0, 2]) expect(match.peers[peer]!.ended).toMatchObject({ reason: "finished" });
    expect(match.peers[1]!.ended).toBeUndefined();
    match.settle();
    match.runToEnd();
    match.assertAgreed();
    expect(new Set(match.peers.map(({ journal }) => journal)).size).toBe(1);
  });

  test("EN-534 keep nobody waiting for a goodbye that was lost, and nobody who goes is called silent", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const statuses: Output[] = [];
      const match = createTestMatch(pads, {
        peers: 3,
        seed,
        net: "latency=50,jitter=10,loss=0.3",
        inputDelayTicks: 2,
        ticks: 100,
        input: restless,
        onOutput: (_, output) => {
          if (output.type === "peer") statuses.push(output);
        },
      });
      match.setDirection(0, 1, "latency=250,loss=0.3");
      let endedMs = Number.POSITIVE_INFINITY;
      while (!match.peers.every(({ session }) => session.done)) {
        match.runTicks(1);
        if (match.peers.every(({ ended }) => ended !== undefined))
          endedMs = Math.min(endedMs, match.network.nowMs);
      }
      expect(match.network.nowMs - endedMs).toBeLessThan(1_000);
      expect(statuses).toEqual([]);
    }
  });
});
