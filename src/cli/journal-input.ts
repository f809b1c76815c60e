import type { Journal } from "../core/journal/journal.js";
import type { LineRefusal } from "../core/journal/line-problem.js";
import { readJournal } from "../core/journal/reader.js";
import { readTrace, type Trace } from "../core/journal/trace-reader.js";
import { CliError, oneLine } from "./exit.js";
import { readInputFile } from "./files.js";

const TRACE_HEAD = new TextEncoder().encode('{"type":"trace"');
const JOURNAL_HEAD = new TextEncoder().encode('{"type":"session"');

export interface JournalFileRead {
  readonly type: "journal";
  readonly path: string;
  readonly journal: Journal;
}

export interface TraceFileRead {
  readonly type: "trace";
  readonly path: string;
  readonly trace: Trace;
  readonly bytes: Uint8Array;
}

/** Reads a journal or a trace and verifies what can be verified of it. Throws `CliError` 3 that names the line. */
export function readRecordFile(path: string): JournalFileRead | TraceFileRead {
  const bytes = readInputFile(path);
  if (beginsWith(bytes, TRACE_HEAD)) {
    const reading = readTrace(bytes);
    if (reading.ok) return { type: "trace", path, trace: reading.trace, bytes };
    throw refused(path, "trace", reading, "play the match again, or read the journal beside it");
  }
  const reading = readJournal(bytes);
  if (reading.ok) return { type: "journal", path, journal: reading.journal };
  const hint = beginsWith(bytes, JOURNAL_HEAD)
    ? "take another peer's copy, which holds the same bytes"
    : "name a journal, as simulate, host and join write it";
  throw refused(path, "journal", reading, hint);
}

const beginsWith = (bytes: Uint8Array, head: Uint8Array): boolean =>
  head.every((byte, i) => bytes[i] === byte);

function refused(
  path: string,
  kind: string,
  { torn, refusal }: { torn: boolean; refusal: LineRefusal },
  advice: string,
): CliError {
  const { line, what } = refusal;
  const hint = what.includes("this program reads") ? "use the version of Echo Net that wrote it" : advice;
  return new CliError(3, `${path}, line ${line}, does not verify as a ${kind}: ${oneLine(what)}; ${hint}`, {
    torn,
    line,
  });
}
