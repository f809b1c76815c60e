/**
 * What can go wrong for reasons outside Echo Net, one code each.
 *
 * - `SESSION_MISMATCH` the other side plays another game, version or session
 * - `ROOM_FULL` every slot is taken
 * - `NO_ROUTE` nobody answers, or an address or port cannot be used
 * - `TOKEN_REFUSED` the invite's secret or a capability token does not hold
 * - `TIMED_OUT` the other side stopped answering
 * - `GAME_INVALID` the game's definition, state or code breaks a rule
 * - `INPUT_INVALID` a file, invite, option or value that was handed in cannot be used
 */
export type EchoNetErrorCode =
  | "SESSION_MISMATCH"
  | "ROOM_FULL"
  | "NO_ROUTE"
  | "TOKEN_REFUSED"
  | "TIMED_OUT"
  | "GAME_INVALID"
  | "INPUT_INVALID";

/** The one error type that the public interface throws on purpose. `hint` is a sentence for a person. */
export class EchoNetError extends Error {
  override readonly name = "EchoNetError";
  readonly code: EchoNetErrorCode;
  readonly hint: string;

  constructor(code: EchoNetErrorCode, hint: string, options?: { cause?: unknown }) {
    super(hint, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Throws `GAME_INVALID`. */
export function refuseGame(hint: string): never {
  throw new EchoNetError("GAME_INVALID", hint);
}

/** What was thrown, in words. A game may throw anything, what has no text too. */
export function wordsOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return "something without words";
  }
}

/** By name, since a game may carry a copy of the package of its own. */
export const isEchoNetError = (error: unknown): error is EchoNetError =>
  error instanceof Error && error.name === "EchoNetError" && "hint" in error;
