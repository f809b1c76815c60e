import { RELAYED, Relay, RelayTransport } from "../core/wire/relay.js";
import type { Address } from "../core/wire/transport.js";
import type { MemoryTransport } from "../transports/memory/network.js";
import type { VirtualNetwork } from "./virtual-network.js";

/** A relay in the middle of a virtual network: every datagram takes two hops, each with the network's dice. */
export class RelayNode {
  readonly #end: MemoryTransport;
  readonly #relay: Relay;
  #partitions: { readonly a: readonly number[]; readonly b: readonly number[] }[] = [];

  constructor(network: VirtualNetwork) {
    this.#end = network.open();
    this.#relay = new Relay(this.#end);
  }

  get address(): Address {
    return this.#end.address;
  }

  /** How a member of the relay's room, 0 to 7, reaches the others. The relay knows it from now on. */
  transportFor(end: MemoryTransport, member: number): RelayTransport {
    // A host only ever answers, so it would not be heard before somebody can reach it.
    this.#relay.handle({ from: end.address, datagram: Uint8Array.of(RELAYED, member, member) });
    return new RelayTransport(end, this.#end.address, member);
  }

  /** From now on the relay passes nothing on between the two groups of members. */
  partition(a: readonly number[], b: readonly number[]): void {
    this.#partitions.push({ a, b });
  }

  heal(): void {
    this.#partitions = [];
  }

  /** Passes on what has arrived. */
  forward(): void {
    for (const received of this.#end.receive()) {
      const [, from, to] = received.datagram;
      if (!this.#separates(from!, to!)) this.#relay.handle(received);
    }
  }

  #separates(from: number, to: number): boolean {
    return this.#partitions.some(
      ({ a, b }) => (a.includes(from) && b.includes(to)) || (b.includes(from) && a.includes(to)),
    );
  }
}
