import type { Address, Received, Transport } from "../core/wire/transport.js";
import type { MatchWishes, TransportOption } from "../transports/transport-option.js";
import { Emulator } from "./emulator.js";
import type { NetInput, NetSpec } from "./net-spec.js";

/** A transport over a bad network in real time, whose figures can be changed while a match runs. */
export interface EmulatedOption extends TransportOption {
  /** The network from here to all others. */
  readonly net: NetSpec;
  /** From now on; what is under way arrives as it was going to. Throws `EchoNetError` INPUT_INVALID. */
  setNet(net: NetInput): void;
  /** What treats the datagrams: its counts, and networks for single directions. */
  readonly emulator: Emulator;
}

/**
 * Puts a bad network in front of a transport: `joinMatch(game, { transport: emulated(webrtc(…), "mobile") })`. What
 * this end sends is delayed, lost and doubled as `net` says; what it receives is not touched, so both ends of a match
 * take one. Equal seeds decide alike on equal datagrams; when each arrives is real time. Throws `EchoNetError`
 * INPUT_INVALID for a network that makes no sense.
 */
export function emulated(
  transport: TransportOption,
  net: NetInput,
  seed: number | string = 0,
): EmulatedOption {
  const emulator = new Emulator(seed, net);
  return {
    emulator,
    get net(): NetSpec {
      return emulator.net;
    },
    setNet: (changed: NetInput): void => emulator.setNet(changed),
    get role(): "host" | "join" {
      return transport.role;
    },
    get invite(): string | undefined {
      return transport.invite;
    },
    open: async (wishes?: MatchWishes): Promise<Transport> =>
      new EmulatedTransport(await transport.open(wishes), emulator),
    announce: (invite) => transport.announce?.(invite),
    begun: () => transport.begun?.(),
    mayReach: (address) => transport.mayReach?.(address) ?? true,
    hostGone: () => transport.hostGone?.(),
    leaving: () => transport.leaving?.(),
    diagnose: () => transport.diagnose?.() ?? [],
  };
}

/** Sends by way of an emulator. Timers wake it, and so does every use, since timers of hidden pages are late. */
class EmulatedTransport implements Transport {
  readonly mtu: number;
  readonly secure: boolean;
  readonly #inner: Transport;
  readonly #emulator: Emulator;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(inner: Transport, emulator: Emulator) {
    this.mtu = inner.mtu;
    this.secure = inner.secure;
    this.#inner = inner;
    this.#emulator = emulator;
  }

  get addresses(): readonly Address[] {
    return this.#inner.addresses;
  }

  send(to: Address, datagram: Uint8Array): void {
    if (this.#closed) return;
    // The transport itself refuses and counts what it does not take.
    if (datagram.length > this.mtu) this.#inner.send(to, datagram);
    else this.#emulator.send(performance.now(), this.addresses[0]!, to, datagram);
    this.#forward();
  }

  receive(): Iterable<Received> {
    if (this.#closed) return [];
    this.#forward();
    return this.#inner.receive();
  }

  /** What is under way arrives, as it would on a network; then the transport closes. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forward();
  }

  #forward(): void {
    for (const { to, datagram } of this.#emulator.due(performance.now())) this.#inner.send(to, datagram);
    clearTimeout(this.#timer);
    const nextMs = this.#emulator.nextWakeMs;
    if (nextMs !== undefined) {
      this.#timer = setTimeout(() => this.#forward(), Math.max(0, nextMs - performance.now()));
    } else if (this.#closed) this.#inner.close();
  }
}
