import { type ChronosTick, chronosTick, type Slot } from "../base/brand.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { Inbox } from "../bridge/inbox.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { TickContent } from "../envelope/content.js";
import type { MatchStart } from "../guard/lobby.js";
import { Frame } from "../wire/frame.js";
import { FrameCodec } from "../wire/frame-codec.js";
import { MAX_BODY_BYTES, MAX_UNACKED_BYTES, MAX_UNACKED_TICKS } from "../wire/limits.js";
import type { Received, Transport } from "../wire/transport.js";
import { FragmentTraffic } from "./fragment-traffic.js";
import { INPUT_DELAY_MAX_TICKS } from "./input-delay.js";
import { Link, type LinkStats } from "./link.js";
import { RunIntake } from "./run-intake.js";
import type { KnownEvents } from "./speculation.js";

/** Datagrams to one peer in one go: what does not fit waits for the next. */
const DATAGRAMS_PER_FLUSH = 4;
/** Something goes to each peer after this long, however long a tick is: a fifth of what makes it seem interrupted. */
const QUIET_MS_MAX = 100;
/** A peer that is lost is told so this often, in milliseconds. */
const GIVEN_UP_MS = 100;
/** Most ticks that one sample seals: its own, and the gap where the input delay rose from 0 to its maximum. */
const SEALED_AT_ONCE_TICKS: number = INPUT_DELAY_MAX_TICKS + 1;

/** What the session adds to the traffic of ticks: it reads and writes the other sections of each frame. */
export interface FrameObserver {
  /** Ticks of a peer became known, in order. */
  learned(peer: number, tick: number): void;
  /** A genuine frame came; its ticks have been taken in. */
  arrived(link: Link, frame: Frame, newest: boolean): void;
  /** A frame is about to be sent, at `nowTicks` of time; its ticks are set. */
  composing(link: Link, frame: Frame, nowTicks: number): void;
  /** Whether ticks of this peer are taken from others, since it is lost. */
  takesForwards(peer: number): boolean;
  /** A datagram from nobody in the match. */
  stranger(received: Received): void;
  /** Each datagram as it arrived, for the trace. */
  datagram(received: Received): void;
}

/**
 * Carries what every peer authored to every other: acknowledges, repeats what is not acknowledged, takes in each
 * tick once and in order. It neither simulates nor decides anything.
 */
export class Replicator implements KnownEvents {
  readonly slotCount: number;
  readonly localPeer: number;
  /** What each peer authored, by peer; our own among them. */
  readonly inboxes: readonly Inbox[];
  readonly links: readonly Link[];
  /** Datagrams from addresses outside the match. */
  strangers = 0;
  /** Ticks of lost peers that others passed on. */
  forwardedTicks = 0;
  readonly #transport: Transport;
  readonly #linkByAddress: ReadonlyMap<string, Link>;
  readonly #placeOfSlot: readonly { readonly inbox: Inbox; readonly index: number }[];
  readonly #codec: FrameCodec;
  readonly #fragments: FragmentTraffic;
  readonly #intake: RunIntake;
  readonly #frame = new Frame();
  readonly #reader = new ByteReader();
  readonly #writer = new ByteWriter(2048);
  /** Peers whose acknowledgement nobody waits for. */
  readonly #departed = new Set<number>();

  constructor(catalog: EventCatalog, start: MatchStart, transport: Transport) {
    const roster = start.identity.roster;
    this.localPeer = start.localPeer;
    this.#transport = transport;
    this.inboxes = roster.map((peer) => new Inbox(peer.slots));
    const places: { inbox: Inbox; index: number }[] = [];
    for (const inbox of this.inboxes) {
      for (const [index, slot] of inbox.slots.entries()) places[slot] = { inbox, index };
    }
    this.#placeOfSlot = places;
    this.slotCount = places.length;
    const links: Link[] = [];
    for (const [peer, { address, channel }] of start.peers.entries()) {
      if (channel !== undefined) links.push(new Link(peer, address, channel));
    }
    this.links = links;
    this.#linkByAddress = new Map(links.map((link) => [link.address, link]));
    const slotsByPeer = roster.map((peer) => peer.slots);
    this.#codec = new FrameCodec(catalog.kinds, slotsByPeer);
    this.#fragments = new FragmentTraffic(this.#codec.runs, this.inboxes, this.localPeer);
    this.#intake = new RunIntake(this.inboxes, this.#fragments);
  }

  get own(): Inbox {
    return this.inboxes[this.localPeer]!;
  }

  sealOf(slot: Slot): number {
    return this.#placeOfSlot[slot]!.inbox.seal;
  }

  contentOf(slot: Slot, tick: number): TickContent | undefined {
    const place = this.#placeOfSlot[slot]!;
    return place.inbox.content(place.index, tick);
  }

  /** The highest tick that everyone has sealed. */
  get sealedByAll(): ChronosTick {
    let sealed = Number.POSITIVE_INFINITY;
    for (const inbox of this.inboxes) sealed = Math.min(sealed, inbox.seal);
    return chronosTick(sealed);
  }

  /** The highest tick that everyone else has sealed. */
  get sealedByOthers(): number {
    let sealed = Number.POSITIVE_INFINITY;
    for (const link of this.links) sealed = Math.min(sealed, this.inboxes[link.peer]!.seal);
    return sealed;
  }

  /** The highest tick of ours that everyone who still counts has acknowledged. */
  get ackedByAll(): number {
    let acked = this.own.seal;
    for (const link of this.links) {
      if (!this.#departed.has(link.peer)) acked = Math.min(acked, link.ackedTick);
    }
    return acked;
  }

  /** Whether more ticks may be sealed before others acknowledge more of what was. */
  get maySeal(): boolean {
    const acked = this.ackedByAll;
    const reach = this.own.seal + SEALED_AT_ONCE_TICKS;
    if (reach - acked > MAX_UNACKED_TICKS || reach > this.own.limit) return false;
    return this.own.bytesAbove(acked) < MAX_UNACKED_BYTES;
  }

  /** Seals the next tick of all local slots: one content for each, in the roster's order. */
  author(tick: number, contents: (index: number) => TickContent): void {
    const offer = this.own.offer(tick, contents);
    invariant(offer === "new", "local ticks are sealed one after the other");
  }

  /** Ticks up to here are final: what lies far enough below is forgotten. */
  finalized(tick: number): void {
    for (const inbox of this.inboxes) inbox.advance(tick);
  }

  /** Whether a tick of a peer can still be told, with all after it. */
  holds(peer: number, tick: number): boolean {
    return this.inboxes[peer]!.holds(tick);
  }

  /** Takes nothing more from a peer, sends it nothing but that, and waits for none of its acknowledgements. */
  depart(peer: number): void {
    this.#departed.add(peer);
  }

  linkTo(peer: number): Link {
    const link = this.links.find((candidate) => candidate.peer === peer);
    invariant(link !== undefined, "there is a link to every other peer");
    return link;
  }

  linkStats(head: number): readonly LinkStats[] {
    return this.links.map((link) => link.stats(head, this.own.seal));
  }

  get fragmentedTicks(): number {
    return this.#fragments.sent;
  }

  get repeatedFragments(): number {
    return this.#fragments.repeated;
  }

  /** Bytes of the parts that wait for the rest of their tick. */
  get assemblyBytes(): number {
    return this.#fragments.assemblyBytes;
  }

  /** Takes in everything that has arrived. */
  receive(head: number, observer: FrameObserver): void {
    for (const received of this.#transport.receive()) {
      observer.datagram(received);
      const link = this.#linkByAddress.get(received.from);
      if (link === undefined) {
        this.strangers++;
        observer.stranger(received);
        continue;
      }
      const refusal = link.channel.open(received.datagram);
      if (refusal !== undefined) {
        link.refusals[refusal]++;
        if (refusal === "type") observer.stranger(received);
        continue;
      }
      this.#reader.open(received.datagram, link.channel.bodyStart, link.channel.bodyEnd);
      const frame = this.#frame;
      const damage = this.#codec.decode(this.#reader, frame, link.peer, this.inboxes);
      if (damage !== undefined) {
        link.refusals[damage]++;
        continue;
      }
      if (this.#departed.has(link.peer)) continue;
      link.bytesReceived += received.datagram.length;
      link.datagramsReceived++;
      this.#takeIn(link, frame, head, observer);
    }
  }

  #takeIn(link: Link, frame: Frame, head: number, observer: FrameObserver): void {
    link.ackedTick = Math.max(link.ackedTick, Math.min(frame.ack, this.own.seal));
    const newest = frame.head >= link.theirHead;
    if (newest) {
      // Nobody runs further ahead than this: one false head is outrun, not believed for ever.
      link.theirHead = Math.min(frame.head, this.own.seal + MAX_UNACKED_TICKS);
      link.remoteLeadTicks = frame.leadTicks;
      link.reportedLatenessTicks = frame.depthTicks;
    }
    this.#fragments.take(link, frame, observer);
    const inbox = this.inboxes[link.peer]!;
    const before = inbox.seal;
    this.#intake.take(link, link.peer, frame.run, observer);
    const delayTicks = Math.max(0, frame.seal - frame.head);
    for (let tick = before + 1; tick <= inbox.seal; tick++) link.lateness.add(head + 1 - tick + delayTicks);
    for (const forward of frame.forwards) {
      if (!observer.takesForwards(forward.peer)) continue;
      // Nobody authors anything past the end that it has told us itself.
      const room = this.linkTo(forward.peer).lastSeal - forward.base;
      forward.count = Math.min(forward.count, Math.max(0, room));
      const held = this.inboxes[forward.peer]!.seal;
      this.#intake.take(link, forward.peer, forward, observer);
      this.forwardedTicks += this.inboxes[forward.peer]!.seal - held;
    }
    observer.arrived(link, frame, newest);
  }

  /** Sends to each peer what it has not acknowledged, where a tick was sealed or the time of one has passed. */
  flush(nowMs: number, tickMs: number, head: number, observer: FrameObserver): void {
    const pauseMs = Math.min(tickMs, QUIET_MS_MAX);
    for (const link of this.links) {
      if (this.#departed.has(link.peer)) {
        this.#giveUp(link, nowMs, head);
        continue;
      }
      if (link.sentSeal === this.own.seal && nowMs < link.dueMs) continue;
      // By a schedule, so that uneven updates do not make a stalled peer talk less; nor does one that ran fast.
      link.dueMs = Math.min(Math.max(link.dueMs, nowMs - pauseMs), nowMs + pauseMs) + pauseMs;
      link.sentSeal = this.own.seal;
      this.#sendTo(link, nowMs / tickMs, head, observer);
    }
  }

  /** In one go, the oldest ticks first. */
  #sendTo(link: Link, nowTicks: number, head: number, observer: FrameObserver): void {
    const { pace, ackedTick } = link;
    const roundTripTicks = link.roundTripTicks(head);
    let base = Math.max(ackedTick, pace.carriedTick);
    if (pace.repeats(nowTicks, ackedTick, roundTripTicks)) {
      link.repeatedTicks += base - ackedTick;
      base = ackedTick;
    }
    for (let sent = 0; sent < DATAGRAMS_PER_FLUSH; sent++) {
      const frame = this.#frame;
      frame.reset();
      frame.run.base = base;
      frame.run.count = this.own.seal - base;
      frame.head = head;
      frame.ack = this.inboxes[link.peer]!.seal;
      frame.leadTicks = link.leadTicks(head);
      frame.depthTicks = link.lateness.percentile99Ticks;
      if (sent === 0) observer.composing(link, frame, nowTicks);
      const more = this.#fragments.compose(link, frame, nowTicks, roundTripTicks);
      link.channel.begin(this.#writer);
      base += this.#codec.encode(this.#writer, frame, this.localPeer, this.inboxes, MAX_BODY_BYTES);
      this.#post(link, link.channel.finish(this.#writer));
      pace.carriedTick = Math.max(pace.carriedTick, base);
      if (base === this.own.seal && !more) return;
    }
  }

  /** Tells a lost peer so, now and then: where only its way to us is broken, it may still hear us. */
  #giveUp(link: Link, nowMs: number, head: number): void {
    if (nowMs < link.dueMs) return;
    link.dueMs = nowMs + GIVEN_UP_MS;
    const frame = this.#frame;
    frame.reset();
    frame.run.base = this.own.seal;
    frame.head = head;
    frame.ack = this.inboxes[link.peer]!.seal;
    frame.lost.push({ peer: link.peer, heldSeal: frame.ack });
    link.channel.begin(this.#writer);
    this.#codec.encode(this.#writer, frame, this.localPeer, this.inboxes, MAX_BODY_BYTES);
    this.#post(link, link.channel.finish(this.#writer));
  }

  #post(link: Link, datagram: Uint8Array): void {
    link.bytesSent += datagram.length;
    link.datagramsSent++;
    link.longestDatagramBytes = Math.max(link.longestDatagramBytes, datagram.length);
    this.#transport.send(link.address, datagram);
  }
}
