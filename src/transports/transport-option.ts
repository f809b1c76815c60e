import type { Transport } from "../core/wire/transport.js";

/**
 * How a match is reached, before anything is open: what `udp(…)`, `memory(…)` and their kin hand to `joinMatch`.
 * `role` and `invite` are settled once `open()` has resolved, not before.
 */
export interface TransportOption {
  /** Whether this end opens the match to others, or goes to one that is open. */
  readonly role: "host" | "join";
  /** What a joining end was invited with. */
  readonly invite?: string | undefined;
  /**
   * Opens the transport, which then is the caller's to close. Rejects with `EchoNetError` NO_ROUTE where an address
   * or port cannot be used.
   */
  open(): Promise<Transport>;
  /** Where the transport has a way of its own to tell others: takes the host's invite. */
  announce?(invite: string): void;
}
