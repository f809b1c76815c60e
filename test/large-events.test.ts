import { describe, expect, test } from "vitest";
import { defineGame, event, t } from "../src/index.js";
import { createTestMatch } from "../src/testing/match.js";

/** A game in which players now and then send what fits no datagram. */
const drawings = defineGame({
  name: "drawings",
  version: "1",
  events: { draw: event({ ink: t.bytes(60_000) }), hold: event({ x: t.u8 }, { predict: "repeat" }) },
  setup: ({ slots }) => ({ sums: slots.map(() => 0), held: 0 }),
  on: {
    draw: (state, evt) => {
      let sum = 0;
      for (const byte of evt.payload.ink) sum = (Math.imul(sum, 31) + byte) | 0;
      state.sums[evt.slot] = (state.sums[evt.slot]! ^ sum) | 0;
    },
    hold: (state, evt) => {
      state.held += evt.payload.x;
    },
  },
  input: (bytes: number, emit) => {
    emit("hold", { x: bytes % 200 });
    if (bytes > 0) emit("draw", { ink: Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + bytes) & 255) });
  },
});

describe("events that fit no datagram", () => {
  for (const net of ["perfect", "mobile", "latency=60,jitter=50,loss=0.3,burst=4,duplicate=0.1"]) {
    test(`EN-528 arrive part by part, and none too often, over ${net}`, () => {
      const match = createTestMatch(drawings, {
        peers: 3,
        seed: 9,
        net,
        inputDelayTicks: 2,
        ticks: 600,
        journal: true,
        input: (slot, chronos) => (chronos % 97 === 11 * slot ? 700 + 1900 * (chronos % 29) : 0),
      });
      match.runToEnd();
      match.assertAgreed();
      for (const peer of match.peers) {
        expect(peer.stats.fragmentedTicks).toBeGreaterThan(5);
        expect(peer.stats.longestDatagramBytes).toBeLessThanOrEqual(1_200);
        expect(peer.stats.held.assemblyBytes).toBe(0);
      }
    });
  }

  test("EN-528 of all players of a peer in one tick pass, though they are more than may wait", () => {
    const match = createTestMatch(drawings, {
      peers: 2,
      slotsPerPeer: [7, 1],
      seed: 11,
      net: "latency=30,loss=0.1",
      inputDelayTicks: 2,
      ticks: 200,
      input: (_, chronos) => (chronos === 100 ? 60_000 : 0),
    });
    match.runToEnd();
    match.assertAgreed();
    expect(match.peers.map((peer) => peer.finalTick)).toEqual([200, 200]);
  });

  test("EN-528 of the longest kind pass too, and the lost peer's are passed on", () => {
    const match = createTestMatch(drawings, {
      peers: 3,
      seed: 10,
      net: "wifi",
      inputDelayTicks: 0,
      journal: true,
      input: (slot, chronos) => (slot === 2 && chronos % 60 === 0 ? 60_000 : 0),
    });
    match.runTicks(600);
    match.silence(2);
    match.runTicks(1_500);
    const [a, b] = match.peers;
    expect(a!.ended).toMatchObject({ reason: "lost" });
    expect(a!.journal).toBe(b!.journal);
    expect(a!.journal.length).toBeGreaterThan(60_000);
  });
});
