import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { createTestMatch, type TestMatch } from "../src/testing/match.js";
import { type Face, FacesMatch } from "./direct/two-faces.js";
import { pads, restless, still } from "./games/pads.js";

/**
 * What a match of a fixed seed costs, counted instead of timed. A change that moves one of these numbers says why
 * in its commit, and moves it here.
 */
const costs = (match: TestMatch): Record<string, number[]> => {
  const by = (count: (peer: TestMatch["peers"][number]) => number): number[] => match.peers.map(count);
  return {
    datagrams: by((peer) => peer.stats.datagramsSent),
    bytes: by((peer) => peer.stats.bytesSent),
    longestDatagram: by((peer) => peer.stats.longestDatagramBytes),
    steps: by((peer) => peer.simulationCounts.steps),
    saves: by((peer) => peer.simulationCounts.saves),
    restores: by((peer) => peer.simulationCounts.restores),
    hashes: by((peer) => peer.simulationCounts.hashes),
    rollbacks: by((peer) => peer.rollbacks),
    stalls: by((peer) => peer.stalledTicks),
  };
};

const play = (peers: number, net: string, input: typeof restless): Record<string, number[]> => {
  const match = createTestMatch(pads, { peers, seed: 42, net, inputDelayTicks: 0, input, ticks: 600 });
  match.runToEnd();
  match.assertAgreed();
  return costs(match);
};

describe("counts of fixed seeds", () => {
  test("a quiet match over a perfect network", () => {
    expect(play(2, "perfect", still)).toMatchInlineSnapshot(`
      {
        "bytes": [
          19021,
          19140,
        ],
        "datagrams": [
          614,
          614,
        ],
        "hashes": [
          601,
          601,
        ],
        "longestDatagram": [
          103,
          103,
        ],
        "restores": [
          1,
          0,
        ],
        "rollbacks": [
          1,
          0,
        ],
        "saves": [
          602,
          601,
        ],
        "stalls": [
          0,
          0,
        ],
        "steps": [
          601,
          600,
        ],
      }
    `);
  });

  test("a lively match over a mobile network", () => {
    expect(play(2, "mobile", restless)).toMatchInlineSnapshot(`
      {
        "bytes": [
          23792,
          23853,
        ],
        "datagrams": [
          647,
          642,
        ],
        "hashes": [
          601,
          601,
        ],
        "longestDatagram": [
          115,
          115,
        ],
        "restores": [
          70,
          65,
        ],
        "rollbacks": [
          70,
          65,
        ],
        "saves": [
          1043,
          1000,
        ],
        "stalls": [
          21,
          14,
        ],
        "steps": [
          1042,
          999,
        ],
      }
    `);
  });

  test("four players over a good network", () => {
    expect(play(4, "good", restless)).toMatchInlineSnapshot(`
      {
        "bytes": [
          64080,
          64046,
          64181,
          63998,
        ],
        "datagrams": [
          1869,
          1860,
          1860,
          1863,
        ],
        "hashes": [
          601,
          601,
          601,
          601,
        ],
        "longestDatagram": [
          112,
          112,
          112,
          109,
        ],
        "restores": [
          142,
          129,
          146,
          146,
        ],
        "rollbacks": [
          142,
          129,
          146,
          146,
        ],
        "saves": [
          1170,
          1051,
          1078,
          1085,
        ],
        "stalls": [
          0,
          0,
          0,
          0,
        ],
        "steps": [
          1169,
          1050,
          1077,
          1084,
        ],
      }
    `);
  });

  test("an idle tick allocates little", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const faces = [0, 1].map((peer): Face => ({ peer, input: still }));
    const match = new FacesMatch(pads, 2, faces, 100_000);
    match.run(2_000);
    const batch = 20;
    const perTick = Array.from({ length: 40 }, () => {
      collect();
      const before = process.memoryUsage().heapUsed;
      match.run(batch);
      return (process.memoryUsage().heapUsed - before) / batch / faces.length;
    }).sort((a, b) => a - b);
    // The median, since the compiler allocates too. Envelopes, outputs, hashes and the harness's copies are in it.
    console.log(perTick[20]);
    expect(perTick[20]).toBeLessThan(12_000);
  });
});
