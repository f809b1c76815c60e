import type { Slot } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import type { FinalRecord } from "./final-history.js";

const HASH_BYTES = 32;
/** Ticks that one signature covers. */
export const SEGMENT_TICKS = 30;

/**
 * The chain over everything that one peer authored, a link for each segment of ticks:
 * head(k) = BLAKE3(domain, head(k−1), k, the hashes of the segment's events by tick, slot and id).
 * The match stands before the first, so that no head of one match is one of another, where nobody did anything either.
 * Its author signs each head, which makes what it sent evidence for others.
 */
export class AuthorChain {
  /** The last segment that is complete, from 0; −1 before. */
  segment = -1;
  head: Uint8Array;
  readonly #slots: readonly Slot[];
  readonly #writer = new ByteWriter(1024);

  /** `matchId` is the MatchId's 32 bytes; `slots` are the author's. */
  constructor(matchId: Uint8Array, slots: readonly Slot[]) {
    this.head = matchId;
    this.#slots = slots;
    this.#begin();
  }

  /** Adds the next final tick, with the hashes of all its events. True where it completed a segment. */
  add(record: FinalRecord, eventHashes: ByteWriter): boolean {
    for (const slot of this.#slots) {
      let before = 0;
      for (let other = 0; other < slot; other++) before += record.contents[other]!.events.length;
      const count = record.contents[slot]!.events.length;
      this.#writer.varint(count);
      this.#writer.copy(eventHashes.buffer, HASH_BYTES * before, HASH_BYTES * (before + count));
    }
    if (record.tick % SEGMENT_TICKS !== 0) return false;
    this.segment++;
    this.head = domainHash("author-chain", this.#writer.view());
    this.#begin();
    return true;
  }

  #begin(): void {
    this.#writer.reset();
    this.#writer.bytes(this.head);
    this.#writer.varint(this.segment + 1);
  }
}
