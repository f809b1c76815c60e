import type { Slot } from "../base/brand.js";
import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { ForwardedRun, type Frame, NODE_PREFIX_BYTES, type Report } from "./frame.js";
import { MAX_PEERS, MAX_RUN_TICKS, MAX_TICK } from "./limits.js";
import type { FrameRefusal } from "./refusal.js";
import { type ContentSource, type Run, RunCodec, type WireKind } from "./run.js";
import { readSections, sectionFlagsOf, type WireRoster, writeSections } from "./sections.js";

const REPORT = 1;
const SETTLED = 2;
const FORWARDS = 4;
const AWAY = 8;
/** A second flag byte follows: the rare sections. */
const MORE = 128;
const KNOWN: number = REPORT | SETTLED | FORWARDS | AWAY | MORE;

/** Peer, base and count of a forwarded run. */
const FORWARD_HEAD_BYTES = 7;

/** Writes and reads the bodies of match datagrams. One serves all links of a session. */
export class FrameCodec {
  readonly runs: RunCodec;
  readonly #roster: WireRoster;
  readonly #report: Report = { tick: 0, node: new Uint8Array(NODE_PREFIX_BYTES) };

  /** `slotsByPeer` is the roster: which slots each peer holds. */
  constructor(kinds: readonly WireKind[], slotsByPeer: readonly (readonly Slot[])[]) {
    this.runs = new RunCodec(kinds);
    this.#roster = { slotsByPeer, slotCount: slotsByPeer.reduce((sum, slots) => sum + slots.length, 0) };
  }

  /**
   * Appends the frame of peer `author`, at most `budget` bytes, and returns how many ticks of its run are in it:
   * as many as fit, oldest first. What room is left goes to its forwarded runs, whose `count` becomes what was
   * written. `sources` tells what each peer authored. The other sections must leave room by themselves.
   */
  encode(
    writer: ByteWriter,
    frame: Frame,
    author: number,
    sources: readonly ContentSource[],
    budget: number,
  ): number {
    const limit = writer.length + budget;
    const { run, report, forwards } = frame;
    const rare = sectionFlagsOf(frame);
    writer.u8(
      (report === undefined ? 0 : REPORT) |
        (frame.settled ? SETTLED : 0) |
        (frame.away ? AWAY : 0) |
        (forwards.length === 0 ? 0 : FORWARDS) |
        (rare === 0 ? 0 : MORE),
    );
    if (rare !== 0) writer.u8(rare);
    writer.varint(run.base);
    const countAt = writer.length;
    writer.u8(0);
    writer.svarint(frame.head - run.base);
    writer.svarint(frame.ack - frame.head);
    writer.u8(clamp(frame.leadTicks, -128, 127) & 0xff);
    writer.u8(clamp(frame.depthTicks, 0, 255));
    if (report !== undefined) {
      writer.svarint(frame.head - report.tick);
      writer.copy(report.node, 0, NODE_PREFIX_BYTES);
    }
    if (rare !== 0) writeSections(writer, frame, this.#roster);
    let reserve = forwards.length === 0 ? 0 : 1 + FORWARD_HEAD_BYTES * forwards.length;
    invariant(writer.length + reserve <= limit, "the sections of a frame leave room");
    const written = this.#writeRun(writer, run, author, sources, limit - reserve);
    writer.buffer[countAt] = written;
    if (forwards.length === 0) return written;

    invariant(forwards.length < MAX_PEERS, "others can be lost, not more");
    writer.u8(forwards.length);
    reserve--;
    for (const forward of forwards) {
      reserve -= FORWARD_HEAD_BYTES;
      writer.u8(forward.peer);
      writer.varint(forward.base);
      const at = writer.length;
      writer.u8(0);
      forward.count = this.#writeRun(writer, forward, forward.peer, sources, limit - reserve);
      writer.buffer[at] = forward.count;
    }
    return written;
  }

  #writeRun(
    writer: ByteWriter,
    run: Run,
    author: number,
    sources: readonly ContentSource[],
    limit: number,
  ): number {
    const slots = this.#roster.slotsByPeer[author]!.length;
    const count = Math.min(run.count, MAX_RUN_TICKS);
    return this.runs.write(writer, run.base, count, slots, sources[author]!, limit);
  }

  /**
   * Reads a frame of peer `sender` from where the reader stands to its end. On a refusal the frame's content means
   * nothing. `sources` tells what the receiver holds of each peer.
   */
  decode(
    reader: ByteReader,
    frame: Frame,
    sender: number,
    sources: readonly ContentSource[],
  ): FrameRefusal | undefined {
    frame.reset();
    const refusal =
      this.#readHead(reader, frame) ??
      this.#readRun(reader, frame.run, sender, sources) ??
      (this.#hasForwards ? this.#readForwards(reader, frame, sender, sources) : undefined);
    if (refusal !== undefined) return refusal;
    if (reader.failed) return "truncated";
    return reader.finished ? undefined : "trailing";
  }

  #hasForwards = false;

  #readHead(reader: ByteReader, frame: Frame): FrameRefusal | undefined {
    const flags = reader.u8();
    if ((flags & ~KNOWN) !== 0) return "flags";
    const rare = (flags & MORE) === 0 ? 0 : reader.u8();
    this.#hasForwards = (flags & FORWARDS) !== 0;
    frame.settled = (flags & SETTLED) !== 0;
    frame.away = (flags & AWAY) !== 0;
    frame.run.base = reader.varint();
    frame.run.count = reader.u8();
    frame.head = frame.run.base + reader.svarint();
    frame.ack = frame.head + reader.svarint();
    frame.leadTicks = (reader.u8() << 24) >> 24;
    frame.depthTicks = reader.u8();
    if ((flags & REPORT) !== 0) {
      const report = this.#report;
      report.tick = frame.head - reader.svarint();
      for (let i = 0; i < NODE_PREFIX_BYTES; i++) report.node[i] = reader.u8();
      frame.report = report;
      if (!isTick(report.tick)) return reader.failed ? "truncated" : "tick";
    }
    if (reader.failed) return "truncated";
    if (!isTick(frame.seal) || !isTick(frame.head) || !isTick(frame.ack)) return "tick";
    return (flags & MORE) === 0 ? undefined : readSections(reader, frame, rare, this.#roster);
  }

  #readRun(
    reader: ByteReader,
    run: Run,
    author: number,
    sources: readonly ContentSource[],
  ): FrameRefusal | undefined {
    return this.runs.read(reader, run, this.#roster.slotsByPeer[author]!.length, sources[author]!);
  }

  #readForwards(
    reader: ByteReader,
    frame: Frame,
    sender: number,
    sources: readonly ContentSource[],
  ): FrameRefusal | undefined {
    const count = reader.u8();
    if (reader.failed) return "truncated";
    if (count === 0 || count >= MAX_PEERS) return "list";
    // Each peer once: all runs of a frame together hold at most every slot of the match.
    let seen = 1 << sender;
    for (let i = 0; i < count; i++) {
      const forward = new ForwardedRun();
      forward.peer = reader.u8();
      forward.base = reader.varint();
      forward.count = reader.u8();
      if (reader.failed) return "truncated";
      if (forward.peer >= this.#roster.slotsByPeer.length || (seen >> forward.peer) % 2 === 1) return "peer";
      seen |= 1 << forward.peer;
      if (!isTick(forward.base + forward.count)) return "tick";
      const refusal = this.#readRun(reader, forward, forward.peer, sources);
      if (refusal !== undefined) return refusal;
      frame.forwards.push(forward);
    }
    return undefined;
  }
}

const isTick = (tick: number): boolean => tick >= 0 && tick <= MAX_TICK;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
