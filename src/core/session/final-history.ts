import { asSlot, type ChronosTick, type Hash, type Slot } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { type TickRules, writeSlotEventHashes } from "../bridge/order.js";
import { TickContent } from "../envelope/content.js";
import { hashesState, NODE_ID_BYTES, nodeIdInto } from "../envelope/node-id.js";

/** Final ticks whose hashes and events are remembered; a power of two. */
export const HISTORY_TICKS = 256;

/** A tick that can no longer change, as this peer computed it. */
export interface FinalRecord {
  tick: number;
  /** Overwritten when the record is used again, `HISTORY_TICKS` later. */
  readonly node: Uint8Array;
  stateHash: Hash | undefined;
  /** By slot. */
  readonly contents: TickContent[];
  /** How a ledger lays the tick open, once that was asked. */
  ledgerEntry: Uint8Array | undefined;
}

/** The last final ticks: what agreement compares and the journal writes. */
export class FinalHistory {
  readonly #rules: TickRules;
  readonly #hashEveryTicks: number;
  readonly #records: FinalRecord[];
  readonly slotCount: number;
  #newest = -1;
  /** State hashes computed. */
  hashes = 0;
  /** The hashes of the newest tick's events, one after the other, by slot and id. */
  readonly eventHashes: ByteWriter = new ByteWriter(1024);

  constructor(rules: TickRules, hashEveryTicks: number, slotCount: number) {
    this.#rules = rules;
    this.slotCount = slotCount;
    this.#hashEveryTicks = hashEveryTicks;
    this.#records = Array.from({ length: HISTORY_TICKS }, () => ({
      tick: -1,
      node: new Uint8Array(NODE_ID_BYTES),
      stateHash: undefined,
      contents: new Array<TickContent>(slotCount).fill(TickContent.empty),
      ledgerEntry: undefined,
    }));
  }

  get newestTick(): number {
    return this.#newest;
  }

  get newest(): FinalRecord {
    return this.at(this.#newest)!;
  }

  at(tick: number): FinalRecord | undefined {
    const record = this.#records[tick % HISTORY_TICKS];
    return record?.tick === tick ? record : undefined;
  }

  /** Adds the next final tick. `stateHash` is asked only where the hash interval wants one. */
  add(contentOf: (slot: Slot) => TickContent, stateHash: () => Hash): FinalRecord {
    const tick = this.#newest + 1;
    const record = this.#records[tick % HISTORY_TICKS]!;
    const previous = tick === 0 ? undefined : this.at(tick - 1);
    invariant(tick === 0 || previous !== undefined, "final ticks follow one another");
    this.eventHashes.reset();
    for (let index = 0; index < record.contents.length; index++) {
      const slot = asSlot(index);
      const content = contentOf(slot);
      record.contents[index] = content;
      writeSlotEventHashes(this.eventHashes, this.#rules, tick as ChronosTick, slot, content);
    }
    record.stateHash = undefined;
    record.ledgerEntry = undefined;
    if (hashesState(tick, this.#hashEveryTicks)) {
      record.stateHash = stateHash();
      this.hashes++;
    }
    nodeIdInto(record.node, previous?.node, tick, this.eventHashes, record.stateHash);
    record.tick = tick;
    this.#newest = tick;
    return record;
  }
}
