/** What runs in every engine and compiler tier, to be compared: nothing here depends on any of them. */
import { asSlot, chronosTick, type KairosBranchId } from "../../src/core/base/brand.js";
import { blake3Hash } from "../../src/core/base/hash.js";
import type { EventEnvelope } from "../../src/core/envelope/event-envelope.js";
import { type Game, Snapshot } from "../../src/core/session/simulation.js";
import { loadWasmGame, prepare } from "../../src/wasm/index.js";

const KAIROS = "0".repeat(32) as KairosBranchId;
const SLOTS = [0, 1, 2].map(asSlot);

/** Plays a game with itself, goes back every 50 ticks after a future without events, and gives hashes on the way. */
export const playHashes = (bytes: Uint8Array, ticks: number): string[] =>
  gameHashes(loadWasmGame(bytes), ticks, 100);

/** The same of any game, with a hash every `hashEvery` ticks. */
export function gameHashes(game: Game, ticks: number, hashEvery: number): string[] {
  const simulation = game.createSimulation();
  simulation.begin({ kairos: KAIROS, seed: new Uint8Array(32).fill(7), slots: SLOTS });
  const saved = new Snapshot();
  const hashes: string[] = [];
  for (let tick = chronosTick(1); tick <= ticks; tick = chronosTick(tick + 1)) {
    const events = SLOTS.flatMap((slot): EventEnvelope[] =>
      simulation.collectInput(slot, tick, undefined).map(({ kind, payload }, id) => {
        const content = game.catalog.pack(kind, payload, tick);
        return game.catalog.envelope(content, id, tick, KAIROS, slot);
      }),
    );
    simulation.saveInto(saved);
    if (tick % 50 === 0) {
      simulation.step(tick, []);
      simulation.restore(saved);
    }
    simulation.step(tick, events);
    if (tick % hashEvery === 0) hashes.push(simulation.hash());
  }
  return hashes;
}

/** Runs a module's `run` until it is compiled by every tier, and gives a hash of its first page for each kind. */
export function pageHashes(bytes: Uint8Array, rounds: number): { prepared: string; original: string } {
  const hashOf = (module: Uint8Array): string => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module as Uint8Array<ArrayBuffer>));
    const { run, memory, "echo:fuel": fuel } = instance.exports as Record<string, any>;
    for (let round = 0; round < rounds; round++) {
      if (fuel !== undefined) fuel.value = 1_000_000n;
      run();
    }
    return blake3Hash(new Uint8Array(memory.buffer, 0, 65_536));
  };
  return { prepared: hashOf(prepare(bytes).bytes), original: hashOf(bytes) };
}

/** How deep two recursions without end come, and what they spend, before they trap; text where something else ends them. */
export function depths(bytes: Uint8Array): readonly string[] {
  const module = new WebAssembly.Module(prepare(bytes).bytes as Uint8Array<ArrayBuffer>);
  const exports = new WebAssembly.Instance(module).exports as Record<string, any>;
  return ["run", "light", "run", "light"].map((name) => {
    exports["echo:depth"].value = 0;
    exports["echo:fuel"].value = 10_000_000n;
    try {
      return `${exports[name](1)}`;
    } catch (error) {
      return `${(error as Error).name} ${exports["echo:depth"].value} ${exports["echo:fuel"].value}`;
    }
  });
}
