import type { ChronosTick } from "../base/brand.js";
import { hashOfBytes } from "../base/text.js";
import { arrangeTick, type TickRules } from "../bridge/order.js";
import type { FinalHistory } from "./final-history.js";
import type { FinalTickSink } from "./records.js";

/**
 * Most final ticks that wait until the other peers have confirmed that they had the same events. Past it a tick is
 * journaled unconfirmed: a peer that never reports must not hold the journal back for ever.
 */
export const UNCONFIRMED_TICKS = 128;

/** Hands final ticks to the journal once they are confirmed. */
export class Recorder {
  readonly #history: FinalHistory;
  readonly #rules: TickRules;
  readonly #journal: FinalTickSink | undefined;
  #written = -1;

  constructor(history: FinalHistory, rules: TickRules, journal: FinalTickSink | undefined) {
    this.#history = history;
    this.#rules = rules;
    this.#journal = journal;
  }

  /** Writes the final ticks up to `confirmedTick`, and those that have waited too long. */
  write(confirmedTick: number): void {
    if (this.#journal === undefined) return;
    const newest = this.#history.newestTick;
    const upTo = Math.min(newest, Math.max(confirmedTick, newest - UNCONFIRMED_TICKS));
    while (this.#written < upTo) {
      const record = this.#history.at(++this.#written)!;
      const chronos = record.tick as ChronosTick;
      // Arranged anew, since the game may have changed the payloads that it was given.
      const { entered, refused } = arrangeTick(this.#rules, chronos, record.contents);
      const node = hashOfBytes(record.node);
      this.#journal.tick({ chronos, events: entered, refusals: refused, node, stateHash: record.stateHash });
    }
  }

  /** Nothing more will be written; `agreed` where all peers know that this is the end. */
  close(agreed: boolean): void {
    if (agreed) this.#journal?.end();
  }
}
