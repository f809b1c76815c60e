import { LineChain } from "./chain.js";
import { Fields } from "./fields.js";
import type { Journal } from "./journal.js";
import { MAX_JOURNAL_LINE_BYTES, MAX_JOURNAL_TICK_BYTES } from "./limits.js";
import { LineProblem, type LineRefusal } from "./line-problem.js";
import { parseLine, type RawLine, wholeLength, wholeLines } from "./lines.js";
import { readSession, type SessionRead } from "./read-session.js";
import { TickReader } from "./read-ticks.js";
import { sessionLine } from "./session-line.js";
import { endHead, eventLine, spellContent, tickHead } from "./tick-lines.js";

/** A journal that verified, or the first line that does not. */
export type JournalReading =
  | { readonly ok: true; readonly journal: Journal }
  | { readonly ok: false; readonly torn: boolean; readonly refusal: LineRefusal };

/**
 * Reads a canonical journal and verifies its spelling, its order, its identities and its whole chain: what is
 * accepted is, to the byte, what a writer writes. Never throws, whatever the bytes; takes time and memory in
 * proportion to their number. A last line without newline is dropped and said as `torn`.
 */
export function readJournal(bytes: Uint8Array): JournalReading {
  const whole = bytes.subarray(0, wholeLength(bytes));
  const torn = whole.length < bytes.length;
  const reader = new JournalReader();
  for (const line of wholeLines(whole)) {
    const what = reader.read(line);
    if (what !== undefined) return { ok: false, torn, refusal: { line: line.number, what } };
  }
  const journal = reader.finish(whole, torn);
  if (journal !== undefined) return { ok: true, journal };
  const what = torn ? "it is torn, and nothing before it is whole" : "the journal is empty";
  return { ok: false, torn, refusal: { line: 1, what } };
}

class JournalReader {
  readonly #chain = new LineChain();
  #session: SessionRead | undefined;
  #ticks: TickReader | undefined;
  /** Number of the last line that carried the chain. */
  #sealedLine = 0;
  /** Bytes of the lines since. */
  #pendingBytes = 0;

  /** Takes in the next line. What is wrong with it, or undefined. */
  read(line: RawLine): string | undefined {
    try {
      this.#pendingBytes += line.bytes.length;
      if (this.#pendingBytes > MAX_JOURNAL_TICK_BYTES) {
        throw new LineProblem(`the lines since the last tick take more than ${MAX_JOURNAL_TICK_BYTES} bytes`);
      }
      const { text, json } = parseLine(line.bytes, MAX_JOURNAL_LINE_BYTES);
      const fields = Fields.of(json, "it");
      if (this.#ticks === undefined) this.#first(fields, text);
      else this.#next(this.#ticks, fields, text, line.number);
      return undefined;
    } catch (problem) {
      if (problem instanceof LineProblem) return problem.message;
      throw problem;
    }
  }

  finish(bytes: Uint8Array, torn: boolean): Journal | undefined {
    if (this.#session === undefined || this.#ticks === undefined) return undefined;
    const { ticks, complete, unfinished } = this.#ticks;
    return { ...this.#session, ticks, complete, torn, unfinishedLines: unfinished, bytes };
  }

  #first(fields: Fields, text: string): void {
    if (fields.any("type") !== "session") throw new LineProblem("a journal begins with its session line");
    this.#session = readSession(fields);
    this.#ticks = new TickReader(this.#session.identity.manifest);
    const { identity, events, bundle } = this.#session;
    this.#plain(text, sessionLine(identity, events, bundle));
  }

  #next(ticks: TickReader, fields: Fields, text: string, line: number): void {
    const type = fields.oneOf("type", ["event", "refusal", "tick", "end"]);
    if (type === "tick") {
      const { chronos, node, stateHash } = ticks.tick(fields, line);
      this.#sealed(text, tickHead(chronos, node, stateHash), line);
    } else if (type === "end") {
      this.#sealed(text, endHead(ticks.end(fields)), line);
    } else {
      const { chronos, author, id, kind, payload, refusal } = ticks.event(fields, line, type === "refusal");
      this.#plain(text, eventLine(chronos, author, id, spellContent(kind, payload), refusal));
    }
  }

  /** Compares a line without chain with its legal spelling. */
  #plain(text: string, legal: string): void {
    if (text !== this.#chain.plain(legal)) throw misspelled(text, legal);
  }

  /** Compares a line that carries the chain with its legal spelling, which begins with `head`. */
  #sealed(text: string, head: string, line: number): void {
    const legal = this.#chain.sealed(head);
    if (text !== legal) {
      if (!text.startsWith(head)) throw misspelled(text, legal);
      throw new LineProblem(
        `the chain does not hold: this line was changed, or one since line ${this.#sealedLine + 1}`,
      );
    }
    this.#sealedLine = line;
    this.#pendingBytes = 0;
  }
}

function misspelled(text: string, legal: string): LineProblem {
  let at = 0;
  while (at < legal.length && text[at] === legal[at]) at++;
  return new LineProblem(`it is not spelled as the format says, from character ${at + 1} on`);
}
