import { describe, expect, test } from "vitest";
import { defineGame, event, t } from "../src/index.js";
import { createTestMatch } from "../src/testing/match.js";

/** Every player sends what goes as fragments, so that parts and acknowledgements meet in one datagram. */
const murals = defineGame({
  name: "murals",
  version: "1",
  events: { paint: event({ ink: t.bytes(8_000) }), hold: event({ x: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ painted: 0 }),
  on: {
    paint: (state, evt) => {
      state.painted = (state.painted * 31 + evt.payload.ink.length) % 1_000_003;
    },
  },
  input: (bytes: number, emit) => {
    emit("hold", { x: bytes % 200 });
    if (bytes > 0) emit("paint", { ink: new Uint8Array(bytes).fill(bytes & 255) });
  },
});

describe("datagrams in which everything meets", () => {
  for (const [slotsPerPeer, bytes, every] of [
    [4, 300, 1],
    [4, 7_000, 7],
    [1, 5_000, 30],
  ] as const) {
    test(`EN-226 ${bytes} bytes of each of ${2 * slotsPerPeer} slots every ${every} ticks go beside the ledgers of a desync`, () => {
      const match = createTestMatch(murals, {
        peers: 2,
        seed: 9,
        net: "latency=40,jitter=20,loss=0.1,burst=4",
        inputDelayTicks: 2,
        ticks: 240,
        slotsPerPeer,
        corrupt: { slot: 1, tick: 100 },
        input: (slot, chronos) => ((chronos + slot) % every === 0 ? bytes : 0),
      });
      match.runToEnd();
      for (const peer of match.peers) {
        expect(peer.ended).toMatchObject({ reason: "finished", chronos: 240 });
        expect(peer.outputs("desync")).toBe(1);
        expect(peer.stats.fragmentedTicks).toBeGreaterThan(3);
        expect(peer.stats.longestDatagramBytes).toBeLessThanOrEqual(1_200);
      }
    });
  }
});
