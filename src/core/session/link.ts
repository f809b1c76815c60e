import type { SealedChannel } from "../guard/channel.js";
import { emptyRefusalCounts, type RefusalCounts } from "../wire/refusal.js";
import type { Address } from "../wire/transport.js";
import { LatenessGauge } from "./lateness.js";
import { RepeatPace } from "./repeat-pace.js";

/** What the netcode knows of its path to one other peer; counts are totals. */
export interface LinkStats {
  readonly peer: number;
  readonly address: Address;
  /** Round trip in ticks, from what both sides say of the other's lead. */
  readonly roundTripTicks: number;
  /** How far our head is past the newest head of theirs that we have received, in ticks. */
  readonly leadTicks: number;
  readonly bytesSent: number;
  readonly datagramsSent: number;
  readonly bytesReceived: number;
  readonly datagramsReceived: number;
  /** How many they had sent by the newest that arrived: what is missing of them was lost, or is late. */
  readonly datagramsOwed: number;
  readonly longestDatagramBytes: number;
  /** Ticks of ours that they have not acknowledged. */
  readonly unackedTicks: number;
  readonly refusals: Readonly<RefusalCounts>;
}

/** The path to one other peer. */
export class Link {
  readonly peer: number;
  readonly address: Address;
  readonly channel: SealedChannel;
  /** The highest tick up to which they hold everything of ours. */
  ackedTick = 0;
  /** The newest head of theirs that has arrived. */
  theirHead = 0;
  /** How far they see themselves ahead of us, in ticks. */
  remoteLeadTicks = 0;
  /** How late our ticks reach them, as they report it, in ticks as if our input delay were 0. */
  reportedLatenessTicks = 0;
  /** The last tick of the match, as they say since they leave or know of one who does. */
  lastTick: number | undefined;
  /** They have reached the end and hold all they need. */
  settled = false;
  /** They author nothing past it, as they say since they are settled. */
  lastSeal: number = Number.POSITIVE_INFINITY;
  /** How late their ticks reach us. */
  readonly lateness: LatenessGauge = new LatenessGauge();
  /** When something goes out even where nothing was sealed. */
  dueMs: number = Number.NEGATIVE_INFINITY;
  sentSeal = 0;
  readonly pace: RepeatPace = new RepeatPace();
  /** By lost peer whose ticks are passed on to them. */
  readonly #forwardPaces: RepeatPace[] = [];
  /** Ticks of ours that went again, summed over the datagrams that carried them. */
  repeatedTicks = 0;
  bytesSent = 0;
  datagramsSent = 0;
  bytesReceived = 0;
  datagramsReceived = 0;
  longestDatagramBytes = 0;
  /** By peer: its ticks up to here have been looked through for those too long for a run. */
  readonly scannedTicks: number[] = [];
  readonly refusals: RefusalCounts = emptyRefusalCounts();

  constructor(peer: number, address: Address, channel: SealedChannel) {
    this.peer = peer;
    this.address = address;
    this.channel = channel;
  }

  forwardPace(peer: number): RepeatPace {
    this.#forwardPaces[peer] ??= new RepeatPace();
    return this.#forwardPaces[peer];
  }

  /** As the wire carries it, −128 to 127: no honest lead is longer, and no false one steers further. */
  leadTicks(head: number): number {
    return Math.max(-128, Math.min(127, head - this.theirHead));
  }

  roundTripTicks(head: number): number {
    return Math.max(0, this.leadTicks(head) + this.remoteLeadTicks);
  }

  stats(head: number, seal: number): LinkStats {
    return {
      peer: this.peer,
      address: this.address,
      roundTripTicks: this.roundTripTicks(head),
      leadTicks: this.leadTicks(head),
      bytesSent: this.bytesSent,
      datagramsSent: this.datagramsSent,
      bytesReceived: this.bytesReceived,
      datagramsReceived: this.datagramsReceived,
      datagramsOwed: this.channel.owed,
      longestDatagramBytes: this.longestDatagramBytes,
      unackedTicks: seal - this.ackedTick,
      refusals: { ...this.refusals },
    };
  }
}
