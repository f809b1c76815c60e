import { utf8Encode } from "../../src/core/base/text.js";
import { readJournal } from "../../src/core/journal/reader.js";
import { replayJournal } from "../../src/core/journal/replay.js";
import { medley } from "../games/medley.js";

/** Runs a journal straight through, without any network or rollback. Throws unless every tick comes out the same. */
export function checkReplay(journal: string, finalTick: number): void {
  const reading = readJournal(utf8Encode(journal)!);
  if (!reading.ok) throw new Error(`the journal is refused: ${JSON.stringify(reading.refusal)}`);
  const result = replayJournal(reading.journal, medley);
  if (result.type === "other-game" || !result.ok || result.ticks !== finalTick) {
    throw new Error(`the journal does not replay to tick ${finalTick}: ${JSON.stringify(result)}`);
  }
}
