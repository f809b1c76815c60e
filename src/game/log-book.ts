import { type LogLine, type Logs, NO_LOGS } from "../core/session/simulation.js";
import { LOGS_PER_TICK } from "./limits.js";

/** Collects what one run of a tick logs, within a bound. */
export class LogBook {
  #lines: LogLine[] = [];
  #lost = 0;
  /** Lines of calls that failed: they stay when the tick runs again without these calls. */
  #kept = 0;
  #callAt = 0;

  /** Before a tick. What was handed out stays as it is. */
  clear(): void {
    if (this.#lines.length > 0) this.#lines = [];
    this.#lost = 0;
    this.#kept = 0;
    this.#callAt = 0;
  }

  /** Before each call into the game's code. */
  call(): void {
    this.#callAt = this.#lines.length;
  }

  /** Before the tick is run again, since the last call failed: what it said is worth most. */
  rerun(): void {
    const { length } = this.#lines;
    if (length === this.#kept) return;
    this.#lines = this.#lines.filter((_, index) => index < this.#kept || index >= this.#callAt);
    this.#kept = this.#lines.length;
    this.#callAt = this.#kept;
    this.#lost = 0;
  }

  add(where: string, text: string): void {
    if (this.#lines.length < LOGS_PER_TICK) this.#lines.push({ where, text });
    else this.#lost++;
  }

  get logs(): Logs {
    return this.#lines.length === 0 ? NO_LOGS : { lines: this.#lines, lost: this.#lost };
  }
}
