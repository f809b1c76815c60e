import type { Slot } from "../base/brand.js";
import type { TickContent } from "../envelope/content.js";
import { Run } from "./run.js";

/** Bytes of a NodeId that travel in reports and signatures. */
export const NODE_PREFIX_BYTES = 8;
/** Bytes of the hash of one slot's events in a ledger: too many for an author to find two contents that share them. */
export const INPUT_PREFIX_BYTES = 16;
/** Bytes of a state hash in a ledger. */
export const STATE_PREFIX_BYTES = 8;

/** "My tick `tick` is final, and its NodeId begins so." */
export interface Report {
  tick: number;
  /** The NodeId, of which the first 8 bytes travel. */
  readonly node: Uint8Array;
}

/** "I stop after `tick`, since `peer` leaves." */
export interface Leave {
  readonly peer: number;
  readonly tick: number;
  /** Of the peer that leaves, over the match and the tick: Ed25519, 64 bytes. Decoded: a view into the datagram. */
  readonly signature: Uint8Array;
}

/** "Of this lost peer I hold every tick up to `heldSeal`." */
export interface LostPeer {
  readonly peer: number;
  readonly heldSeal: number;
}

/** One part of a slot's tick that is too long for a run. */
export interface Fragment {
  /** Of the sender, or of a lost peer whose ticks it forwards. */
  readonly slot: Slot;
  readonly tick: number;
  readonly index: number;
  /** How many parts the tick has. */
  readonly total: number;
  /** Decoded: a view into the datagram, valid as long as that is. */
  readonly bytes: Uint8Array;
}

/** Which parts of a slot's tick have arrived: bit i of `low`, then of `high` (both unsigned 32 bits), is part i. */
export interface FragmentAck {
  readonly slot: Slot;
  readonly tick: number;
  readonly low: number;
  readonly high: number;
}

/** An author's signature over its chain at the end of a segment of ticks. */
export interface ChainSignature {
  readonly segment: number;
  /** The first 8 bytes of the chain's head. */
  readonly head: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/**
 * What a peer computed, tick by tick, so that two can find where they part. One entry a tick: for each slot of
 * the match 16 bytes of the hash of its events, then 8 bytes of the state hash.
 */
export interface Ledger {
  readonly fromTick: number;
  readonly count: number;
  /** `count` entries of `16 × slots + 8` bytes. Decoded: a view into the datagram. */
  readonly entries: Uint8Array;
}

/** Ticks of a lost peer, passed on. `count` of an encoded one is set to how many ticks were written. */
export class ForwardedRun extends Run {
  peer = 0;
}

/**
 * What one match datagram says. One object serves all: `reset`, fill and encode, or decode and read before the
 * next. The run holds the sender's own ticks, all sealed: its seal is `run.base + run.count`.
 */
export class Frame {
  readonly run: Run = new Run();
  /** The sender's newest simulated tick. */
  head = 0;
  /** The highest tick up to which the sender holds everything that the receiver authored. */
  ack = 0;
  /** How far the sender's head is past the newest head of the receiver that it knows, in ticks: −128 … 127. */
  leadTicks = 0;
  /** How late the receiver's ticks reach the sender, in ticks of its prediction: 0 … 255. */
  depthTicks = 0;
  report: Report | undefined;
  /** The sender has what it needs of the match and goes when others have too. */
  settled = false;
  /** Nobody looks at the sender's game at present: its page is hidden. */
  away = false;
  /** The match ends at the sender after a tick, since a peer (the sender or another) leaves. */
  leave: Leave | undefined;
  readonly lost: LostPeer[] = [];
  readonly fragmentAcks: FragmentAck[] = [];
  readonly fragments: Fragment[] = [];
  signature: ChainSignature | undefined;
  ledger: Ledger | undefined;
  readonly forwards: ForwardedRun[] = [];

  /** The tick up to which the sender has said everything, once this frame is understood. */
  get seal(): number {
    return this.run.base + this.run.count;
  }

  /** Content of the sender's slot number `index` for tick `run.base + 1 + i`; undefined where it comes in fragments. */
  content(index: number, i: number): TickContent | undefined {
    return this.run.contents[index]![i];
  }

  /** Whether the sender has lost this peer. */
  countsAsLost(peer: number): boolean {
    for (const lost of this.lost) if (lost.peer === peer) return true;
    return false;
  }

  reset(): void {
    this.run.base = 0;
    this.run.count = 0;
    this.run.knownFrom = 0;
    this.head = 0;
    this.ack = 0;
    this.leadTicks = 0;
    this.depthTicks = 0;
    this.report = undefined;
    this.settled = false;
    this.away = false;
    this.leave = undefined;
    this.signature = undefined;
    this.ledger = undefined;
    // Writing a length costs even where it changes nothing.
    if (this.lost.length > 0) this.lost.length = 0;
    if (this.fragmentAcks.length > 0) this.fragmentAcks.length = 0;
    if (this.fragments.length > 0) this.fragments.length = 0;
    if (this.forwards.length > 0) this.forwards.length = 0;
  }
}
