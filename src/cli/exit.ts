import { type EchoNetErrorCode, isEchoNetError, wordsOf as wordsOfThrown } from "../core/base/errors.js";
import { printable } from "./printable.js";

/**
 * What every command exits with.
 *
 * - 0 good
 * - 1 the thing checked does not hold, or the match could not be
 * - 2 wrong usage, or a game that the journal was not made with
 * - 3 input that is missing, unreadable, damaged, of another version, or not a game
 * - 130 interrupted, with journals closed
 */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Ends a command. The message is one line that says what, where and what to do. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  /** What `--json` says beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(exitCode: ExitCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** Wrong usage. */
export const usage = (message: string): CliError => new CliError(2, message);

const EXIT_BY_CODE: Readonly<Record<EchoNetErrorCode, ExitCode>> = {
  SESSION_MISMATCH: 1,
  ROOM_FULL: 1,
  NO_ROUTE: 1,
  TOKEN_REFUSED: 1,
  TIMED_OUT: 1,
  GAME_INVALID: 3,
  INPUT_INVALID: 2,
};

/** Whatever was thrown, as what a command ends with. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (isEchoNetError(error)) return new CliError(EXIT_BY_CODE[error.code] ?? 1, error.hint);
  return new CliError(
    1,
    `Echo Net made a mistake of its own: ${wordsOf(error)}${placeOf(error)}; please report it`,
  );
}

/** What was thrown, in words, whatever it is. */
export const wordsOf = (error: unknown): string =>
  isEchoNetError(error) ? error.hint : wordsOfThrown(error);

/** The place in the program, so that a report leads somewhere without a whole stack. */
function placeOf(error: unknown): string {
  const place =
    error instanceof Error
      ? /^\s+at .*?([\w-]+\/[\w.-]+:\d+:\d+)\)?$/m.exec(error.stack ?? "")?.[1]
      : undefined;
  return place === undefined ? "" : ` (at ${place})`;
}

/** One printable line of text, whatever came in. */
export const oneLine = (text: string): string => printable(text.trim().replace(/\s*[\r\n]+\s*/g, "; "));
