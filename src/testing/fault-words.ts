import { isEchoNetError, wordsOf } from "../core/base/errors.js";
import { isSimulationError } from "../core/session/simulation.js";

/** What a game's own code threw, as a sentence without its full stop; `where` is the code's name: `on.move of slot 1`. */
export function faultWords(where: string, error: unknown): string {
  if (isSimulationError(error) && error.cause !== undefined) return faultWords(where, error.cause);
  const message = wordsOf(error);
  const saysWhere = isEchoNetError(error) && message.startsWith(where.split(" ")[0]!);
  const words = saysWhere || isSimulationError(error) ? message : `${where} threw: ${message}`;
  const local = (error as { readonly localCause?: unknown } | null | undefined)?.localCause;
  return typeof local === "string" ? `${words} (here: ${local})` : words;
}
