import type { Slot } from "../base/brand.js";
import { EMPTY_BYTES } from "../base/bytes.js";
import { type CryptoEngine, signDomain } from "../envelope/signature.js";
import type { RosterPeer } from "../guard/identity.js";
import { ForwardedRun, type Frame, type Leave, NODE_PREFIX_BYTES } from "../wire/frame.js";
import type { Received } from "../wire/transport.js";
import { AuthorChain } from "./author-chain.js";
import type { Confirmation } from "./confirmation.js";
import type { LastTick } from "./ending.js";
import { Farewells } from "./farewells.js";
import type { FinalHistory, FinalRecord } from "./final-history.js";
import type { InputDelay } from "./input-delay.js";
import type { Link } from "./link.js";
import type { Output, PeerStatus } from "./outputs.js";
import type { FrameObserver, Replicator } from "./replicator.js";
import type { SessionTrace } from "./session-trace.js";
import type { Silence } from "./silence.js";
import type { TickClock } from "./tick-clock.js";

/** For how many datagrams after a finding the ledger still goes out, so that the other side finds it too. */
const LEDGERS_AFTER_FINDING = 120;
/** Every so many ticks a sample of each link goes to the trace. */
const LINK_SAMPLE_TICKS = 60;

export interface TrafficParts {
  readonly replicator: Replicator;
  readonly history: FinalHistory;
  readonly confirmation: Confirmation;
  readonly silence: Silence;
  readonly lastTick: LastTick;
  readonly roster: readonly RosterPeer[];
  /** The MatchId's 32 bytes. */
  readonly matchId: Uint8Array;
  readonly trace: SessionTrace | undefined;
  readonly crypto: CryptoEngine;
  readonly secretKey: Uint8Array;
  readonly emit: (output: Output) => void;
  readonly learned: (slot: Slot, tick: number) => void;
  readonly stranger: (received: Received) => void;
}

/** What frames say beside their ticks: clocks, reports, ledgers, signatures, silence and leaving. */
export class Traffic implements FrameObserver {
  readonly #parts: TrafficParts;
  readonly #chain: AuthorChain;
  readonly #signature: { segment: number; head: Uint8Array; signature: Uint8Array };
  /** By peer: the segment whose signature was sent last. */
  readonly #signedFor: number[];
  /** By peer: ledgers sent since its finding. */
  readonly #ledgersAfter: number[];
  readonly #farewells: Farewells;
  /** The word of leaving by which the match ends here. */
  #farewell: Leave | undefined;
  readonly #left = new Set<number>();
  /** Peers whose word of leaving was verified in this update: each has one verification. */
  readonly #verifiedFor = new Set<number>();
  readonly #report: { tick: number; node: Uint8Array } = { tick: 0, node: EMPTY_BYTES };
  /** By peer: whether it has said last that it is away. */
  readonly #away: boolean[];
  /** Nobody looks at the game at this end. */
  away = false;
  /** The local peer has announced its last tick. */
  leaving = false;
  #settled = false;
  #nowMs = 0;
  #steeredTick = 0;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
    this.#chain = new AuthorChain(parts.matchId, parts.roster[parts.replicator.localPeer]!.slots);
    this.#signature = { segment: -1, head: new Uint8Array(0), signature: new Uint8Array(0) };
    this.#farewells = new Farewells(parts.crypto, parts.roster, parts.matchId);
    this.#signedFor = parts.roster.map(() => -1);
    this.#ledgersAfter = parts.roster.map(() => 0);
    this.#away = parts.roster.map(() => false);
  }

  receive(nowMs: number, presentTick: number): void {
    const { silence, replicator } = this.#parts;
    this.#nowMs = nowMs;
    if (this.#verifiedFor.size > 0) this.#verifiedFor.clear();
    replicator.receive(presentTick, this);
    for (const peer of silence.check(nowMs)) this.#silent(peer);
  }

  flush(nowMs: number, tickMs: number, head: number, settled: boolean): void {
    this.#settled = settled;
    this.#parts.replicator.flush(nowMs, tickMs, head, this);
  }

  /** Adjusts clock and input delay to what the links say, once a tick. */
  steer(clock: TickClock, head: number, delay: InputDelay): void {
    const { silence, replicator, trace } = this.#parts;
    let roundTripTicks = 0;
    let latenessTicks = 0;
    let aheadTicks = 0;
    let links = 0;
    for (const link of replicator.links) {
      if (silence.isLost(link.peer)) continue;
      roundTripTicks = Math.max(roundTripTicks, link.roundTripTicks(head));
      latenessTicks = Math.max(latenessTicks, link.reportedLatenessTicks);
      aheadTicks += (link.leadTicks(head) - link.remoteLeadTicks) / 2;
      links++;
    }
    if (links > 0) clock.steer(aheadTicks / links, roundTripTicks);
    delay.follow(latenessTicks);
    if (head - this.#steeredTick < LINK_SAMPLE_TICKS) return;
    this.#steeredTick = head;
    trace?.links(head, replicator.linkStats(head), delay.ticks, clock.rate);
  }

  /** A tick became final: it is reported to the others, and signed with its segment. */
  finalized(record: FinalRecord): void {
    const { confirmation, history, replicator, crypto, secretKey } = this.#parts;
    confirmation.finalized(record);
    replicator.finalized(record.tick);
    if (!this.#chain.add(record, history.eventHashes)) return;
    this.#signature.segment = this.#chain.segment;
    this.#signature.head = this.#chain.head.slice(0, NODE_PREFIX_BYTES);
    this.#signature.signature = signDomain(crypto, "author-chain", secretKey, this.#chain.head);
  }

  /** Announces that the local peer's last tick is what it has sealed. */
  leave(): void {
    if (this.leaving) return;
    this.leaving = true;
    const { lastTick, replicator, secretKey } = this.#parts;
    const { localPeer, own } = replicator;
    // Who has heard that another's leaving ends the match there has nothing to add, and that one may have ended.
    if (own.seal >= lastTick.tick || !lastTick.leave(localPeer, own.seal)) return;
    this.#farewell = this.#farewells.sign(localPeer, own.seal, secretKey);
  }

  /** Whether every other peer has said that the match ends for it at this tick. */
  allEndAt(tick: number): boolean {
    return this.#parts.replicator.links.every((link) => link.lastTick === tick);
  }

  /** Whether another peer may still lack something that only we have. */
  get anyoneNeedsUs(): boolean {
    const { replicator, silence } = this.#parts;
    return replicator.links.some((link) => !link.settled && !silence.isLost(link.peer));
  }

  /** A peer that has ended before a tick, and so keeps it from ever becoming final; undefined where nobody has. */
  goneBefore(tick: number): number | undefined {
    return this.#parts.replicator.links.find((link) => link.settled && link.lastSeal < tick)?.peer;
  }

  /** The first slot of the first lost peer; undefined where it plays none. */
  lostSlot(): Slot | undefined {
    const { roster, silence } = this.#parts;
    return roster[roster.findIndex((_, peer) => silence.isLost(peer))]!.slots[0];
  }

  learned(peer: number, tick: number): void {
    this.#parts.trace?.arrived(this.#nowMs, peer, tick);
    for (const slot of this.#parts.roster[peer]!.slots) this.#parts.learned(slot, tick);
  }

  takesForwards(peer: number): boolean {
    return this.#parts.silence.isLost(peer);
  }

  stranger(received: Received): void {
    this.#parts.stranger(received);
  }

  datagram(received: Received): void {
    this.#parts.trace?.datagram(received, this.#nowMs);
  }

  arrived(link: Link, frame: Frame, newest: boolean): void {
    const { silence, confirmation } = this.#parts;
    const isBack = silence.heard(
      link.peer,
      this.#nowMs,
      frame.countsAsLost(this.#parts.replicator.localPeer),
    );
    // A datagram that was overtaken tells of an earlier time.
    const turned = newest && frame.away !== this.#away[link.peer];
    if (turned) this.#away[link.peer] = frame.away;
    if (isBack || turned) this.#status(link.peer, this.#away[link.peer] ? "away" : "connected");
    if (frame.report !== undefined) confirmation.with(link).reported(frame.report.tick, frame.report.node);
    if (frame.ledger !== undefined) confirmation.with(link).received(frame.ledger);
    if (frame.settled) {
      link.lastSeal = link.settled ? Math.max(link.lastSeal, frame.seal) : frame.seal;
      link.settled = true;
    }
    for (const { peer, heldSeal } of frame.lost) {
      const lost = silence.told(link.peer, peer, heldSeal);
      if (lost !== undefined) this.#silent(lost);
    }
    if (frame.leave !== undefined) this.#saysThatItEnds(link, frame.leave);
  }

  /** A peer says that the match ends for it since it, or another, leaves. Whoever leaves has signed it. */
  #saysThatItEnds(link: Link, leave: Leave): void {
    const { replicator, lastTick } = this.#parts;
    const { peer } = leave;
    if (!this.#isGenuine(link, leave)) return;
    link.lastTick = Math.min(link.lastTick ?? leave.tick, leave.tick);
    if (peer === replicator.localPeer || this.#left.has(peer)) return;
    this.#left.add(peer);
    replicator.linkTo(peer).lastTick ??= leave.tick;
    // It cannot leave before what it has sealed.
    const tick = Math.max(leave.tick, replicator.inboxes[peer]!.seal);
    if (lastTick.leave(peer, tick)) this.#farewell = { ...leave, signature: leave.signature.slice() };
    this.#status(peer, "left");
  }

  #isGenuine(link: Link, leave: Leave): boolean {
    if (this.#farewells.isKnown(leave)) return true;
    // A verification takes as long as many datagrams, and an honest peer says it again.
    if (this.#verifiedFor.has(link.peer)) return false;
    this.#verifiedFor.add(link.peer);
    const genuine = this.#farewells.verify(leave);
    if (!genuine) link.refusals.forged++;
    return genuine;
  }

  composing(link: Link, frame: Frame, nowTicks: number): void {
    const { history, confirmation } = this.#parts;
    const { tick, node } = history.newest;
    this.#report.tick = tick;
    this.#report.node = node;
    frame.report = this.#report;
    frame.settled = this.#settled;
    frame.away = this.away;
    // A frame has room for one signature beside its ticks.
    if (this.#signature.segment > this.#signedFor[link.peer]!) {
      this.#signedFor[link.peer] = this.#signature.segment;
      frame.signature = this.#signature;
    } else {
      frame.leave = this.#farewell;
    }
    const agreement = confirmation.with(link);
    const found = agreement.finding !== undefined;
    if (agreement.disputedTick !== undefined && this.#ledgersAfter[link.peer]! < LEDGERS_AFTER_FINDING) {
      if (found) this.#ledgersAfter[link.peer]!++;
      frame.ledger = agreement.ledger();
    }
    if (this.#parts.silence.anySpokenOf) this.#speakOfLost(link, frame, nowTicks);
  }

  /** Says how far we hold each lost peer, and passes on what the other lacks of those that it has lost. */
  #speakOfLost(link: Link, frame: Frame, nowTicks: number): void {
    const { silence, replicator } = this.#parts;
    const roundTripTicks = link.roundTripTicks(frame.head);
    for (let peer = 0; peer < replicator.inboxes.length; peer++) {
      if (peer === link.peer || peer === replicator.localPeer) continue;
      const heldSeal = replicator.inboxes[peer]!.seal;
      if (silence.isLost(peer)) frame.lost.push({ peer, heldSeal });
      const theirs = silence.heldBy(link.peer, peer);
      if (theirs === undefined || theirs >= heldSeal || !replicator.holds(peer, theirs)) continue;
      const pace = link.forwardPace(peer);
      pace.carriedTick = heldSeal;
      if (!pace.repeats(nowTicks, theirs, roundTripTicks)) continue;
      const forward = new ForwardedRun();
      forward.peer = peer;
      forward.base = theirs;
      forward.count = heldSeal - theirs;
      frame.forwards.push(forward);
    }
  }

  #silent(peer: number): void {
    const { silence, replicator } = this.#parts;
    if (silence.isLost(peer)) replicator.depart(peer);
    // Who has said that it goes may be silent.
    if (replicator.linkTo(peer).settled) return;
    this.#status(peer, silence.hearing(peer) === "lost" ? "lost" : "interrupted");
  }

  #status(peer: number, status: PeerStatus): void {
    for (const slot of this.#parts.roster[peer]!.slots) this.#parts.emit({ type: "peer", slot, status });
  }
}
