import type { Place, Problem } from "../../src/cli/dev/description.js";

const overlay = document.querySelector<HTMLElement>("#overlay")!;

/** Shows what keeps the game from being played, over whatever is there. */
export function showProblem({ message, place }: Problem): void {
  const title = document.createElement("strong");
  title.textContent = place === undefined ? "The game cannot be played." : placeWords(place);
  const words = document.createElement("code");
  words.textContent = message;
  overlay.replaceChildren(title, words);
  overlay.hidden = false;
}

export const placeWords = ({ file, line, column }: Place): string =>
  column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;

/** What was thrown in the game's code, with its place in the user's own file where that can be told. */
export async function problemOf(error: unknown): Promise<Problem> {
  return { message: wordsOf(error), place: await placeOf(error) };
}

/** The first of the game's own lines in an error's stack, as the server translates it. */
export async function placeOf(error: unknown): Promise<Place | undefined> {
  if (!(error instanceof Error)) return undefined;
  const frame = /\/(game\/[^\s():]+):(\d+):(\d+)/.exec(error.stack ?? "");
  if (frame === null) return error.cause === undefined ? undefined : placeOf(error.cause);
  const [, path, line, column] = frame;
  const answer = await fetch(`place?${new URLSearchParams({ path: path!, line: line!, column: column! })}`);
  return answer.ok ? ((await answer.json()) as Place) : undefined;
}

/** What was thrown, in words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { hint } = error as { readonly hint?: unknown };
  return typeof hint === "string" ? hint : error.message;
}
