import { describe, expect, test } from "vitest";
import { defineGame, event, t } from "../src/index.js";
import { createTestMatch } from "../src/testing/match.js";

const twins = defineGame({
  name: "twins",
  version: "1",
  events: { hold: event({ x: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ held: [0, 0] }),
  on: {
    hold: (state, evt) => {
      state.held[evt.slot] = evt.payload.x;
    },
  },
  step: (state) => {
    if (state.held[0] === state.held[1]) throw new Error("twins");
  },
  input: (x: number, emit) => emit("hold", { x }),
});

/** Two players who never hold the same, though each often holds what the other held a moment ago. */
const apart = (slot: number, chronos: number): number => {
  const held = (Math.imul(chronos, 2654435761) >>> 16) % 8;
  return slot === 0 ? held : (held + 1 + ((Math.imul(chronos, 40503) >>> 8) % 7)) % 8;
};

describe("a game that throws in step", () => {
  test("EN-522 on guesses alone ends no match, however often frames come", () => {
    for (let seed = 1; seed <= 6; seed++) {
      const match = createTestMatch(twins, {
        peers: 2,
        seed,
        net: "latency=30,jitter=20",
        inputDelayTicks: 0,
        frameMs: 4,
        ticks: 300,
        input: apart,
      });
      match.runToEnd();
      match.assertAgreed();
      for (const peer of match.peers) {
        expect(peer.ended).toMatchObject({ reason: "finished" });
        expect(peer.rollbacks).toBeGreaterThan(50);
      }
    }
  });

  test("EN-522 in truth is told once, however long the others take to confirm the tick before", () => {
    const match = createTestMatch(twins, {
      peers: 2,
      seed: 1,
      net: "mobile",
      inputDelayTicks: 0,
      input: (slot, chronos) => (chronos < 100 ? slot : 5),
    });
    match.runTicks(300);
    for (const peer of match.peers) {
      expect(peer.ended).toEqual({ type: "ended", reason: "game-fault", chronos: 99 });
      expect(peer.outputs("fault")).toBe(1);
      expect(peer.stats.faults).toBe(1);
    }
  });
});

describe("a game that throws in predict", () => {
  test.each([
    { what: "throws", payload: undefined },
    { what: "asks for the impossible", payload: { x: 1000 } },
  ])("EN-728 and $what is predicted as declared, and told", ({ payload }) => {
    const guessing = defineGame({
      name: "guessing",
      version: "1",
      events: { hold: event({ x: t.u8 }, { predict: "repeat" }) },
      setup: () => ({ held: [0, 0] }),
      on: {
        hold: (state, evt) => {
          state.held[evt.slot] = evt.payload.x;
        },
      },
      input: (_: unknown, emit) => emit("hold", { x: 3 }),
      predict: () => {
        if (payload === undefined) throw new Error("no idea");
        return [{ kind: "hold", payload }];
      },
    });
    const told = new Set<string>();
    const match = createTestMatch(guessing, {
      peers: 2,
      seed: 1,
      net: "good",
      inputDelayTicks: 0,
      ticks: 60,
      onOutput: (peer, output) => {
        if (output.type === "fault") told.add(`${peer}: ${output.where}`);
      },
    });
    match.runToEnd();
    match.assertAgreed();
    expect(told).toEqual(new Set(["0: predict of slot 1", "1: predict of slot 0"]));
    for (const peer of match.peers) expect(peer.resimulatedTicks).toBeLessThan(20);
  });
});
