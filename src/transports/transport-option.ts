import type { EchoNetError } from "../core/base/errors.js";
import type { Address, Transport } from "../core/wire/transport.js";
import type { Finding } from "./findings.js";

/** What is known of a match before its transport is open. */
export interface MatchWishes {
  /** Ends the wait; `open` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many players the match is for. */
  readonly players?: number | undefined;
  /** A word that ends of the same game share: up to 128 printable characters without a space. */
  readonly game?: string | undefined;
}

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
  open(wishes?: MatchWishes): Promise<Transport>;
  /** Where the transport has a way of its own to tell others: takes the host's invite. */
  announce?(invite: string): void;
  /** Told by the host once all players are there: nobody else need be let in. */
  begun?(): void;
  /** Whether something that an open transport sends there may arrive, now or later. */
  mayReach?(address: Address): boolean;
  /** Of an open transport that joined: why its host can be reached no more, where that is certain. */
  hostGone?(): EchoNetError | undefined;
  /** Told when this end begins to leave: what it sends from then on may be the last that its program does. */
  leaving?(): void;
  /** Why this end reaches nobody, or not everybody; empty where nothing is wrong. */
  diagnose?(): readonly Finding[];
}
