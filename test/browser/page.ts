/** What the page in Chromium runs: replays of journals, and whole matches under virtual time. */
import { readJournal, replayJournal } from "echo-net/journal";
import { createTestMatch, type TestMatchOptions } from "echo-net/testing";
import orbits from "../../examples/orbits/game.js";
import splash from "../../examples/splash/game.js";

const games = { splash, orbits };

const inPage = {
  ready: true,

  /** Verifies and replays a journal's text. */
  replay(name: keyof typeof games, text: string): unknown {
    const reading = readJournal(new TextEncoder().encode(text));
    return reading.ok ? replayJournal(reading.journal, games[name]) : reading;
  },

  /** Plays a match and gives every peer's journal. */
  play(name: keyof typeof games, options: TestMatchOptions, ticks: number): string[] {
    const match = createTestMatch(games[name], { ...options, journal: true });
    match.runTicks(ticks);
    match.settle();
    match.assertAgreed();
    return match.peers.map((peer) => peer.journal);
  },
};

export type InPage = typeof inPage;

Object.assign(globalThis, inPage);
