import { Xoshiro128 } from "../../src/core/base/prng.js";
import type { Address, Received, Transport } from "../../src/core/wire/transport.js";

export interface Weather {
  readonly loss: number;
  readonly duplicate: number;
  /** Each datagram takes this long, plus up to twice as long again: enough to overtake others. */
  readonly latencyMs: number;
}

interface Flight extends Received {
  readonly to: Address;
  readonly atMs: number;
}

/** Transports under virtual time, with seeded weather and a count of bytes each way. */
export class TinyNetwork {
  nowMs = 0;
  readonly bytesTo = new Map<Address, number>();
  /** Everything that was ever sent, for those who replay it. */
  readonly sent: (Received & { readonly to: Address })[] = [];
  /** Sees each datagram before it flies; what it returns flies instead. */
  tamper: (datagram: Uint8Array, from: Address, to: Address) => Uint8Array = (datagram) => datagram;
  /** Addresses that a router between has given another face. */
  readonly faces = new Map<Address, Address>();
  readonly #weather: Weather;
  readonly #random: Xoshiro128;
  #flights: Flight[] = [];

  constructor(seed: number, weather: Weather = { loss: 0, duplicate: 0, latencyMs: 0 }) {
    this.#weather = weather;
    this.#random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => (seed >>> (i % 4)) + i));
  }

  /** A transport of this address; `others` are more addresses that it says it has. */
  open(address: Address, ...others: readonly Address[]): Transport {
    const face = (): Address => this.faces.get(address) ?? address;
    return {
      mtu: 1200,
      secure: false,
      addresses: [...others, address],
      send: (to, datagram) => this.#send(face(), to, datagram),
      receive: () => {
        const due = this.#flights.filter((flight) => flight.to === face() && flight.atMs <= this.nowMs);
        this.#flights = this.#flights.filter((flight) => !due.includes(flight));
        return due.sort((a, b) => a.atMs - b.atMs);
      },
      close: () => undefined,
    };
  }

  #send(from: Address, to: Address, sent: Uint8Array): void {
    const datagram = this.tamper(sent.slice(), from, to);
    this.sent.push({ from, to, datagram });
    this.bytesTo.set(to, (this.bytesTo.get(to) ?? 0) + datagram.length);
    const { loss, duplicate, latencyMs } = this.#weather;
    const copies = this.#random.unit() < duplicate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const atMs = this.nowMs + latencyMs * (1 + 2 * this.#random.unit());
      if (this.#random.unit() >= loss) this.#flights.push({ from, to, datagram, atMs });
    }
  }
}
