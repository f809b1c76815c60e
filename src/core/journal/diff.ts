import { utf8Decode } from "../base/text.js";
import type { Journal } from "./journal.js";
import { wholeLines } from "./lines.js";

/** Where two files part. */
export interface LineDifference {
  /** Counted from 1; all lines before are equal. */
  readonly line: number;
  /** That line in either file; undefined where the file has ended. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Where two journals part. */
export interface JournalDifference extends LineDifference {
  /** The first tick that differs; undefined where the journals are of two matches. */
  readonly chronos: number | undefined;
  /**
   * `session` another match; `events` another event, or another decision about it; `state` other state from equal
   * events; `node` equal events and state, of another past; `length` one journal ends where the other goes on.
   */
  readonly what: "session" | "events" | "state" | "node" | "length";
}

/** The first line in which two files of whole lines differ, or undefined where they are equal. */
export function diffLines(left: Uint8Array, right: Uint8Array): LineDifference | undefined {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left[at] === right[at]) at++;
  if (at === length && left.length === right.length) return undefined;
  let line = 1;
  let start = 0;
  for (let next = left.indexOf(0x0a); next >= 0 && next < at; next = left.indexOf(0x0a, start)) {
    start = next + 1;
    line++;
  }
  return { line, left: lineAt(left, start), right: lineAt(right, start) };
}

function lineAt(file: Uint8Array, start: number): string | undefined {
  for (const line of wholeLines(file.subarray(start))) {
    const text = utf8Decode(line.bytes);
    return typeof text === "string" ? text : undefined;
  }
  return undefined;
}

/** The first tick and line in which two journals differ, or undefined where they are equal to the byte. */
export function diffJournals(left: Journal, right: Journal): JournalDifference | undefined {
  const difference = diffLines(left.bytes, right.bytes);
  if (difference === undefined) return undefined;
  if (difference.line === 1) return { ...difference, chronos: undefined, what: "session" };
  const sides = [difference.left, difference.right].map((line) =>
    line === undefined ? undefined : JSON.parse(line),
  );
  const [a, b] = sides;
  const chronos = Math.max(a?.chronos ?? 0, b?.chronos ?? 0);
  return { ...difference, chronos, what: whatDiffers(a, b) };
}

function whatDiffers(a: any, b: any): JournalDifference["what"] {
  if (a === undefined || b === undefined || a.type === "end" || b.type === "end") return "length";
  if (a.type !== "tick" || b.type !== "tick") return "events";
  return a.state === b.state ? "node" : "state";
}
