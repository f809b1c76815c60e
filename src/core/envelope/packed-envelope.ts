import type { ChronosTick, Hash, KairosBranchId, Slot } from "../base/brand.js";
import { hashOfBytes } from "../base/text.js";
import type { EventContent } from "./content.js";
import type { Author, EventEnvelope } from "./event-envelope.js";

/** What hashes an envelope from its content. */
interface EnvelopeHasher {
  envelopeHashBytes(
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
  ): Uint8Array;
}

/**
 * An envelope that remembers the content it was made from: its hash is that of what was sent, whatever a handler
 * has done to the payload since.
 */
export class PackedEnvelope implements EventEnvelope {
  readonly id: number;
  readonly kind: string;
  readonly chronos: ChronosTick;
  readonly kairos: KairosBranchId;
  readonly author: Author;
  readonly slot: Slot;
  readonly payload: unknown;
  readonly #hasher: EnvelopeHasher;
  readonly #content: EventContent;
  #hash: Hash | undefined;

  constructor(
    hasher: EnvelopeHasher,
    content: EventContent,
    id: number,
    kind: string,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
    slot: Slot,
    payload: unknown,
  ) {
    this.#hasher = hasher;
    this.#content = content;
    this.id = id;
    this.kind = kind;
    this.chronos = chronos;
    this.kairos = kairos;
    this.author = author;
    this.slot = slot;
    this.payload = payload;
  }

  get envelopeHash(): Hash {
    this.#hash ??= hashOfBytes(
      this.#hasher.envelopeHashBytes(this.#content, this.id, this.chronos, this.kairos, this.author),
    );
    return this.#hash;
  }

  static contentOf(evt: EventEnvelope, hasher: EnvelopeHasher): EventContent | undefined {
    return #hasher in evt && evt.#hasher === hasher ? evt.#content : undefined;
  }
}

/** The content that a catalog made an envelope from, or undefined for an envelope that came from elsewhere. */
export const contentOf = (evt: EventEnvelope, hasher: EnvelopeHasher): EventContent | undefined =>
  PackedEnvelope.contentOf(evt, hasher);
