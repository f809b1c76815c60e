import { type Received, type Transport, Xoshiro128 } from "echo-net/core";
import { type Network, PERFECT, TICK_MS } from "./work.js";

/** What has arrived at one end. */
export interface Arrival<Payload> {
  readonly from: string;
  readonly atMs: number;
  readonly datagram: Payload;
}

/**
 * The network between the peers of one match, in virtual time. All libraries send through one of these, and it does
 * little, so that little has to be subtracted from what they are measured at.
 */
export class BenchNetwork<Payload> {
  nowMs = 0;
  /** Peers meet on a perfect network; what is measured comes after. */
  path: Network = PERFECT;
  /** Sent, lost ones and repetitions too. */
  datagrams = 0;
  bytes = 0;
  readonly #seed: number;
  readonly #waiting: Arrival<Payload>[][] = [];
  readonly #directions: Direction[][] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A new end; ends are numbered from 0. */
  open(): End<Payload> {
    const number = this.#waiting.push([]) - 1;
    this.#directions.push([]);
    return new End(this, number, this.#waiting[number]!);
  }

  /** Sends once: what is lost stays lost. */
  send(from: End<Payload>, to: number, datagram: Payload, byteLength: number): void {
    this.datagrams++;
    this.bytes += byteLength;
    const { path } = this;
    const direction = this.#direction(from.number, to);
    const lost = direction.dice.unit() < path.loss;
    const delayMs = direction.delayMs(path);
    if (!lost) this.#deliver(from, to, datagram, this.nowMs + delayMs);
  }

  /** Repeats what is lost after a round trip, and lets nothing overtake: a reliable, ordered channel. */
  sendReliably(from: End<Payload>, to: number, datagram: Payload, byteLength: number): void {
    const { path } = this;
    const direction = this.#direction(from.number, to);
    const repeatMs = 2 * (path.latencyMs + path.jitterMs) + TICK_MS;
    let leavesMs = this.nowMs;
    while (true) {
      this.datagrams++;
      this.bytes += byteLength;
      if (direction.dice.unit() >= path.loss) break;
      leavesMs += repeatMs;
    }
    direction.newestMs = Math.max(direction.newestMs, leavesMs + direction.delayMs(path));
    this.#deliver(from, to, datagram, direction.newestMs);
  }

  #direction(from: number, to: number): Direction {
    this.#directions[from]![to] ??= new Direction(this.#seed, from, to);
    return this.#directions[from]![to]!;
  }

  #deliver(from: End<Payload>, to: number, datagram: Payload, atMs: number): void {
    const waiting = this.#waiting[to];
    if (waiting === undefined) return;
    let place = waiting.length;
    while (place > 0 && waiting[place - 1]!.atMs > atMs) place--;
    const arrival = { from: from.address, atMs, datagram };
    if (place === waiting.length) waiting.push(arrival);
    else waiting.splice(place, 0, arrival);
  }
}

/** Equal seeds give equal dice, whoever sends what elsewhere. */
class Direction {
  readonly dice: Xoshiro128;
  /** When the last of a reliable channel arrives. */
  newestMs = 0;

  constructor(seed: number, from: number, to: number) {
    const key = new Uint8Array(16);
    new DataView(key.buffer).setUint32(0, seed);
    key.set([1 + from, 1 + to], 4);
    this.dice = new Xoshiro128(key);
    // The generator starts slowly from keys that differ in a few bits only.
    for (let i = 0; i < 16; i++) this.dice.next();
  }

  delayMs({ latencyMs, jitterMs }: Network): number {
    return latencyMs + jitterMs * (2 * this.dice.unit() - 1);
  }
}

/** One peer's end of the network. */
export class End<Payload> {
  readonly number: number;
  readonly address: string;
  readonly #network: BenchNetwork<Payload>;
  readonly #waiting: Arrival<Payload>[];
  readonly #arrived: Arrival<Payload>[] = [];

  /** Made by `BenchNetwork.open`. */
  constructor(network: BenchNetwork<Payload>, number: number, waiting: Arrival<Payload>[]) {
    this.#network = network;
    this.number = number;
    this.address = addressOf(number);
    this.#waiting = waiting;
  }

  send(to: number, datagram: Payload, byteLength: number): void {
    this.#network.send(this, to, datagram, byteLength);
  }

  sendReliably(to: number, datagram: Payload, byteLength: number): void {
    this.#network.sendReliably(this, to, datagram, byteLength);
  }

  /** What has arrived by now, by time of arrival. The array is reused. */
  receive(): readonly Arrival<Payload>[] {
    const waiting = this.#waiting;
    this.#arrived.length = 0;
    while (waiting.length > 0 && waiting[0]!.atMs <= this.#network.nowMs)
      this.#arrived.push(waiting.shift()!);
    return this.#arrived;
  }
}

export const addressOf = (number: number): string => `bench:${number}`;

/** The number in an address. */
export const numberOf = (address: string): number => Number(address.slice("bench:".length));

/** An end as a transport of Echo Net. */
export class BenchTransport implements Transport {
  readonly mtu: number = 1200;
  readonly secure: boolean = false;
  readonly addresses: readonly string[];
  readonly #end: End<Uint8Array>;
  readonly #numbers = new Map<string, number>();

  constructor(end: End<Uint8Array>) {
    this.#end = end;
    this.addresses = [end.address];
  }

  send(to: string, datagram: Uint8Array): void {
    let number = this.#numbers.get(to);
    if (number === undefined) {
      number = numberOf(to);
      this.#numbers.set(to, number);
    }
    this.#end.send(number, datagram.slice(), datagram.length);
  }

  receive(): Iterable<Received> {
    return this.#end.receive();
  }

  close(): void {}
}
