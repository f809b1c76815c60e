import { describe, expect, test } from "vitest";
import { createTestMatch } from "../src/testing/index.js";
import { loadWasmGame } from "../src/wasm/index.js";
import { seeds } from "./seeded/seeds.js";
import { DECLARATION, trials } from "./wasm/abi-module.js";
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

  test("EN-1047 refuse what claims the same thing, by weight and then by slot", () => {
    const { events } = DECLARATION;
    const add = { ...events.add, writes: ["n/{n}", "any"], reads: "n/{n}" };
    const declared = { ...DECLARATION, events: { ...events, add, grow: { writes: ["any"], aionWeight: 2 } } };
    const game = loadWasmGame(trials(declared));
    expect(game.catalog.description).toMatchObject({
      add: { aionWeight: 0, claims: [true, true] },
      grow: { aionWeight: 2, claims: [false, true] },
      boom: { claims: [false, false] },
    });
    const refused: string[] = [];
    const match = createTestMatch(game, {
      peers: 3,
      net: "lossy",
      seed: 4,
      ticks: 60,
      input: (slot, chronos) => ({ n: chronos % 2 === 0 ? slot : 7 }),
      onOutput: (peer, output) => {
        if (output.type !== "refused") return;
        expect(output.reason).toBe("paradox");
        if (peer === 0)
          refused.push(`${output.envelope.chronos} ${output.envelope.kind} ${output.envelope.slot}`);
      },
    });
    match.peers[2]!.emit("grow", {});
    match.runToEnd();
    match.assertAgreed();
    const { sum } = match.peers[0]!.session.view().final as { sum: number };
    // Every event wants "any": only slot 0 gets it, but in the tick in which slot 2 does something heavier.
    const ticks = new Set(refused.map((line) => line.split(" ")[0]));
    const heavy = [...ticks].filter((tick) => refused.includes(`${tick} add 0`));
    expect(heavy).toHaveLength(1);
    expect(refused).toContain(`${heavy[0]} add 1`);
    expect(refused).toContain(`${heavy[0]} add 2`);
    expect(refused.filter((line) => line.includes("grow"))).toEqual([]);
    const kept = match.peers[0]!.stats.refusedEvents;
    expect(kept).toBe(refused.length);
    expect(sum).toBeGreaterThan(100);
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
