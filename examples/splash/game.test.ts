import { checkDeterminism, createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import splash, { draw, type Keys } from "./game.js";
import type { Splash } from "./state.js";

describe("bots", () => {
  test("play whole rounds: everything that can happen does", () => {
    const effects = new Map<string, number>();
    const kinds = new Map<string, number>();
    const match = createTestMatch(splash, {
      peers: 4,
      seed: 3,
      net: "wifi",
      inputDelayTicks: 2,
      journal: true,
      onOutput: (peer, output) => {
        if (peer !== 0 || output.type !== "effect" || output.phase !== "confirmed") return;
        effects.set(output.name, (effects.get(output.name) ?? 0) + 1);
      },
    });
    match.runTicks(7_200);
    match.settle();
    match.assertAgreed();
    for (const [, kind] of match.peers[0]!.journal.matchAll(/"kind":"([a-z]+)"/g)) {
      kinds.set(kind!, (kinds.get(kind!) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(["cheer", "dive", "drop", "steer", "take"]);
    expect([...effects.keys()].sort()).toEqual(["bump", "burst", "soaked", "taken", "won"]);
    const { round, players } = match.peers[0]!.session.view().current as Splash;
    expect(round).toBeGreaterThan(1);
    expect(players.some((player) => player.wins > 0)).toBe(true);
  });
});
