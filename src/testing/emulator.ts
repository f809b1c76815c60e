import FlatQueue from "flatqueue";
import type { Address } from "../core/wire/transport.js";
import { Direction, type DirectionCounts, noCounts } from "./direction.js";
import { type NetInput, type NetSpec, resolveNet } from "./net-spec.js";

/** One datagram that has arrived. Its bytes belong to whoever took it. */
export interface Delivery {
  readonly atMs: number;
  readonly from: Address;
  readonly to: Address;
  readonly datagram: Uint8Array;
}

interface InFlight extends Delivery {
  readonly direction: Direction;
  /** Number of the datagram within its direction, from 1. */
  readonly ordinal: number;
  /** Number of the arrival within the emulator: settles arrivals at one time. */
  readonly sequence: number;
}

/** What happened in all directions together. */
export type EmulatorCounts = Readonly<DirectionCounts>;

/**
 * A bad network without a network: datagrams and times go in, datagrams come out when they are due. It does no I/O
 * and reads no clock, so it serves virtual time and a relay between real sockets alike. Equal seeds and equal calls
 * give equal deliveries, to the byte and the fraction of a millisecond.
 */
export class Emulator {
  readonly #seed: string;
  #net: NetSpec;
  readonly #overrides = new Map<string, NetSpec>();
  readonly #directions = new Map<string, Direction>();
  readonly #queue: FlatQueue<InFlight> = new FlatQueue();
  #partitions: { readonly a: ReadonlySet<Address>; readonly b: ReadonlySet<Address> }[] = [];
  #sequence = 0;
  #nowMs = 0;

  /** Throws `EchoNetError` INPUT_INVALID for a network that makes no sense. */
  constructor(seed: number | string, net: NetInput = "perfect") {
    this.#seed = String(seed);
    this.#net = resolveNet(net);
  }

  /** The network of every direction that has none of its own. */
  get net(): NetSpec {
    return this.#net;
  }

  /** Datagrams under way. */
  get inFlight(): number {
    return this.#queue.length;
  }

  /** When the next datagram is due, or undefined while none is under way. */
  get nextWakeMs(): number | undefined {
    return this.#queue.peekValue();
  }

  /** Totals over all directions. */
  get counts(): EmulatorCounts {
    const total = noCounts();
    for (const { counts } of this.#directions.values()) {
      for (const key of Object.keys(total) as (keyof DirectionCounts)[]) total[key] += counts[key];
    }
    return total;
  }

  /** From now on; what is under way arrives as it was going to. Throws `EchoNetError` INPUT_INVALID. */
  setNet(net: NetInput): void {
    this.#net = resolveNet(net);
  }

  /** Gives one direction a network of its own, or takes it away again. Throws `EchoNetError` INPUT_INVALID. */
  setDirection(from: Address, to: Address, net: NetInput | undefined): void {
    if (net === undefined) this.#overrides.delete(directionKey(from, to));
    else this.#overrides.set(directionKey(from, to), resolveNet(net));
  }

  /** Takes away all networks of single directions. */
  clearDirections(): void {
    this.#overrides.clear();
  }

  /** From now on nothing sent between the two groups arrives, either way, until `heal`. */
  partition(a: Iterable<Address>, b: Iterable<Address>): void {
    this.#partitions.push({ a: new Set(a), b: new Set(b) });
  }

  /** Ends all partitions. */
  heal(): void {
    this.#partitions = [];
  }

  /** Takes one datagram in; copies it. Time never goes back: an earlier `nowMs` counts as the latest one. */
  send(nowMs: number, from: Address, to: Address, datagram: Uint8Array): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const key = directionKey(from, to);
    let direction = this.#directions.get(key);
    if (direction === undefined) {
      direction = new Direction(this.#seed, from, to);
      this.#directions.set(key, direction);
    }
    const net = this.#overrides.get(key) ?? this.#net;
    const arrivals = direction.arrivals(this.#nowMs, datagram.length, net, this.#separates(from, to));
    const ordinal = direction.counts.sent;
    for (const atMs of arrivals) {
      direction.inFlight++;
      const sequence = this.#sequence++;
      this.#queue.push({ atMs, from, to, datagram: datagram.slice(), direction, ordinal, sequence }, atMs);
    }
  }

  /** Everything due by `nowMs`, by time of arrival; what arrives at one time, in the order of sending. */
  due(nowMs: number): readonly Delivery[] {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const batch: InFlight[] = [];
    while (this.#queue.length > 0 && this.#queue.peekValue()! <= this.#nowMs) batch.push(this.#queue.pop()!);
    // The queue gives equal times in any order, but all of one time are in this batch.
    batch.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    for (const { direction, ordinal } of batch) direction.delivered(ordinal);
    return batch;
  }

  #separates(from: Address, to: Address): boolean {
    return this.#partitions.some(({ a, b }) => (a.has(from) && b.has(to)) || (b.has(from) && a.has(to)));
  }
}

/** A space never stands in an address. */
const directionKey = (from: Address, to: Address): string => `${from} ${to}`;
