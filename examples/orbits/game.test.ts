import { checkDeterminism, createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import orbits, { draw, type Orbits } from "./game.js";

describe("orbits", () => {
  test("leaves nothing outside its arena", async () => {
    expect(await checkDeterminism(orbits, { ticks: 600, seed: 1, rollbackTicks: 8, players: 4 })).toEqual({
      ok: true,
    });
  });

  test("flies alike at every peer, falls into the star and begins anew", () => {
    const fallen = new Set<string>();
    const match = createTestMatch(orbits, {
      peers: 3,
      seed: 2,
      net: "lossy",
      inputDelayTicks: 0,
      // Whoever always burns towards lower left falls sooner or later.
      input: (slot) => (slot === 0 ? { angle: 160, burns: true } : undefined),
      onOutput: (peer, output) => {
        if (output.type === "effect" && output.phase === "confirmed") fallen.add(`${peer} ${output.name}`);
      },
    });
    match.runTicks(3_600);
    match.settle();
    match.assertAgreed();
    expect(match.peers.every((peer) => peer.rollbacks > 0)).toBe(true);
    expect([...fallen].sort()).toEqual(["0 fell", "1 fell", "2 fell"]);
    const state = match.peers[0]!.session.view().current as Orbits;
    expect([...state.ships].every((number) => Number.isFinite(number) && Math.abs(number) < 1_000)).toBe(
      true,
    );
    expect(state.falls[0]).toBeGreaterThan(0);
    expect(draw(state).split("\n")).toHaveLength(31);
  });
});
