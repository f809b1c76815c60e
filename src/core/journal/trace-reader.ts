import type { Hash } from "../base/brand.js";
import type { Value } from "../base/value.js";
import type { Manifest } from "../guard/identity.js";
import { MAX_SLOTS } from "../wire/limits.js";
import { Fields } from "./fields.js";
import { MAX_TRACE_LINE_BYTES } from "./limits.js";
import { LineProblem, type LineRefusal } from "./line-problem.js";
import { parseLine, wholeLength, wholeLines } from "./lines.js";
import { readManifest } from "./read-session.js";
import { unspell } from "./unspell.js";

/** One line of a trace after its header. */
export interface TraceRecord {
  readonly line: number;
  readonly type: string;
  /** Everything but the type, in the order of the line. */
  readonly fields: Readonly<Record<string, Value>>;
}

export interface Trace {
  readonly match: Hash;
  readonly session: Hash;
  readonly manifest: Manifest;
  /** The slots of the peer that wrote it. */
  readonly slots: readonly number[];
  readonly records: readonly TraceRecord[];
  /** True where a last line without newline was dropped. */
  readonly torn: boolean;
}

export type TraceReading =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly torn: boolean; readonly refusal: LineRefusal };

/**
 * Reads a trace. Its lines have no chain and no one spelling: any JSON map with a text as `type` is a record.
 * Never throws, whatever the bytes. A last line without newline is dropped and said as `torn`.
 */
export function readTrace(bytes: Uint8Array): TraceReading {
  const whole = bytes.subarray(0, wholeLength(bytes));
  const torn = whole.length < bytes.length;
  const records: TraceRecord[] = [];
  let header: Omit<Trace, "records" | "torn"> | undefined;
  for (const { number, bytes: line } of wholeLines(whole)) {
    try {
      const { json } = parseLine(line, MAX_TRACE_LINE_BYTES);
      if (header === undefined) header = readHeader(Fields.of(json, "it"));
      else records.push(readRecord(json, number));
    } catch (problem) {
      if (!(problem instanceof LineProblem)) throw problem;
      return { ok: false, torn, refusal: { line: number, what: problem.message } };
    }
  }
  if (header !== undefined) return { ok: true, trace: { ...header, records, torn } };
  const what = torn ? "it is torn, and nothing before it is whole" : "the trace is empty";
  return { ok: false, torn, refusal: { line: 1, what } };
}

function readHeader(line: Fields): Omit<Trace, "records" | "torn"> {
  if (line.any("type") !== "trace") throw new LineProblem('a trace begins with its line of type "trace"');
  const slots = line.list("slots", MAX_SLOTS);
  return {
    match: line.hex("match", 32) as Hash,
    session: line.hex("session", 32) as Hash,
    manifest: readManifest(line),
    slots: slots.map((slot) => {
      if (typeof slot !== "number") throw new LineProblem('"slots" holds something else than numbers');
      return slot;
    }),
  };
}

function readRecord(json: unknown, line: number): TraceRecord {
  const type = Fields.of(json, "it").text("type");
  const fields = Object.entries(json as object).filter(([name]) => name !== "type");
  return { line, type, fields: Object.fromEntries(fields.map(([name, value]) => [name, unspell(value)])) };
}
