import type { Slot } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import type { Inbox } from "../bridge/inbox.js";
import type { TickContent } from "../envelope/content.js";
import { FragmentAssembler } from "../wire/fragment-assembler.js";
import { FragmentSender } from "../wire/fragment-sender.js";
import type { Frame } from "../wire/frame.js";
import { needsFragments, type RunCodec } from "../wire/run.js";
import { roomForFragments } from "../wire/sections.js";
import type { Link } from "./link.js";
import { resendTicks } from "./repeat-pace.js";

interface LinkFragments {
  readonly sender: FragmentSender;
  readonly assembler: FragmentAssembler;
}

/** Moves the ticks that are too long for a run, part by part, both ways over every link. */
export class FragmentTraffic {
  /** Long ticks sent, and received whole. */
  sent = 0;
  readonly #runs: RunCodec;
  readonly #inboxes: readonly Inbox[];
  readonly #localPeer: number;
  readonly #links = new Map<Link, LinkFragments>();
  readonly #writer = new ByteWriter(1024);

  constructor(runs: RunCodec, inboxes: readonly Inbox[], localPeer: number) {
    this.#runs = runs;
    this.#inboxes = inboxes;
    this.#localPeer = localPeer;
  }

  #of(link: Link): LinkFragments {
    let fragments = this.#links.get(link);
    if (fragments === undefined) {
      fragments = { sender: new FragmentSender(), assembler: new FragmentAssembler(this.#runs) };
      this.#links.set(link, fragments);
    }
    return fragments;
  }

  /** Takes in a frame's parts and acknowledgements. Parts of other peers' ticks only where `takesForwards`. */
  take(link: Link, frame: Frame, observer: { takesForwards(peer: number): boolean }): void {
    if (frame.fragments.length === 0 && frame.fragmentAcks.length === 0) return;
    const { sender, assembler } = this.#of(link);
    for (const ack of frame.fragmentAcks) sender.acknowledge(ack);
    for (const fragment of frame.fragments) {
      const peer = this.#peerOf(fragment.slot);
      if (peer !== link.peer && !observer.takesForwards(peer)) {
        link.refusals.peer++;
        continue;
      }
      const refusal = assembler.accept(fragment, this.#inboxes[peer]!.seal);
      if (refusal !== undefined) link.refusals[refusal]++;
    }
  }

  isAssembled(slot: Slot, tick: number): boolean {
    for (const { assembler } of this.#links.values()) if (assembler.isWhole(slot, tick)) return true;
    return false;
  }

  /** A slot's tick of which all parts have arrived, from whichever link. */
  assembled(slot: Slot, tick: number): TickContent | undefined {
    for (const { assembler } of this.#links.values()) {
      const content = assembler.content(slot, tick);
      if (content !== undefined) return content;
    }
    return undefined;
  }

  /** A peer's ticks up to here have entered: their parts are let go. */
  entered(peer: number, tick: number): void {
    if (this.#links.size === 0) return;
    for (const { assembler } of this.#links.values()) {
      for (const slot of this.#inboxes[peer]!.slots) assembler.forget(slot, tick);
    }
  }

  /** Parts that went again, since nobody acknowledged them in time. */
  get repeated(): number {
    let repeated = 0;
    for (const { sender } of this.#links.values()) repeated += sender.repeated;
    return repeated;
  }

  get assemblyBytes(): number {
    let bytes = 0;
    for (const { assembler } of this.#links.values()) bytes += assembler.bytes;
    return bytes;
  }

  /** Adds what is due to a frame; true where more waits for a further datagram. */
  compose(link: Link, frame: Frame, nowTicks: number, roundTripTicks: number): boolean {
    this.#scan(link, frame);
    const fragments = this.#links.get(link);
    if (fragments === undefined) return false;
    fragments.assembler.fillAcks(frame.fragmentAcks);
    if (fragments.sender.size === 0) return false;
    const room = roomForFragments(frame);
    return fragments.sender.fill(frame.fragments, nowTicks, resendTicks(roundTripTicks), room);
  }

  /** Looks for long ticks among those that the frame's runs carry for the first time. */
  #scan(link: Link, frame: Frame): void {
    // A further datagram of one go starts past what was acknowledged, and past long ticks still on their way.
    this.#scanRun(link, this.#localPeer, link.ackedTick, frame.run.base + frame.run.count);
    for (const forward of frame.forwards) {
      this.#scanRun(link, forward.peer, forward.base, forward.base + forward.count);
    }
  }

  #scanRun(link: Link, peer: number, heldTick: number, seal: number): void {
    const inbox = this.#inboxes[peer]!;
    const known = this.#links.get(link);
    if (known !== undefined && known.sender.size > 0) {
      for (const slot of inbox.slots) known.sender.forget(slot, heldTick);
    }
    for (let tick = Math.max(heldTick, link.scannedTicks[peer] ?? 0) + 1; tick <= seal; tick++) {
      for (let index = 0; index < inbox.slots.length; index++) {
        const content = inbox.content(index, tick)!;
        if (!needsFragments(content, inbox.slots.length)) continue;
        this.#writer.reset();
        this.#runs.writeContent(this.#writer, content);
        this.#of(link).sender.add(inbox.slots[index]!, tick, this.#writer.finish());
        this.sent++;
      }
    }
    link.scannedTicks[peer] = seal;
  }

  #peerOf(slot: Slot): number {
    return this.#inboxes.findIndex((inbox) => inbox.slots.includes(slot));
  }
}
