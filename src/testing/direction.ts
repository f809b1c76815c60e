import { domainHash } from "../core/base/hash.js";
import { Xoshiro128 } from "../core/base/prng.js";
import { utf8Encode } from "../core/base/text.js";
import type { Address } from "../core/wire/transport.js";
import type { NetSpec } from "./net-spec.js";

/** Longest extra delay of a datagram that `reorder` holds back. */
export const HOLD_BACK_MS = 50;
/** A datagram that would wait longer than this for a `rate` is dropped. */
export const RATE_QUEUE_MS = 250;
/** Datagrams under way in one direction; more are dropped. */
export const IN_FLIGHT_MAX = 1024;

const HEADER_BYTES = 28;

/** What happened in one direction, in datagrams. `sent` = `lost` + `cut` + `overflowed` + those on their way or delivered, copies apart. */
export interface DirectionCounts {
  sent: number;
  /** Taken by `loss`. */
  lost: number;
  /** Sent into a partition. */
  cut: number;
  /** Dropped because the `rate` queue, or the number under way, was at its bound. */
  overflowed: number;
  /** Second copies made. */
  duplicated: number;
  delivered: number;
  /** Delivered after one that was sent later. */
  reordered: number;
}

export const noCounts = (): DirectionCounts => ({
  sent: 0,
  lost: 0,
  cut: 0,
  overflowed: 0,
  duplicated: 0,
  delivered: 0,
  reordered: 0,
});

/**
 * The fate of the datagrams from one end to another. It depends on the seed, the two ends and their own datagrams
 * alone: traffic elsewhere changes nothing here. Every datagram draws the same count of numbers, whatever the
 * network, so that a change of one figure leaves the others' dice as they fell.
 */
export class Direction {
  readonly counts: DirectionCounts = noCounts();
  inFlight = 0;
  /** Highest number of a datagram that arrived, from 1. */
  #newestDelivered = 0;
  readonly #random: Xoshiro128;
  #losing = false;
  #busyUntilMs = 0;

  constructor(seed: string, from: Address, to: Address) {
    this.#random = new Xoshiro128(
      domainHash("testing direction", utf8Encode(JSON.stringify([seed, from, to]))!),
    );
  }

  /** When the datagram and its copies arrive, in no order; empty where it is lost. */
  arrivals(nowMs: number, byteLength: number, net: NetSpec, cut: boolean): readonly number[] {
    this.counts.sent++;
    const lossDraw = this.#unit();
    const first = this.#delayMs(net);
    const holdDraw = this.#unit();
    const holdMs = this.#unit() * HOLD_BACK_MS;
    const duplicateDraw = this.#unit();
    const second = this.#delayMs(net);

    const lost = this.#loses(lossDraw, net);
    if (cut) return this.#drop("cut");
    if (this.inFlight >= IN_FLIGHT_MAX) return this.#drop("overflowed");
    const leavesMs = this.#leavesMs(nowMs, byteLength, net.rateKbps);
    if (leavesMs - nowMs > RATE_QUEUE_MS) return this.#drop("overflowed");
    this.#busyUntilMs = leavesMs;
    if (lost) return this.#drop("lost");
    const arrivals = [leavesMs + first + (holdDraw < net.reorder ? holdMs : 0)];
    if (duplicateDraw < net.duplicate) {
      this.counts.duplicated++;
      arrivals.push(leavesMs + second);
    }
    return arrivals;
  }

  /** Counts one delivery of the datagram that was sent as number `ordinal`, from 1. */
  delivered(ordinal: number): void {
    this.inFlight--;
    this.counts.delivered++;
    if (ordinal < this.#newestDelivered) this.counts.reordered++;
    else this.#newestDelivered = ordinal;
  }

  #drop(why: "lost" | "cut" | "overflowed"): readonly number[] {
    this.counts[why]++;
    return [];
  }

  #loses(draw: number, { loss, burst }: NetSpec): boolean {
    if (burst === 1 || loss === 1) {
      this.#losing = draw < loss;
    } else {
      this.#losing = this.#losing ? draw >= 1 / burst : draw < loss / (burst * (1 - loss));
    }
    return this.#losing;
  }

  #delayMs({ latencyMs, jitterMs }: NetSpec): number {
    return Math.max(0, latencyMs + jitterMs * (2 * this.#unit() - 1));
  }

  #leavesMs(nowMs: number, byteLength: number, rateKbps: number | null): number {
    if (rateKbps === null) return nowMs;
    return Math.max(nowMs, this.#busyUntilMs) + ((byteLength + HEADER_BYTES) * 8) / rateKbps;
  }

  #unit(): number {
    return this.#random.next() / 0x1_0000_0000;
  }
}
