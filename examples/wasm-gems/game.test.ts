import { beforeAll, describe, expect, test } from "vitest";
import { checkDeterminism, createTestMatch } from "../../src/testing/index.js";
import type { WasmGame } from "../../src/wasm/index.js";
import { gemsGame } from "../../test/wasm/gems.js";

let game: WasmGame;
beforeAll(async () => {
  game = await gemsGame();
}, 60_000);

describe("gems, compiled from AssemblyScript", () => {
  test("EN-1040 holds against itself: every tick saved, restored, run again and compared", async () => {
    const press = (slot: number, chronos: number): unknown =>
      chronos % 3 === 0 ? undefined : { dash: chronos % 40 < 3, x: (slot * 50 + chronos) % 100, y: -slot };
    expect(await checkDeterminism(game, { ticks: 300, seed: 3 })).toEqual({ ok: true });
    expect(await checkDeterminism(game, { ticks: 150, seed: 4, input: press })).toEqual({ ok: true });
  }, 120_000);

  test.each(["rollback", "lockstep"] as const)(
    "EN-1041 agrees over a bad network: %s",
    (mode) => {
      const match = createTestMatch(game, { mode, peers: 3, net: "mobile", seed: 5, ticks: 600 });
      match.runToEnd();
      expect(match.agreed).toBe(true);
      if (mode === "rollback") expect(match.peers.some((peer) => peer.stats.rollbacks > 20)).toBe(true);
      const view = match.peers[0]!.session.view().final as { scores: number[]; gems: number[] };
      expect(view.gems).toHaveLength(12);
      expect(view.scores.reduce((sum, score) => sum + score)).toBeGreaterThan(5);
    },
    60_000,
  );
});
