import { utf8Decode } from "../base/text.js";
import { LineProblem } from "./line-problem.js";

const NEWLINE = 0x0a;

/** One whole line of a file. */
export interface RawLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without its newline; a view, not a copy. */
  readonly bytes: Uint8Array;
}

/** How much of a file is whole lines: what stands behind the last newline is torn. */
export const wholeLength = (file: Uint8Array): number => file.lastIndexOf(NEWLINE) + 1;

/** The whole lines of a file, in order. */
export function* wholeLines(file: Uint8Array): Generator<RawLine> {
  const end = wholeLength(file);
  let number = 1;
  for (let start = 0; start < end; number++) {
    const stop = file.indexOf(NEWLINE, start);
    yield { number, bytes: file.subarray(start, stop) };
    start = stop + 1;
  }
}

/** The text of a line and the JSON in it. Throws a LineProblem for what is neither. */
export function parseLine(bytes: Uint8Array, mostBytes: number): { text: string; json: unknown } {
  if (bytes.length > mostBytes) throw new LineProblem(`it is longer than ${mostBytes} bytes`);
  const text = asciiText(bytes) ?? utf8Decode(bytes);
  if (typeof text === "number") throw new LineProblem(`byte ${text + 1} of it is not UTF-8`);
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    throw new LineProblem("it is not JSON");
  }
}

/** Nearly every line is plain, and such a one is decoded many characters at a time; undefined for all others. */
function asciiText(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    const chunk = bytes.subarray(start, start + CHUNK);
    for (let i = 0; i < chunk.length; i++) if (chunk[i]! > 0x7f) return undefined;
    text += String.fromCharCode.apply(null, chunk as unknown as number[]);
  }
  return text;
}

/** Arguments of one call: every engine takes this many. */
const CHUNK = 4096;
