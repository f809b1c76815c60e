import type { Place, Problem } from "../../src/cli/dev/description.js";

/** So many errors are looked at that caused one another: one may be its own cause. */
const MAX_CAUSES = 8;
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

export function hideProblem(): void {
  overlay.hidden = true;
}

export const placeWords = ({ file, line, column }: Place): string =>
  column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;

/** What was thrown in the game's code, with its place in the user's own file where that can be told. */
export async function problemOf(error: unknown): Promise<Problem> {
  return { message: wordsOf(error), place: await placeOf(error) };
}

/** The first of the game's own lines in an error's stack, as the server translates it. */
export async function placeOf(error: unknown): Promise<Place | undefined> {
  const frame = frameOf(error);
  if (frame === undefined) return undefined;
  const [, path, line, column] = frame;
  const answer = await fetch(`place?${new URLSearchParams({ path: path!, line: line!, column: column! })}`);
  return answer.ok ? ((await answer.json()) as Place) : undefined;
}

function frameOf(error: unknown): RegExpExecArray | undefined {
  let at = error;
  for (let depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++) {
    const frame = /\/(game\/[^\s():]+):(\d+):(\d+)/.exec(String(at.stack));
    if (frame !== null) return frame;
    at = at.cause;
  }
  return undefined;
}

/** What was thrown, in words. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { hint } = error as { readonly hint?: unknown };
  return typeof hint === "string" ? hint : error.message;
}
