import { loadBundle } from "../bundles/load-bundle.js";
import { type ReplayOptions, type ReplayResult, replayJournal } from "../core/journal/replay.js";
import type { Game } from "../core/session/simulation.js";
import { CliError, oneLine, usage, wordsOf } from "./exit.js";
import type { JournalFileRead } from "./journal-input.js";
import { loadGame } from "./load-game.js";

/** Whether a journal holds its game, so that nobody has to name it. */
export const holdsGame = ({ journal }: JournalFileRead): boolean => journal.bundle !== undefined;

/**
 * The game of a journal: the one that was named, or else the one that the journal holds. Throws `CliError`: 2 where
 * there is neither, 3 where it cannot be loaded.
 */
export async function gameOfJournal({ path, journal }: JournalFileRead, named?: string): Promise<Game> {
  if (named !== undefined) return (await loadGame(named)).game;
  const { name, version } = journal.identity.manifest.game;
  if (journal.bundle === undefined) {
    throw usage(
      `${path} verifies, but holds no code of the game "${name}" version "${version}": name it with --game PATH`,
    );
  }
  try {
    return await loadBundle(journal.bundle);
  } catch (error) {
    throw new CliError(3, `the game that ${path} holds cannot be loaded: ${oneLine(wordsOf(error))}`);
  }
}

/** Replays a journal with a game that must be its own. Throws `CliError` 2 where it is another. */
export function replayWith(
  { path, journal }: JournalFileRead,
  game: Game,
  named: string | undefined,
  options: ReplayOptions,
): ReplayResult {
  const result = replayJournal(journal, game, options);
  if (result.type === "replayed") return result;
  throw usage(`${named ?? "the game that it holds"} is not the game of ${path}: ${result.hint}`);
}
