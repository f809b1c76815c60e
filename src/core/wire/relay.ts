import { invariant } from "../base/invariant.js";
import { MAX_DATAGRAM_BYTES, MAX_PEERS, RELAY_HEADER_BYTES } from "./limits.js";
import type { Address, Received, Transport } from "./transport.js";

/** First byte of a datagram that goes by way of a relay; then one byte each for who sends it and who gets it. */
export const RELAYED = 0x10;

const PREFIX = "relay:";

/** How a member of a relayed room is addressed: `relay:3`. */
export const relayAddress = (member: number): Address => `${PREFIX}${member}`;

/** The member that such an address names, or undefined for any other address. */
function memberOf(address: Address): number | undefined {
  const member = address.startsWith(PREFIX) ? Number(address.slice(PREFIX.length)) : -1;
  return relayAddress(member) === address && isMember(member) ? member : undefined;
}

const isMember = (member: number): boolean => Number.isInteger(member) && member >= 0 && member < MAX_PEERS;

/**
 * A transport by way of a relay: everybody in a room is reached through one address. The relay reads and changes
 * nothing of what is inside; what it does to datagrams, a bad network could have done as well.
 */
export class RelayTransport implements Transport {
  readonly mtu: number;
  readonly secure = false;
  readonly addresses: readonly Address[];
  readonly #inner: Transport;
  readonly #relay: Address;
  readonly #member: number;
  readonly #outgoing: Uint8Array = new Uint8Array(MAX_DATAGRAM_BYTES);

  /** `relay` is the relay's address on the inner transport, `member` this end's number in the room: 0 to 7. */
  constructor(inner: Transport, relay: Address, member: number) {
    invariant(isMember(member), "a room's members are 0 to 7");
    this.#inner = inner;
    this.#relay = relay;
    this.#member = member;
    this.mtu = Math.min(inner.mtu, MAX_DATAGRAM_BYTES) - RELAY_HEADER_BYTES;
    this.addresses = [relayAddress(member)];
  }

  send(to: Address, datagram: Uint8Array): void {
    const member = memberOf(to);
    if (member === undefined || datagram.length > this.mtu) return;
    const outgoing = this.#outgoing;
    outgoing[0] = RELAYED;
    outgoing[1] = this.#member;
    outgoing[2] = member;
    outgoing.set(datagram, RELAY_HEADER_BYTES);
    this.#inner.send(this.#relay, outgoing.subarray(0, RELAY_HEADER_BYTES + datagram.length));
  }

  *receive(): Iterable<Received> {
    for (const { from, datagram } of this.#inner.receive()) {
      const isOurs =
        from === this.#relay &&
        datagram.length >= RELAY_HEADER_BYTES &&
        datagram[0] === RELAYED &&
        datagram[1]! < MAX_PEERS &&
        datagram[2] === this.#member;
      if (isOurs) yield { from: relayAddress(datagram[1]!), datagram: datagram.subarray(RELAY_HEADER_BYTES) };
    }
  }

  close(): void {
    this.#inner.close();
  }
}

/** Why a relay did not pass a datagram on. */
export interface RelayRefusals {
  /** Not a relayed datagram, longer than any, or by a member that cannot be. */
  form: number;
  /** Sent as a member that another address is, or by an address that is another member. */
  impostor: number;
  /** To a member that has not been heard yet, or to its sender. */
  nobody: number;
}

/**
 * The relay itself, for one room of up to eight: passes datagrams on and decides nothing. Whoever sends as a member
 * first is that member, and no other. Each datagram in is at most one of the same length out.
 */
export class Relay {
  readonly refusals: RelayRefusals = { form: 0, impostor: 0, nobody: 0 };
  readonly #transport: Pick<Transport, "send">;
  readonly #members: (Address | undefined)[] = new Array<Address | undefined>(MAX_PEERS).fill(undefined);

  constructor(transport: Pick<Transport, "send">) {
    this.#transport = transport;
  }

  /** Passes one datagram on. */
  handle({ from, datagram }: Received): void {
    const sender = datagram[1]!;
    const isRelayed =
      datagram.length >= RELAY_HEADER_BYTES &&
      datagram.length <= MAX_DATAGRAM_BYTES &&
      datagram[0] === RELAYED;
    if (!isRelayed || !isMember(sender)) {
      this.refusals.form++;
      return;
    }
    if (!this.#members.includes(from)) this.#members[sender] ??= from;
    const to = datagram[2] === sender ? undefined : this.#members[datagram[2]!];
    if (this.#members[sender] !== from) this.refusals.impostor++;
    else if (to === undefined) this.refusals.nobody++;
    else this.#transport.send(to, datagram);
  }

  /** Forgets a member, so that its number can be taken by another address. */
  release(member: number): void {
    this.#members[member] = undefined;
  }
}
