import type { Address } from "../core/wire/transport.js";
import { MemoryNetwork, type MemoryTransport } from "../transports/memory/network.js";
import { Emulator } from "./emulator.js";
import type { NetInput } from "./net-spec.js";

/** Memory transports with an emulated network between them and a clock that moves only when it is told to. */
export class VirtualNetwork {
  readonly emulator: Emulator;
  /** Sees every datagram as it is sent; the bytes are valid until it returns. */
  tap: ((from: Address, to: Address, datagram: Uint8Array) => void) | undefined;
  readonly #memory: MemoryNetwork;
  #nowMs = 0;

  /** Throws `EchoNetError` INPUT_INVALID for a network that makes no sense. */
  constructor(seed: number | string, net: NetInput = "perfect") {
    this.emulator = new Emulator(seed, net);
    this.#memory = new MemoryNetwork({
      send: (from, to, datagram): void => {
        this.tap?.(from, to, datagram);
        this.emulator.send(this.#nowMs, from, to, datagram);
      },
    });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** A new end, `memory:0` for the first. */
  open(): MemoryTransport {
    return this.#memory.open();
  }

  /** Moves the clock forward and hands over what has arrived by then; an earlier time moves nothing. */
  advanceTo(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (const { from, to, datagram } of this.emulator.due(this.#nowMs))
      this.#memory.deliver(from, to, datagram);
  }

  /** Lets a datagram arrive at once as if `from` had sent it: what an attacker on the path could do. */
  inject(from: Address, to: Address, datagram: Uint8Array): void {
    this.#memory.deliver(from, to, datagram.slice());
  }
}
