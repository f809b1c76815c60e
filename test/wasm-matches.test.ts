import { describe, expect, test } from "vitest";
import { createTestMatch } from "../src/testing/index.js";
import { loadWasmGame } from "../src/wasm/index.js";
import { seeds } from "./seeded/seeds.js";
import { trials } from "./wasm/abi-module.js";
import { gemsGame } from "./wasm/gems.js";

describe("matches of modules", () => {
  /** The input of the trials emits `add` of the device's number; where there is none it runs out of fuel. */
  const trialsGame = loadWasmGame(trials());

  test("EN-1044 are agreed where input functions trap", () => {
    const match = createTestMatch(trialsGame, {
      peers: 2,
      net: "mobile",
      seed: 2,
      ticks: 120,
      input: (slot, chronos) => (chronos % 7 === slot ? undefined : { n: chronos % 200 }),
    });
    match.runToEnd();
    expect(match.agreed).toBe(true);
    const { sum } = match.peers[0]!.session.view().final as { sum: number };
    expect(sum).toBeGreaterThan(5000);
  }, 60_000);

  test.each(seeds(6))(
    "EN-1041 are agreed: seed %i",
    async (seed) => {
      const match = createTestMatch(await gemsGame(), {
        peers: 2 + (seed % 3),
        mode: seed % 4 === 3 ? "lockstep" : "rollback",
        topology: seed % 5 === 4 ? "client-server" : "p2p",
        net: { latencyMs: 20 + ((seed * 37) % 100), jitterMs: seed % 30, loss: (seed % 4) / 10 },
        seed,
        ticks: 300,
      });
      match.runToEnd();
      match.assertAgreed();
    },
    60_000,
  );
});
