/** What the page in a browser runs: replays of journals, and whole matches under virtual time. */
import type { Game } from "echo-net";
import { loadBundle } from "echo-net/bundles";
import { readJournal, replayJournal } from "echo-net/journal";
import { loadLuaGame } from "echo-net/lua";
import { createTestMatch, type TestMatchOptions } from "echo-net/testing";
import { loadWasmGame } from "echo-net/wasm";
import orbits from "../../examples/orbits/game.js";
import splash from "../../examples/splash/game.js";

const games: Record<string, Game> = { splash, orbits };

/** A page reads nothing from a disk: what it needs comes in base64. */
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

const inPage = {
  ready: true,

  /** Makes the games that are no TypeScript: a script with what runs it, and a module. */
  async load(script: string, glue: string, module: string): Promise<void> {
    games.sample = await loadLuaGame({ "player.lua": script }, { glue: bytesOf(glue) });
    games.gems = loadWasmGame(bytesOf(module));
  },

  /** Verifies and replays a journal's text. */
  replay(name: string, text: string): unknown {
    const reading = readJournal(new TextEncoder().encode(text));
    return reading.ok ? replayJournal(reading.journal, games[name]!) : reading;
  },

  /** Verifies and replays a journal with the game that it holds, and nothing else but Lua itself. */
  async replayAlone(text: string, glue: string): Promise<unknown> {
    const reading = readJournal(new TextEncoder().encode(text));
    if (!reading.ok) return reading;
    return replayJournal(reading.journal, await loadBundle(reading.journal.bundle!, { glue: bytesOf(glue) }));
  },

  /** Plays a match and gives every peer's journal. */
  play(name: string, options: TestMatchOptions, ticks: number): string[] {
    const match = createTestMatch(games[name]!, { ...options, journal: true });
    match.runTicks(ticks);
    match.settle();
    match.assertAgreed();
    return match.peers.map((peer) => peer.journal);
  },
};

Object.assign(globalThis, inPage);
