import type { ChronosTick, Hash, KairosBranchId, Slot } from "../base/brand.js";

/** Who authored an event: a player's slot, or the simulation itself for a derived event. */
export type Author = Slot | "simulation";

/**
 * The only thing that is replicated. Its canonical bytes are the canonical CBOR of exactly
 * `{id, kind, chronos, kairos, author, payload}`; `slot` and `envelopeHash` follow from those.
 */
export interface EventEnvelope<Kind extends string = string, Payload = any> {
  /** Number of the event within its author and tick, from 0. */
  readonly id: number;
  readonly kind: Kind;
  /** The tick that the event belongs to. */
  readonly chronos: ChronosTick;
  readonly kairos: KairosBranchId;
  readonly author: Author;
  /** The emitting player's slot; for a derived event, that of the entity that emitted it. */
  readonly slot: Slot;
  readonly payload: Payload;
  /** BLAKE3-256 over the canonical bytes, computed when first read. */
  readonly envelopeHash: Hash;
}

/** What a game asks to have sent: a kind and its payload. Tick, branch, author and number are the engine's. */
export interface EmitRequest {
  readonly kind: string;
  readonly payload: unknown;
  /** Where in the game's own code that is, where it can be told: for the words of a refusal alone. */
  readonly place?: string | undefined;
}
