import type { Address, Received, Transport } from "../../core/wire/transport.js";
import { ReceiveQueue, type TransportCounts } from "../receive-queue.js";

/** Same as over UDP, so that a match sends the same datagrams here. */
const MEMORY_MTU = 1200;

/** Stands between the ends of a memory network: takes what is sent, and has it delivered when it sees fit. */
export interface Carrier {
  /** `datagram` is valid until this returns. */
  send(from: Address, to: Address, datagram: Uint8Array): void;
}

/** Ends of one process that reach each other by name, `memory:0`, `memory:1` and so on in order of opening. */
export class MemoryNetwork {
  /** Without one, datagrams arrive at once. */
  carrier: Carrier | undefined;
  readonly #ends = new Map<Address, MemoryTransport>();
  #opened = 0;

  constructor(carrier?: Carrier) {
    this.carrier = carrier;
  }

  /** A new end. */
  open(): MemoryTransport {
    const end = new MemoryTransport(this, `memory:${this.#opened++}`);
    this.#ends.set(end.address, end);
    return end;
  }

  /** Lets a datagram arrive; its bytes must not change any more. Harmless where nobody has that address. */
  deliver(from: Address, to: Address, datagram: Uint8Array): void {
    this.#ends.get(to)?.arrive(from, datagram);
  }

  /** For ends: sends on their behalf. */
  carry(from: Address, to: Address, datagram: Uint8Array): void {
    if (this.carrier === undefined) this.deliver(from, to, datagram.slice());
    else this.carrier.send(from, to, datagram);
  }

  /** For ends: takes one out. */
  remove(address: Address): void {
    this.#ends.delete(address);
  }
}

/** One end of a memory network. */
export class MemoryTransport implements Transport {
  readonly mtu: number = MEMORY_MTU;
  readonly secure = false;
  readonly address: Address;
  readonly addresses: readonly Address[];
  readonly #network: MemoryNetwork;
  readonly #queue = new ReceiveQueue();
  #closed = false;
  #sent = 0;
  #refused = 0;

  /** Made by `MemoryNetwork.open`. */
  constructor(network: MemoryNetwork, address: Address) {
    this.#network = network;
    this.address = address;
    this.addresses = [address];
  }

  get counts(): TransportCounts {
    const { received, dropped } = this.#queue;
    return { sent: this.#sent, received, refused: this.#refused, dropped, failed: 0 };
  }

  send(to: Address, datagram: Uint8Array): void {
    if (this.#closed || datagram.length > this.mtu) {
      this.#refused++;
      return;
    }
    this.#sent++;
    this.#network.carry(this.address, to, datagram);
  }

  receive(): Iterable<Received> {
    return this.#queue.take();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#network.remove(this.address);
    this.#queue.take();
  }

  /** For the network: one datagram, whose bytes are this end's from now on. */
  arrive(from: Address, datagram: Uint8Array): void {
    this.#queue.push({ from, datagram });
  }
}
