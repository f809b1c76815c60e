import type { Slot } from "../base/brand.js";
import type { MatchIdentity } from "../guard/identity.js";
import { MAX_TRACE_LINE_BYTES, MAX_TRACE_VALUES } from "./limits.js";
import { JOURNAL_FORMAT, spellManifest } from "./session-line.js";
import type { LineSink } from "./sink.js";
import { spellBounded, spellText } from "./spelling.js";

/**
 * Writes what one peer saw and did, and when, one line a record. Times are the session's `nowMs`; a record never
 * holds a path, an argument, a date, a process or a measured duration, so a match that runs again from the same
 * seed writes the same bytes.
 */
export class TraceWriter {
  readonly #sink: LineSink;

  /** @param slots the slots of the peer whose trace this is */
  constructor(sink: LineSink, identity: MatchIdentity, slots: readonly Slot[]) {
    this.#sink = sink;
    sink.line(
      `{"type":"trace","format":${JOURNAL_FORMAT},"match":"${identity.matchId}",` +
        `"session":"${identity.sessionId}","game":"${identity.gameId}","kairos":"${identity.kairos}",` +
        `"slots":[${slots.join(",")}],"manifest":${spellManifest(identity.manifest)}}`,
    );
  }

  /**
   * One record: its type, then its fields in the order given, those that are undefined left out. Field names are
   * not `type` and do not start with `$`. A record too long to be read again is replaced by its type and
   * `{"omitted": its length}`.
   */
  record(type: string, fields: Readonly<Record<string, unknown>>): void {
    let line = `{"type":${spellText(type)}`;
    for (const name in fields) {
      const value = fields[name];
      if (value !== undefined) line += `,${spellText(name)}:${spellAnything(value)}`;
    }
    // No code unit takes more than three bytes.
    if (line.length * 3 >= MAX_TRACE_LINE_BYTES) line = `{"type":${spellText(type)},"omitted":${line.length}`;
    this.#sink.line(`${line}}`);
  }
}

/** What a user emits is traced even where it is refused, and may be a web of objects, or throw when it is read. */
function spellAnything(value: unknown): string {
  try {
    return spellBounded(value, MAX_TRACE_VALUES);
  } catch {
    return '{"$other":"unreadable"}';
  }
}
