import { type ByteReader, type ByteWriter, equalBytes } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { type EventContent, TickContent } from "../envelope/content.js";
import {
  MAX_INLINE_BYTES,
  MAX_INLINE_TICK_BYTES,
  MAX_SLOT_TICK_BYTES,
  MAX_SLOT_TICK_EVENTS,
} from "./limits.js";
import type { FrameRefusal } from "./refusal.js";

/** What the wire needs of an event kind. */
export interface WireKind {
  readonly repeats: boolean;
  /** Advances the reader over one compact payload in its one spelling; sets `reader.failed` on anything else. */
  skim(reader: ByteReader): void;
}

/** What a peer authored, as far as this side knows it; `index` counts the peer's slots in the roster's order. */
export interface ContentSource {
  content(index: number, tick: number): TickContent | undefined;
}

/** Ticks `base + 1 … base + count` of all slots of one peer. */
export class Run {
  base = 0;
  count = 0;
  /**
   * Of a decoded run: from this index on, contents are known. Before it stand ticks that differ from a tick that
   * the receiver does not hold.
   */
  knownFrom = 0;
  /** `contents[index][i]` is tick `base + 1 + i`; undefined where it arrives as fragments. Reused. */
  readonly contents: (TickContent | undefined)[][] = [];
}

/** Code of a slot in an explicit tick; `k + FIRST_COUNT` means k events. */
const REPEAT = 0;
const FRAGMENTED = 1;
const FIRST_COUNT = 2;
/** A count of trailing repeated ticks: up to 255. */
const REPEATS_BYTES = 2;

/**
 * Whether a slot's tick is too long to stand in a run and goes as fragments.
 * `slots` is how many slots its peer has.
 */
export function needsFragments(content: TickContent, slots: number): boolean {
  const limit = Math.min(MAX_INLINE_BYTES, Math.floor(MAX_INLINE_TICK_BYTES / slots));
  return content.byteLength + 2 * content.events.length > limit;
}

/** Writes and reads runs: ticks as differences from the tick before, so that what only repeats costs nothing. */
export class RunCodec {
  readonly #kinds: readonly WireKind[];
  readonly #previous: (TickContent | undefined)[] = [];
  readonly #cursors: Uint32Array;

  constructor(kinds: readonly WireKind[]) {
    this.#kinds = kinds;
    this.#cursors = new Uint32Array(kinds.length);
  }

  /**
   * Appends as many of the ticks `base + 1 … base + count` as fit below `limit` (an offset in the writer), oldest
   * first, and returns how many. The source must hold `base` and every tick after it.
   */
  write(
    writer: ByteWriter,
    base: number,
    count: number,
    slots: number,
    source: ContentSource,
    limit: number,
  ): number {
    if (writer.length + REPEATS_BYTES > limit) return 0;
    const previous = this.#previous;
    for (let index = 0; index < slots; index++) {
      previous[index] = base === 0 ? TickContent.empty : held(source, index, base);
    }
    let repeats = 0;
    let written = 0;
    for (; written < count; written++) {
      const tick = base + written + 1;
      if (this.#repeats(source, slots, tick)) {
        repeats++;
        continue;
      }
      const mark = writer.length;
      writer.varint(repeats);
      for (let index = 0; index < slots; index++) {
        this.#writeSlot(writer, index, held(source, index, tick), slots);
      }
      if (writer.length + REPEATS_BYTES > limit) {
        writer.length = mark;
        break;
      }
      repeats = 0;
    }
    if (repeats > 0) writer.varint(repeats);
    return written;
  }

  /** Whether a tick holds nothing in any slot but what the tick before predicts. */
  #repeats(source: ContentSource, slots: number, tick: number): boolean {
    for (let index = 0; index < slots; index++) {
      const expected = this.#previous[index]!.repeated;
      if (!held(source, index, tick).equals(expected)) return false;
      this.#previous[index] = expected;
    }
    return true;
  }

  #writeSlot(writer: ByteWriter, index: number, content: TickContent, slots: number): void {
    const previous = this.#previous[index]!;
    if (content.equals(previous.repeated)) {
      this.#previous[index] = previous.repeated;
      writer.u8(REPEAT);
    } else if (needsFragments(content, slots)) {
      writer.u8(FRAGMENTED);
    } else {
      this.#writeEvents(writer, content, previous);
      this.#previous[index] = content;
    }
  }

  /** Appends a whole slot-tick by itself: what its fragments are cut from. */
  writeContent(writer: ByteWriter, content: TickContent): void {
    this.#writeEvents(writer, content, TickContent.empty);
  }

  #writeEvents(writer: ByteWriter, content: TickContent, previous: TickContent): void {
    invariant(content.events.length <= MAX_SLOT_TICK_EVENTS, "a slot's tick fits the wire");
    writer.varint(content.events.length + FIRST_COUNT);
    this.#rewind();
    for (const event of content.events) {
      const twin = this.#twin(previous, event.kind);
      const same = twin !== undefined && (twin === event || equalBytes(twin.compact, event.compact));
      writer.varint(event.kind * 2 + (same ? 1 : 0));
      if (!same) writer.bytes(event.compact);
    }
  }

  /** Before the events of a slot's tick: all kinds are looked for from the first. */
  #rewind(): void {
    // Most games have few kinds, for which a loop is faster than a call of the platform.
    const cursors = this.#cursors;
    if (cursors.length > 32) cursors.fill(0);
    else for (let kind = 0; kind < cursors.length; kind++) cursors[kind] = 0;
  }

  /** The next event of this kind in the tick before: called for each event in turn, it pairs equal ordinals. */
  #twin(previous: TickContent, kind: number): EventContent | undefined {
    const events = previous.events;
    let at = this.#cursors[kind]!;
    while (at < events.length && events[at]!.kind !== kind) at++;
    this.#cursors[kind] = at + 1;
    return events[at];
  }

  /**
   * Reads the run whose `base` and `count` are set. Where the receiver already holds a tick, `contents` has that
   * very object if the bytes agree, so that what was sent again costs no allocation.
   */
  read(reader: ByteReader, run: Run, slots: number, source: ContentSource): FrameRefusal | undefined {
    for (let index = 0; index < slots; index++) {
      this.#previous[index] = run.base === 0 ? TickContent.empty : source.content(index, run.base);
      if (run.contents.length <= index) run.contents.push([]);
    }
    run.knownFrom = 0;
    for (let done = 0; done < run.count; done++) {
      const repeats = reader.varint();
      if (reader.failed) return "truncated";
      if (repeats > run.count - done) return "run";
      for (let index = 0; index < slots; index++) {
        for (let i = done; i < done + repeats; i++) this.#readRepeat(run, index, i, source);
      }
      done += repeats;
      if (done === run.count) break;
      for (let index = 0; index < slots; index++) {
        const refusal = this.#readSlot(reader, run, index, done, source);
        if (refusal !== undefined) return refusal;
      }
    }
    return undefined;
  }

  #readRepeat(run: Run, index: number, i: number, source: ContentSource): void {
    const previous = this.#previous[index];
    const content = previous === undefined ? source.content(index, run.base + 1 + i) : previous.repeated;
    this.#keep(run, index, i, content);
  }

  /** Enters a tick's content; undefined where neither the tick before nor the receiver's own copy tells it. */
  #keep(run: Run, index: number, i: number, content: TickContent | undefined): void {
    run.contents[index]![i] = content;
    this.#previous[index] = content;
    if (content === undefined && run.knownFrom <= i) run.knownFrom = i + 1;
  }

  #readSlot(
    reader: ByteReader,
    run: Run,
    index: number,
    i: number,
    source: ContentSource,
  ): FrameRefusal | undefined {
    const code = reader.varint();
    if (reader.failed) return "truncated";
    if (code === REPEAT) {
      this.#readRepeat(run, index, i, source);
      return undefined;
    }
    if (code === FRAGMENTED) {
      // The next ticks differ from the last one that stands in the run, since this one may arrive after them.
      run.contents[index]![i] = undefined;
      return undefined;
    }
    const known = source.content(index, run.base + 1 + i);
    const content = this.#readEvents(reader, code - FIRST_COUNT, this.#previous[index], known);
    if (typeof content === "string") return content;
    this.#keep(run, index, i, content);
    return undefined;
  }

  /** Reads a whole slot-tick that was written by itself. */
  readContent(reader: ByteReader): TickContent | FrameRefusal {
    const code = reader.varint();
    if (reader.failed) return "truncated";
    if (code < FIRST_COUNT) return "fragment";
    const content = this.#readEvents(reader, code - FIRST_COUNT, TickContent.empty, undefined)!;
    if (typeof content !== "string" && !reader.finished) return "trailing";
    return content;
  }

  /**
   * Reads `count` events: `known` itself where it holds the same, undefined where they refer to a tick that is
   * not known (and `known` is not either).
   */
  #readEvents(
    reader: ByteReader,
    count: number,
    previous: TickContent | undefined,
    known: TickContent | undefined,
  ): TickContent | FrameRefusal | undefined {
    if (count > MAX_SLOT_TICK_EVENTS) return "events";
    // Undefined as long as everything read so far equals what `known` holds.
    let fresh: EventContent[] | undefined = known?.events.length === count ? undefined : [];
    let resolved = true;
    let byteLength = 0;
    this.#rewind();
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const head = reader.varint();
      if (reader.failed) return "truncated";
      if (head >= 2 * this.#kinds.length) return "kind";
      const kind = head >> 1;
      const twin = previous === undefined ? undefined : this.#twin(previous, kind);
      const candidate = fresh === undefined ? known!.events[ordinal]! : undefined;
      let event: EventContent;
      if (head % 2 === 1) {
        if (previous === undefined) {
          resolved = false;
          continue;
        }
        if (twin === undefined) return "reference";
        event = twin;
        byteLength += event.compact.length;
        if (candidate === twin) continue;
      } else {
        const start = reader.offset;
        this.#kinds[kind]!.skim(reader);
        if (reader.failed) return "payload";
        byteLength += reader.offset - start;
        if (candidate?.kind === kind && equalRange(candidate.compact, reader.buffer, start, reader.offset))
          continue;
        const compact = reader.since(start);
        event = { kind, repeats: this.#kinds[kind]!.repeats, compact };
      }
      fresh ??= known!.events.slice(0, ordinal);
      fresh.push(event);
    }
    if (byteLength > MAX_SLOT_TICK_BYTES) return "events";
    if (!resolved) return known;
    return fresh === undefined ? known : TickContent.of(fresh);
  }
}

function held(source: ContentSource, index: number, tick: number): TickContent {
  const content = source.content(index, tick);
  invariant(content !== undefined, "an author holds every tick that it sends");
  return content;
}

function equalRange(bytes: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (bytes.length !== end - start) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== buffer[start + i]) return false;
  return true;
}
