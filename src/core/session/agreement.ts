import { asSlot, type ChronosTick, type Slot } from "../base/brand.js";
import { copyBytes, equalBytes } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { fromHex, toHex } from "../base/text.js";
import { slotEventHashes, type TickRules } from "../bridge/order.js";
import { INPUT_PREFIX_BYTES, type Ledger, NODE_PREFIX_BYTES, STATE_PREFIX_BYTES } from "../wire/frame.js";
import { ledgerEntryBytes, maxLedgerEntries } from "../wire/sections.js";
import type { FinalHistory, FinalRecord } from "./final-history.js";

/** Reports that wait until their tick is final here too; a power of two. */
const WAITING_REPORTS = 64;

/** What two peers found once they compared tick by tick. */
export type Finding =
  | { readonly type: "inputs"; readonly chronos: ChronosTick; readonly slot: Slot }
  | {
      readonly type: "state";
      readonly chronos: ChronosTick;
      readonly local: string;
      readonly remote: string;
    };

/**
 * Compares our final history with one other peer's. Each datagram reports the newest final tick's NodeId, which
 * stands for everything before it; only when two differ are ledgers exchanged, tick by tick, which tell
 * "we had other inputs" from "we computed something else".
 */
export class LinkAgreement {
  /** The highest tick up to which both histories are known to be equal. */
  agreedTick = 0;
  /** The highest tick that they are known to differ at, while it is not known where they part. */
  disputedTick: number | undefined;
  finding: Finding | undefined;
  readonly #history: FinalHistory;
  readonly #rules: TickRules;
  readonly #waitingTicks = new Int32Array(WAITING_REPORTS).fill(-1);
  readonly #waitingNodes = new Uint8Array(WAITING_REPORTS * NODE_PREFIX_BYTES);
  /** What the ledger before said, since one ledger alone decides nothing. */
  #suspicion: string | undefined;

  constructor(history: FinalHistory, rules: TickRules) {
    this.#history = history;
    this.#rules = rules;
  }

  /** The other peer's NodeId of a tick that is final there. */
  reported(tick: number, node: Uint8Array): void {
    if (this.finding !== undefined || tick <= this.agreedTick) return;
    if (tick > this.#history.newestTick) {
      const place = tick % WAITING_REPORTS;
      this.#waitingTicks[place] = tick;
      copyBytes(node, 0, NODE_PREFIX_BYTES, this.#waitingNodes, place * NODE_PREFIX_BYTES);
      return;
    }
    const record = this.#history.at(tick);
    if (record !== undefined) this.#compare(record, node, 0);
  }

  /** A tick became final here. */
  finalized(record: FinalRecord): void {
    const place = record.tick % WAITING_REPORTS;
    if (this.#waitingTicks[place] !== record.tick || this.finding !== undefined) return;
    this.#waitingTicks[place] = -1;
    this.#compare(record, this.#waitingNodes, place * NODE_PREFIX_BYTES);
  }

  /** The beginning of the other peer's NodeId stands at `at`. */
  #compare(record: FinalRecord, nodes: Uint8Array, at: number): void {
    let equal = true;
    for (let i = 0; i < NODE_PREFIX_BYTES; i++) equal &&= record.node[i] === nodes[at + i];
    if (equal) {
      // A NodeId covers all that came before: being equal now, a difference seen earlier was damage on the way.
      this.agreedTick = Math.max(this.agreedTick, record.tick);
      if (this.disputedTick !== undefined && this.disputedTick <= record.tick) this.disputedTick = undefined;
    } else {
      this.disputedTick ??= record.tick;
    }
  }

  /** The ticks to lay open while a dispute is open: from the first that is not agreed. */
  ledger(): Ledger | undefined {
    const fromTick = this.agreedTick + 1;
    const entryBytes = this.#entryBytes;
    const maxCount = maxLedgerEntries(this.#history.slotCount);
    const entries = new Uint8Array(maxCount * entryBytes);
    let count = 0;
    for (; count < maxCount; count++) {
      const record = this.#history.at(fromTick + count);
      if (record === undefined) break;
      entries.set(this.#entry(record), count * entryBytes);
    }
    return count === 0 ? undefined : { fromTick, count, entries: entries.subarray(0, count * entryBytes) };
  }

  /**
   * The other peer's ledger. Two that say the same decide, so that one damaged or forged on the way does not. Who is
   * behind knows of a dispute by it alone, since the other reports ticks that are not final here.
   */
  received(ledger: Ledger): void {
    if (this.finding !== undefined) return;
    this.disputedTick ??= this.#history.newestTick;
    // They have found our histories equal up to there; without that, two that got unlike reports never meet.
    const agreedThere = Math.min(ledger.fromTick - 1, this.#history.newestTick);
    this.agreedTick = Math.max(this.agreedTick, agreedThere);
    const entryBytes = this.#entryBytes;
    for (let i = 0; i < ledger.count; i++) {
      const record = this.#history.at(ledger.fromTick + i);
      if (record === undefined || record.tick <= this.agreedTick) continue;
      const theirs = ledger.entries.subarray(i * entryBytes, (i + 1) * entryBytes);
      const finding = this.#difference(record, theirs);
      if (finding === undefined) {
        if (record.tick === this.agreedTick + 1) this.agreedTick = record.tick;
        continue;
      }
      const saying = `${finding.chronos} ${toHex(theirs)}`;
      if (this.#suspicion === saying) this.finding = finding;
      this.#suspicion = saying;
      return;
    }
  }

  #difference(record: FinalRecord, theirs: Uint8Array): Finding | undefined {
    const chronos = record.tick as ChronosTick;
    const ours = this.#entry(record);
    const slots = this.#history.slotCount;
    for (let slot = 0; slot < slots; slot++) {
      const start = slot * INPUT_PREFIX_BYTES;
      const end = start + INPUT_PREFIX_BYTES;
      if (!equalBytes(ours.subarray(start, end), theirs.subarray(start, end))) {
        return { type: "inputs", chronos, slot: asSlot(slot) };
      }
    }
    const local = toHex(ours.subarray(slots * INPUT_PREFIX_BYTES));
    const remote = toHex(theirs.subarray(slots * INPUT_PREFIX_BYTES));
    return local === remote ? undefined : { type: "state", chronos, local, remote };
  }

  get #entryBytes(): number {
    return ledgerEntryBytes(this.#history.slotCount);
  }

  /** Kept, since many ledgers may ask for the same few ticks. */
  #entry(record: FinalRecord): Uint8Array {
    record.ledgerEntry ??= this.#makeEntry(record);
    return record.ledgerEntry;
  }

  /** A tick as the ledger lays it open: what each slot sent, and what came of it (zero where it was not hashed). */
  #makeEntry(record: FinalRecord): Uint8Array {
    const entry = new Uint8Array(this.#entryBytes);
    record.contents.forEach((content, slot) => {
      const hashes = slotEventHashes(this.#rules, record.tick as ChronosTick, asSlot(slot), content);
      entry.set(domainHash("ledger", ...hashes).subarray(0, INPUT_PREFIX_BYTES), slot * INPUT_PREFIX_BYTES);
    });
    if (record.stateHash !== undefined) {
      const state = fromHex(record.stateHash.slice(0, 2 * STATE_PREFIX_BYTES))!;
      entry.set(state, record.contents.length * INPUT_PREFIX_BYTES);
    }
    return entry;
  }
}
