import { describe, expect, test } from "vitest";
import { createTestMatch, type TestMatch } from "../src/testing/match.js";
import { pads, restless, still } from "./games/pads.js";

/** Each of these is a mistake that a released netcode made, run against this one. */
const sum = (match: TestMatch, count: (peer: TestMatch["peers"][number]) => number): number =>
  match.peers.reduce((total, peer) => total + count(peer), 0);

describe("mistakes of other netcodes", () => {
  test("EN-505 a rollback at the prediction limit is carried out", () => {
    const match = createTestMatch(pads, {
      peers: 2,
      seed: 1,
      net: "latency=150",
      inputDelayTicks: 0,
      input: restless,
    });
    match.runTicks(600);
    match.settle();
    match.assertAgreed();
    for (const peer of match.peers) {
      expect(peer.maxRollback).toBe(8);
      expect(peer.stalledTicks).toBeGreaterThan(0);
    }
  });

  test("EN-508 a deeper rollback that is found while another waits goes to the deeper tick", () => {
    const match = createTestMatch(pads, {
      peers: 4,
      seed: 2,
      net: "latency=60,jitter=50,loss=0.2",
      inputDelayTicks: 0,
      input: restless,
    });
    match.runTicks(900);
    match.settle();
    match.assertAgreed();
    expect(sum(match, (peer) => peer.stats.deepenedRollbacks)).toBeGreaterThan(0);
  });

  test("EN-507 predictions that were right cause no rollback", () => {
    const match = createTestMatch(pads, {
      peers: 2,
      seed: 3,
      net: "mobile",
      inputDelayTicks: 0,
      input: still,
    });
    match.runTicks(60);
    const before = match.peers.map((peer) => peer.rollbacks);
    match.runTicks(600);
    match.settle();
    match.assertAgreed();
    expect(match.peers.map((peer) => peer.rollbacks)).toEqual(before);
    for (const peer of match.peers) {
      expect(peer.stats.predictedTicks).toBeGreaterThan(500);
      expect(peer.stats.adoptedPredictions).toBeGreaterThan(500);
    }
  });

  test("EN-406 reordered and doubled datagrams are taken in stride", () => {
    const match = createTestMatch(pads, {
      peers: 3,
      seed: 4,
      net: "latency=40,jitter=35,reorder=0.4,duplicate=0.3",
      inputDelayTicks: 0,
      input: restless,
    });
    match.runTicks(900);
    match.settle();
    match.assertAgreed();
    const { counts } = match.network.emulator;
    expect(counts.reordered).toBeGreaterThan(100);
    expect(counts.duplicated).toBeGreaterThan(100);
  });

  test("EN-505 four players at 50 ms stall no more than two", () => {
    const stalls = (peers: number): number => {
      const match = createTestMatch(pads, {
        peers,
        seed: 5,
        net: "good",
        inputDelayTicks: 0,
        input: restless,
      });
      match.runTicks(1800);
      match.settle();
      match.assertAgreed();
      return Math.max(...match.peers.map((peer) => peer.stalledTicks));
    };
    expect(stalls(4)).toBeLessThanOrEqual(stalls(2));
  });

  test("EN-513 unequal directions do not leave all rollbacks to one side", () => {
    const match = createTestMatch(pads, {
      peers: 2,
      seed: 6,
      net: "perfect",
      inputDelayTicks: 0,
      input: restless,
    });
    match.setDirection(0, 1, "latency=20");
    match.setDirection(1, 0, "latency=100");
    match.runTicks(600);
    const before = match.peers.map((peer) => peer.resimulatedTicks);
    match.runTicks(1800);
    match.settle();
    match.assertAgreed();
    const [a, b] = match.peers.map((peer, i) => peer.resimulatedTicks - before[i]!);
    expect(Math.max(a!, b!) / Math.min(a!, b!)).toBeLessThan(1.3);
  });

  test("EN-513 a fast network does not make the game run fast", () => {
    const match = createTestMatch(pads, {
      peers: 2,
      seed: 7,
      net: "lan",
      inputDelayTicks: 0,
      input: restless,
      clockDrift: 0,
    });
    const before = match.peers.map((peer) => peer.tick);
    match.runTicks(1200);
    match.peers.forEach((peer, i) => {
      expect(Math.abs(peer.tick - before[i]! - 1200)).toBeLessThanOrEqual(2);
    });
  });

  test("EN-517 a healthy match raises no alarm, however long final states wait for confirmation", () => {
    const match = createTestMatch(pads, {
      peers: 3,
      seed: 8,
      net: "latency=120,jitter=100,loss=0.3,burst=6",
      inputDelayTicks: 0,
      input: restless,
    });
    match.runTicks(600);
    match.partition([0], [1, 2]);
    match.runTicks(200);
    match.heal();
    match.runTicks(600);
    match.settle();
    match.assertAgreed();
    expect(sum(match, (peer) => peer.outputs("desync"))).toBe(0);
  });
});
