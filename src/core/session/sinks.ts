import type { FinalTickSink, TraceSink } from "./records.js";
import type { Logs } from "./simulation.js";

/** Where a session writes to. None of it is the session's own. */
interface SinkOptions {
  readonly journal?: FinalTickSink;
  readonly trace?: TraceSink;
  readonly logged?: (chronos: number, logs: Logs) => void;
}

/**
 * What a session writes to, so that nothing which is thrown there can stop it in the middle of a tick. Whatever has
 * thrown gets nothing more, since what it holds has a hole; the error waits until somebody asks.
 */
export class Sinks {
  readonly journal: FinalTickSink | undefined;
  readonly trace: TraceSink | undefined;
  readonly logged: ((chronos: number, logs: Logs) => void) | undefined;
  /** What was thrown and not told yet: one error of each at most. */
  readonly #errors: unknown[] = [];

  constructor({ journal, trace, logged }: SinkOptions) {
    if (journal !== undefined) {
      const write = this.#untilItThrows();
      this.journal = {
        tick: (final) => write(() => journal.tick(final)),
        end: () => write(() => journal.end()),
      };
    }
    if (trace !== undefined) {
      const write = this.#untilItThrows();
      this.trace = { record: (type, fields) => write(() => trace.record(type, fields)) };
    }
    if (logged !== undefined) {
      const write = this.#untilItThrows();
      this.logged = (chronos, logs) => write(() => logged(chronos, logs));
    }
  }

  /** Throws what was thrown, each error once. */
  tell(): void {
    if (this.#errors.length > 0) throw this.#errors.shift();
  }

  #untilItThrows(): (action: () => void) => void {
    let hasThrown = false;
    return (action) => {
      if (hasThrown) return;
      try {
        action();
      } catch (error) {
        hasThrown = true;
        this.#errors.push(error);
      }
    };
  }
}
