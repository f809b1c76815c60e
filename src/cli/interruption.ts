import type { CliIo } from "./io.js";

/** Whether the user wants the command to end, by a signal or a key. */
export class Interruption {
  asked = false;
  readonly #release: () => void;

  constructor(io: CliIo) {
    this.#release = io.onInterrupt(this.ask);
  }

  readonly ask = (): void => {
    this.asked = true;
  };

  /** From now on signals do what they do by default. */
  release(): void {
    this.#release();
  }
}
