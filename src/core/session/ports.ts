import type { ChronosTick, Slot } from "../base/brand.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { LinkStats } from "./link.js";

/** What the engine sees of the network: events go in, events come out, and a clock counted in ticks. */
export interface NetworkingPort {
  readonly mode: "p2p" | "client-server";
  /**
   * Sends an event of a local slot. Its tick is sealed by a later `send` for a later tick, or by `seal`. Throws
   * `EchoNetError` INPUT_INVALID, and changes nothing, for a tick that is sealed or full, another's slot, and an id
   * that is not the next.
   */
  send(evt: EventEnvelope): void;
  /** Events of other peers that are complete up to their tick, in order, each exactly once. */
  receive(): EventEnvelope[];
  /** The highest tick that everyone has sealed. */
  syncClock(): ChronosTick;
}

/** What implements it. Lockstep and rollback need to know that silence is complete. */
export interface ReplicatorPort extends NetworkingPort {
  /** "These are all my events for ticks up to `upTo`." */
  seal(upTo: ChronosTick): void;
  sealedBy(slot: Slot): ChronosTick;
  links(): readonly LinkStats[];
}
