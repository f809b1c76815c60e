import { existsSync } from "node:fs";
import { desyncStates } from "../core/journal/desync.js";
import { readTrace, type Trace } from "../core/journal/trace-reader.js";
import { diffTrees, type StateDifference } from "../game/state-diff.js";
import { readInputFile } from "./files.js";

/** Places that are told of one state. */
const TOLD_PLACES = 20;

/** Where the states of two peers differ in the first tick for which both kept theirs. */
export interface StatePlaces {
  readonly chronos: number;
  readonly places: readonly StateDifference[];
}

/**
 * Looks into the traces beside two journals: at a desync each peer writes the whole state of the first differing
 * tick to its own. Undefined where there are no such traces, or none with a state.
 */
export function statePlaces(journalA: string, journalB: string): StatePlaces | undefined {
  const [a, b] = [journalA, journalB].map((journal) => traceAt(traceBeside(journal)));
  const states = a && b && desyncStates(a, b);
  return states && { chronos: states.chronos, places: diffTrees(states.left, states.right, TOLD_PLACES) };
}

/** Where the trace of a journal is looked for. */
export const traceBeside = (journal: string): string => journal.replace(/(\.jsonl)?$/, ".trace.jsonl");

/** A trace is a help here and nothing more: one that is missing or damaged tells nothing. */
function traceAt(path: string): Trace | undefined {
  if (!existsSync(path)) return undefined;
  const reading = readTrace(readInputFile(path));
  return reading.ok ? reading.trace : undefined;
}
