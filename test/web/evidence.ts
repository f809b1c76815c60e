import { readJournal, replayJournal } from "echo-net/journal";
import { expect } from "vitest";
import splash from "../../examples/splash/game.js";
import type { Outcome } from "./player.js";

/**
 * Proves that players saw one match: byte-identical journals as far as all reach, equal to a replay in Node, with
 * rollbacks on the way. `ticks`, where all played to that end.
 */
export function proveEqual(outcomes: readonly Outcome[], ticks?: number): void {
  const journals = outcomes.map(({ journal }) => journal);
  const shortest = journals.reduce((a, b) => (b.length < a.length ? b : a));
  // As texts of whole lines: a prefix is one of lines, too.
  expect(journals.map((journal) => journal.startsWith(shortest))).toEqual(journals.map(() => true));
  if (ticks !== undefined) {
    expect(outcomes.map(({ ended }) => ended)).toEqual(outcomes.map(() => "finished"));
    expect(journals.map((journal) => journal === shortest)).toEqual(journals.map(() => true));
  }
  const reading = readJournal(new TextEncoder().encode(shortest));
  if (!reading.ok) throw new Error(reading.refusal.what);
  const replay = replayJournal(reading.journal, splash);
  expect(replay).toMatchObject({ ok: true, torn: false, firstDivergence: null });
  if (ticks !== undefined) expect(replay).toMatchObject({ complete: true, ticks });
  const last = [...shortest.matchAll(/"type":"tick".*"state":"([0-9a-f]{64})"/g)].at(-1)?.[1];
  expect(replay).toMatchObject({ finalHash: last });
  expect(outcomes.some(({ rollbacks }) => rollbacks > 0)).toBe(true);
}
