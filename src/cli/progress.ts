import type { TextOut } from "./io.js";
import { printable } from "./printable.js";

/** How often a line that is written over changes, and how often a new line is written where that cannot be. */
const TERMINAL_MS = 100;
const LINES_MS = 5_000;

/**
 * What is going on, told on stderr while it goes on: one line that is written over in a terminal, a plain line
 * every few seconds elsewhere if there is something new, and nothing where a program reads along.
 */
export class Progress {
  readonly #out: TextOut;
  readonly #isTerminal: boolean;
  readonly #isQuiet: boolean;
  #toldMs = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  #told: string | undefined;

  constructor(out: TextOut, json: boolean) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true;
    this.#isQuiet = json && !this.#isTerminal;
    if (!this.#isTerminal) this.#toldMs = performance.now();
  }

  /** Where things stand; `text` is asked for only when it is time to tell. */
  show(text: () => string): void {
    if (this.#isQuiet) return;
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < (this.#isTerminal ? TERMINAL_MS : LINES_MS)) return;
    this.#toldMs = nowMs;
    const now = printable(text());
    if (this.#isTerminal) {
      const columns = this.#out.columns ?? 80;
      this.#out.write(`\r\x1b[K${now.slice(0, columns - 1)}`);
      this.#isOpen = true;
    } else if (now !== this.#told) {
      this.#out.write(`${now}\n`);
    }
    this.#told = now;
  }

  /** Something that happens once, as a line of its own. */
  say(text: string): void {
    if (this.#isQuiet) return;
    this.end();
    this.#out.write(`${printable(text)}\n`);
  }

  /** Clears the line that is written over. */
  end(): void {
    if (this.#isOpen) this.#out.write("\r\x1b[K");
    this.#isOpen = false;
  }
}
