import type { Output } from "./outputs.js";
import type { SessionTrace } from "./session-trace.js";

/** What an update without outputs returns, every time: nobody may add to it. */
const NO_OUTPUTS: readonly Output[] = Object.freeze([]);

/** What happened, in order, until an update hands it out. The trace is told at once. */
export class OutputQueue {
  /** Counts of what was put out, since the session's start. */
  rollbacks = 0;
  deepestRollbackTicks = 0;
  refused = 0;
  faults = 0;
  readonly #trace: SessionTrace | undefined;
  /** Undefined while there are none. */
  #outputs: Output[] | undefined;

  constructor(trace: SessionTrace | undefined) {
    this.#trace = trace;
  }

  readonly emit = (output: Output): void => {
    // Most updates have one output: an array that is pushed to has room for many.
    if (this.#outputs === undefined) this.#outputs = [output];
    else this.#outputs.push(output);
    this.#count(output);
    this.#trace?.output(output);
  };

  /** All since the last call. */
  take(): readonly Output[] {
    const outputs = this.#outputs;
    this.#outputs = undefined;
    return outputs ?? NO_OUTPUTS;
  }

  #count(output: Output): void {
    if (output.type === "refused") this.refused++;
    else if (output.type === "fault") this.faults++;
    else if (output.type === "rollback") {
      this.rollbacks++;
      this.deepestRollbackTicks = Math.max(this.deepestRollbackTicks, output.depthTicks);
    }
  }
}
