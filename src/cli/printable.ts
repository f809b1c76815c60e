import { PRINTED_LINE_UNITS } from "./limits.js";

/**
 * What a terminal obeys, or shows otherwise than it stands in the text: control characters, such as begin its
 * commands, what is of no width or turns the direction of writing, halves of surrogate pairs. Tabs do no harm.
 */
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
const COLOURS = /(\x1b\[[\d;:]*m)/;

/**
 * Text of others (games, files, invites, peers) as it may reach a terminal: one line, at most `PRINTED_LINE_UNITS` of
 * it, in which what would not be seen as it is is spelled: `\x1b`, `\u202e`.
 */
export function printable(text: string): string {
  const cut = text.length > PRINTED_LINE_UNITS ? `${text.slice(0, PRINTED_LINE_UNITS - 1)}…` : text;
  return cut.replace(UNPRINTABLE, spelled);
}

/** The same of several lines. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/** The same of one line that the user's own code drew, which may be coloured. */
export const printableInColour = (line: string): string =>
  line
    .split(COLOURS)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join("");

/** A value on one line of JSON, which says the same to who reads it, and nothing to a terminal. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNPRINTABLE, (found) =>
    Array.from({ length: found.length }, (_, index) => `\\u${hex(found.charCodeAt(index), 4)}`).join(""),
  );

function spelled(found: string): string {
  const code = found.codePointAt(0)!;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 0)}}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
