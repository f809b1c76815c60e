import { Budget } from "../transports/budget.js";
import { RelayAllowance } from "./allowance.js";
import { ADDRESS_FACTOR, MAX_ADDRESSES, REQUEST_SECONDS_AT_ONCE } from "./limits.js";

/** What all connections of one address share. */
export interface AddressShare {
  readonly address: string;
  /** Requests, and words of those who are in no room. */
  readonly requests: Budget;
  readonly relay: RelayAllowance;
  /** Its WebSockets that are open. */
  connections: number;
  /** Of those, the ones that sit in rooms. */
  members: number;
}

/**
 * Remembers addresses while they have WebSockets, and after that until what they may spend has filled up again, or
 * there are too many.
 */
export class Addresses {
  readonly #requestsPerSecond: number;
  readonly #shares = new Map<string, AddressShare>();

  constructor(requestsPerSecond: number) {
    this.#requestsPerSecond = requestsPerSecond;
  }

  get size(): number {
    return this.#shares.size;
  }

  share(address: string, nowMs: number): AddressShare {
    let share = this.#shares.get(address);
    if (share === undefined) {
      if (this.#shares.size >= MAX_ADDRESSES) this.#forget(() => true);
      const perSecond = this.#requestsPerSecond;
      share = {
        address,
        requests: new Budget(perSecond, perSecond * REQUEST_SECONDS_AT_ONCE, nowMs),
        relay: new RelayAllowance(ADDRESS_FACTOR, nowMs),
        connections: 0,
        members: 0,
      };
      this.#shares.set(address, share);
    }
    return share;
  }

  /** Forgets those without connections that have spent nothing. */
  sweep(nowMs: number): void {
    this.#forget(({ requests, relay }) => requests.isFull(nowMs) && relay.isFull(nowMs));
  }

  /** Forgets those of them that have no connection. */
  #forget(which: (share: AddressShare) => boolean): void {
    for (const [address, share] of this.#shares) {
      if (share.connections === 0 && which(share)) this.#shares.delete(address);
    }
  }
}

/**
 * The address that limits count by: IPv4 whole, also where a socket of IPv6 wrote it; of IPv6 the 64 bits that one
 * subscriber gets.
 */
export function countedAddress(remote: string | undefined): string {
  if (remote === undefined) return "unknown";
  const four = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(remote)?.[1];
  if (four !== undefined) return four;
  const [before = "", after] = remote.replace(/%.*$/, "").toLowerCase().split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(zeros).fill("0"), ...tail];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
