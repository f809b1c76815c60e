import { Budget } from "../transports/budget.js";
import {
  DATAGRAM_COST_BYTES,
  FLOOD_FACTOR,
  RELAY_BYTES_AT_ONCE,
  RELAY_BYTES_PER_SECOND,
  TEXT_BYTES_AT_ONCE,
  TEXT_BYTES_PER_SECOND,
  TEXTS_AT_ONCE,
  TEXTS_PER_SECOND,
} from "./limits.js";

/** The text messages that one connection may send. */
export class TextAllowance {
  readonly #texts: Budget;
  readonly #bytes: Budget;

  constructor(nowMs: number) {
    this.#texts = new Budget(TEXTS_PER_SECOND, TEXTS_AT_ONCE, nowMs);
    this.#bytes = new Budget(TEXT_BYTES_PER_SECOND, TEXT_BYTES_AT_ONCE, nowMs);
  }

  /** Whether one more, of so many bytes, may be taken. */
  spend(bytes: number, nowMs: number): boolean {
    return this.#texts.spend(1, nowMs) && this.#bytes.spend(bytes, nowMs);
  }
}

/** What to do with a datagram: datagrams may be lost, but nobody may send without end. */
export type RelayVerdict = "pass" | "drop" | "flood";

/** The datagrams that one connection may have relayed, or with a factor all connections of one address. */
export class RelayAllowance {
  readonly #passed: Budget;
  readonly #taken: Budget;

  constructor(factor: number, nowMs: number) {
    const [perSecond, atOnce] = [factor * RELAY_BYTES_PER_SECOND, factor * RELAY_BYTES_AT_ONCE];
    this.#passed = new Budget(perSecond, atOnce, nowMs);
    this.#taken = new Budget(FLOOD_FACTOR * perSecond, FLOOD_FACTOR * atOnce, nowMs);
  }

  spend(bytes: number, nowMs: number): RelayVerdict {
    const cost = bytes + DATAGRAM_COST_BYTES;
    if (!this.#taken.spend(cost, nowMs)) return "flood";
    return this.#passed.spend(cost, nowMs) ? "pass" : "drop";
  }

  /** Whether nothing of it is used. */
  isFull(nowMs: number): boolean {
    return this.#passed.isFull(nowMs) && this.#taken.isFull(nowMs);
  }
}
