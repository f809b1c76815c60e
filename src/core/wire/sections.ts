import { asSlot, type Slot } from "../base/brand.js";
import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { type Frame, INPUT_PREFIX_BYTES, NODE_PREFIX_BYTES, STATE_PREFIX_BYTES } from "./frame.js";
import {
  FRAGMENT_BYTES,
  MAX_BODY_BYTES,
  MAX_FRAGMENTS,
  MAX_FRAME_FRAGMENT_ACKS,
  MAX_FRAME_FRAGMENTS,
  MAX_LEDGER_BYTES,
  MAX_PEERS,
  MAX_TICK,
} from "./limits.js";
import type { FrameRefusal } from "./refusal.js";

/** Which slots each peer of the match holds, and how many there are. */
export interface WireRoster {
  readonly slotsByPeer: readonly (readonly Slot[])[];
  readonly slotCount: number;
}

const LEAVE = 1;
const LOST = 2;
const FRAGMENT_ACKS = 4;
const FRAGMENTS = 8;
const SIGNATURE = 16;
const LEDGER = 32;
const KNOWN: number = LEAVE | LOST | FRAGMENT_ACKS | FRAGMENTS | SIGNATURE | LEDGER;

const SIGNATURE_BYTES = 64;

/** The second flag byte of a frame: which of the rare sections it has; 0 for none. */
export function sectionFlagsOf(frame: Frame): number {
  return (
    (frame.leave === undefined ? 0 : LEAVE) |
    (frame.lost.length === 0 ? 0 : LOST) |
    (frame.fragmentAcks.length === 0 ? 0 : FRAGMENT_ACKS) |
    (frame.fragments.length === 0 ? 0 : FRAGMENTS) |
    (frame.signature === undefined ? 0 : SIGNATURE) |
    (frame.ledger === undefined ? 0 : LEDGER)
  );
}

/** Appends the rare sections in the order of their flags. */
export function writeSections(writer: ByteWriter, frame: Frame, roster: WireRoster): void {
  const { leave, lost, fragmentAcks, fragments, signature, ledger } = frame;
  if (leave !== undefined) {
    writer.u8(leave.peer);
    writer.varint(leave.tick);
    writer.bytes(leave.signature);
  }
  if (lost.length > 0) {
    invariant(lost.length < MAX_PEERS, "others can be lost, not more");
    writer.u8(lost.length);
    for (const { peer, heldSeal } of lost) {
      writer.u8(peer);
      writer.varint(heldSeal);
    }
  }
  if (fragmentAcks.length > 0) {
    invariant(fragmentAcks.length <= MAX_FRAME_FRAGMENT_ACKS, "a frame's fragment acks fit");
    writer.u8(fragmentAcks.length);
    for (const ack of fragmentAcks) {
      writer.u8(ack.slot);
      writer.varint(ack.tick);
      writer.u32(ack.low);
      writer.u32(ack.high);
    }
  }
  if (fragments.length > 0) {
    invariant(fragments.length <= MAX_FRAME_FRAGMENTS, "a frame's fragments fit");
    writer.u8(fragments.length);
    for (const fragment of fragments) {
      writer.u8(fragment.slot);
      writer.varint(fragment.tick);
      writer.u8(fragment.index);
      writer.u8(fragment.total);
      writer.varint(fragment.bytes.length);
      writer.bytes(fragment.bytes);
    }
  }
  if (signature !== undefined) {
    writer.varint(signature.segment);
    writer.bytes(signature.head);
    writer.bytes(signature.signature);
  }
  if (ledger !== undefined) {
    invariant(
      ledger.entries.length === ledger.count * ledgerEntryBytes(roster.slotCount),
      "a ledger's shape",
    );
    writer.varint(ledger.fromTick);
    writer.u8(ledger.count);
    writer.bytes(ledger.entries);
  }
}

/** Flags, base, count, head, ack, lead and depth of a frame, an idle run, and the number of its fragments, at most. */
const BARE_FRAME_BYTES = 20 + 2 + 1;
const TICK_BYTES = 5;
const REPORT_BYTES: number = TICK_BYTES + NODE_PREFIX_BYTES;
const LOST_BYTES: number = 1 + TICK_BYTES;
const FRAGMENT_ACK_BYTES: number = 1 + TICK_BYTES + 8;
/** Peer, base and count of a forwarded run, and the run where it is idle. */
const FORWARD_BYTES: number = 1 + TICK_BYTES + 1 + 2;

/** Bytes that the sections set so far leave for fragments, at least. Never below 0: see the arithmetic of LIMITS. */
export function roomForFragments(frame: Frame): number {
  const { lost, fragmentAcks, forwards, ledger } = frame;
  const taken =
    BARE_FRAME_BYTES +
    (frame.report === undefined ? 0 : REPORT_BYTES) +
    (frame.leave === undefined ? 0 : 1 + TICK_BYTES + SIGNATURE_BYTES) +
    (lost.length === 0 ? 0 : 1 + lost.length * LOST_BYTES) +
    (fragmentAcks.length === 0 ? 0 : 1 + fragmentAcks.length * FRAGMENT_ACK_BYTES) +
    (frame.signature === undefined ? 0 : TICK_BYTES + NODE_PREFIX_BYTES + SIGNATURE_BYTES) +
    (ledger === undefined ? 0 : TICK_BYTES + 1 + ledger.entries.length) +
    (forwards.length === 0 ? 0 : 1 + forwards.length * FORWARD_BYTES);
  return MAX_BODY_BYTES - taken;
}

/** Bytes of one tick in a ledger. */
export const ledgerEntryBytes = (slotCount: number): number =>
  INPUT_PREFIX_BYTES * slotCount + STATE_PREFIX_BYTES;

/** Ticks that one ledger may hold. */
export const maxLedgerEntries = (slotCount: number): number =>
  Math.floor(MAX_LEDGER_BYTES / ledgerEntryBytes(slotCount));

/** Reads the rare sections that `flags` names into a frame that was reset. */
export function readSections(
  reader: ByteReader,
  frame: Frame,
  flags: number,
  roster: WireRoster,
): FrameRefusal | undefined {
  if (flags === 0 || (flags & ~KNOWN) !== 0) return "flags";
  return (
    ((flags & LEAVE) !== 0 ? readLeave(reader, frame, roster) : undefined) ??
    ((flags & LOST) !== 0 ? readLost(reader, frame, roster) : undefined) ??
    ((flags & FRAGMENT_ACKS) !== 0 ? readFragmentAcks(reader, frame, roster) : undefined) ??
    ((flags & FRAGMENTS) !== 0 ? readFragments(reader, frame, roster) : undefined) ??
    ((flags & SIGNATURE) !== 0 ? readSignature(reader, frame) : undefined) ??
    ((flags & LEDGER) !== 0 ? readLedger(reader, frame, roster) : undefined) ??
    (reader.failed ? "truncated" : undefined)
  );
}

function readLeave(reader: ByteReader, frame: Frame, roster: WireRoster): FrameRefusal | undefined {
  const peer = reader.u8();
  const tick = reader.varint();
  const signature = reader.bytes(SIGNATURE_BYTES);
  if (reader.failed) return "truncated";
  if (peer >= roster.slotsByPeer.length) return "peer";
  if (tick > MAX_TICK) return "tick";
  frame.leave = { peer, tick, signature };
  return undefined;
}

function readLost(reader: ByteReader, frame: Frame, roster: WireRoster): FrameRefusal | undefined {
  const count = reader.u8();
  if (reader.failed) return "truncated";
  if (count === 0 || count >= MAX_PEERS) return "list";
  for (let i = 0; i < count; i++) {
    const peer = reader.u8();
    const heldSeal = reader.varint();
    if (reader.failed) return "truncated";
    if (peer >= roster.slotsByPeer.length) return "peer";
    if (heldSeal > MAX_TICK) return "tick";
    frame.lost.push({ peer, heldSeal });
  }
  return undefined;
}

function readFragmentAcks(reader: ByteReader, frame: Frame, roster: WireRoster): FrameRefusal | undefined {
  const count = reader.u8();
  if (reader.failed) return "truncated";
  if (count === 0 || count > MAX_FRAME_FRAGMENT_ACKS) return "list";
  for (let i = 0; i < count; i++) {
    const slot = reader.u8();
    const tick = reader.varint();
    const low = reader.u32();
    const high = reader.u32();
    if (reader.failed) return "truncated";
    if (slot >= roster.slotCount) return "peer";
    if (tick > MAX_TICK) return "tick";
    frame.fragmentAcks.push({ slot: asSlot(slot), tick, low, high });
  }
  return undefined;
}

function readFragments(reader: ByteReader, frame: Frame, roster: WireRoster): FrameRefusal | undefined {
  const count = reader.u8();
  if (reader.failed) return "truncated";
  if (count === 0 || count > MAX_FRAME_FRAGMENTS) return "list";
  for (let i = 0; i < count; i++) {
    const slot = reader.u8();
    const tick = reader.varint();
    const index = reader.u8();
    const total = reader.u8();
    const length = reader.varint();
    if (reader.failed) return "truncated";
    if (slot >= roster.slotCount) return "peer";
    if (tick === 0 || tick > MAX_TICK) return "tick";
    // All parts but the last are full, so that a part's place follows from its number.
    const full = index < total - 1;
    if (index >= total || total > MAX_FRAGMENTS || length === 0 || length > FRAGMENT_BYTES) return "fragment";
    if (full && length !== FRAGMENT_BYTES) return "fragment";
    const bytes = reader.bytes(length);
    if (reader.failed) return "truncated";
    frame.fragments.push({ slot: asSlot(slot), tick, index, total, bytes });
  }
  return undefined;
}

function readSignature(reader: ByteReader, frame: Frame): FrameRefusal | undefined {
  const segment = reader.varint();
  const head = reader.bytes(NODE_PREFIX_BYTES);
  const signature = reader.bytes(SIGNATURE_BYTES);
  if (segment > MAX_TICK) return "tick";
  frame.signature = { segment, head, signature };
  return undefined;
}

function readLedger(reader: ByteReader, frame: Frame, roster: WireRoster): FrameRefusal | undefined {
  const fromTick = reader.varint();
  const count = reader.u8();
  if (reader.failed) return "truncated";
  if (count === 0 || count > maxLedgerEntries(roster.slotCount)) return "list";
  if (fromTick + count - 1 > MAX_TICK) return "tick";
  frame.ledger = { fromTick, count, entries: reader.bytes(count * ledgerEntryBytes(roster.slotCount)) };
  return undefined;
}
