/** Canonical journals and traces: writing, reading, verifying, replaying, comparing. */
export { desyncStates, statesOf } from "./desync.js";
export { diffJournals, diffLines, type JournalDifference, type LineDifference } from "./diff.js";
export type { Refused } from "./event-speller.js";
export type { Journal, JournalEvent, JournalTick } from "./journal.js";
export { MAX_JOURNAL_LINE_BYTES, MAX_TRACE_LINE_BYTES } from "./limits.js";
export type { LineRefusal } from "./line-problem.js";
export { type JournalReading, readJournal } from "./reader.js";
export {
  type Divergence,
  type OtherGame,
  type ReplayOptions,
  type ReplayResult,
  replayJournal,
} from "./replay.js";
export { JOURNAL_FORMAT } from "./session-line.js";
export type { LineSink } from "./sink.js";
export { spell } from "./spelling.js";
export { readTrace, type Trace, type TraceReading, type TraceRecord } from "./trace-reader.js";
export { TraceWriter } from "./trace-writer.js";
export { type FinalTick, JournalWriter } from "./writer.js";
