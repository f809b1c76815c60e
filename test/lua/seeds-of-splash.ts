import { createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { loadLuaGame } from "../../src/lua/index.js";
import { root } from "../tidy/modules.js";

const TICKS = 1_800;

/** Whole matches of the demo game in Lua, four bots each, on the network and with the input delay that cost most. */
export function seedsOfSplash(seeds: readonly number[]): void {
  describe("four peers on a mobile network, without input delay, agree on Splash in Lua", async () => {
    const game = await loadLuaGame(`${root}examples/splash-lua`);

    test.each(seeds)("EN-1155 seed %i", (seed) => {
      let faults = 0;
      const match = createTestMatch(game, {
        peers: 4,
        seed,
        net: "mobile",
        inputDelayTicks: 0,
        ticks: TICKS,
        journal: true,
        onOutput: (_, output) => {
          if (output.type === "fault" || output.type === "desync") faults++;
        },
      });
      match.runToEnd();
      match.assertAgreed();
      expect(faults).toBe(0);
      for (const peer of match.peers) {
        expect(peer.ended).toMatchObject({ reason: "finished", chronos: TICKS });
        expect(peer.rollbacks).toBeGreaterThan(TICKS / 20);
        expect(peer.journal === match.peers[0]!.journal).toBe(true);
      }
      const end = match.peers[0]!.journal.trimEnd().split("\n").at(-1)!;
      expect(JSON.parse(end)).toMatchObject({ type: "end", chronos: TICKS });
    });
  });
}
