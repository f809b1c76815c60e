/** What the page in a browser runs: the same as each tier of Node's compiler. */
import { readJournal, replayJournal } from "echo-net/journal";
import { loadLuaGame } from "echo-net/lua";
import { suspectHashes, type TierReport, tierReport } from "./tiers.js";

/** A page reads nothing from a disk: what it needs comes in base64. */
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

const inPage = {
  ready: true,

  /** `glue` is wasmoon's module in base64. */
  tiers: (ticks: number, glue: string): Promise<TierReport> => tierReport(ticks, bytesOf(glue)),

  /** Verifies and replays a journal with a game that the page made of these scripts. */
  async replay(scripts: Readonly<Record<string, string>>, journal: string, glue: string): Promise<unknown> {
    const game = await loadLuaGame(scripts, { glue: bytesOf(glue) });
    const reading = readJournal(new TextEncoder().encode(journal));
    return reading.ok ? replayJournal(reading.journal, game) : reading;
  },

  suspects: (ticks: number, glue: string): Promise<string[]> => suspectHashes(ticks, bytesOf(glue)),
};

Object.assign(globalThis, inPage);
