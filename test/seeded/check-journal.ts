import { utf8Encode } from "../../src/core/base/text.js";
import type { Journal } from "../../src/core/journal/journal.js";
import { readJournal } from "../../src/core/journal/reader.js";
import { replayJournal } from "../../src/core/journal/replay.js";
import type { Game } from "../../src/core/session/simulation.js";

/**
 * Runs a journal straight through, without any network or rollback: throws unless every tick comes out the same, up
 * to the last, and each player's numbered events stand in it once. `gapless`: no player was told that one of them
 * would not be sent, so that none may be missing in between.
 */
export function checkJournal(text: string, game: Game, finalTick: number, gapless: boolean): void {
  const reading = readJournal(utf8Encode(text)!);
  if (!reading.ok) throw new Error(`the journal is refused: ${JSON.stringify(reading.refusal)}`);
  const result = replayJournal(reading.journal, game);
  if (result.type === "other-game" || !result.ok || result.ticks !== finalTick) {
    throw new Error(`the journal does not replay to tick ${finalTick}: ${JSON.stringify(result)}`);
  }
  checkSerials(reading.journal, gapless);
}

function checkSerials({ ticks }: Journal, gapless: boolean): void {
  const serials = new Map<number, Set<number>>();
  for (const { events } of ticks) {
    for (const { author, payload } of events) {
      const { serial } = payload as { readonly serial?: number };
      if (serial === undefined) continue;
      const known = serials.get(author) ?? new Set();
      if (known.has(serial)) throw new Error(`event ${serial} of slot ${author} stands in the journal twice`);
      serials.set(author, known.add(serial));
    }
  }
  for (const [slot, known] of serials) {
    const last = Math.max(...known);
    if (known.has(0)) throw new Error(`the journal has a guess at what slot ${slot} did`);
    if (gapless && known.size !== last) {
      throw new Error(`the journal has ${known.size} of the first ${last} events of slot ${slot}`);
    }
  }
}
