/** Where a command writes. */
export interface TextOut {
  write(text: string): unknown;
  /** True where a person watches. */
  readonly isTTY?: boolean | undefined;
  /** Characters a line, and lines, of that person's terminal. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** What a command sees of the world around it, beside files and sockets. */
export interface CliIo {
  readonly stdout: TextOut;
  readonly stderr: TextOut;
  /** Calls back when the user wants the command to end; gives what stops that. */
  onInterrupt(callback: () => void): () => void;
  /** Calls back for each key; gives what stops that. Undefined where nobody sits at a keyboard. */
  readonly onKey?: ((callback: (key: string) => void) => () => void) | undefined;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The process that this is. */
export function processIo(): CliIo {
  const { stdin, stdout, stderr } = process;
  return {
    stdout,
    stderr,
    onInterrupt(callback) {
      let asked = false;
      const listener = (): void => {
        // Who asks twice does not want to wait.
        if (asked) process.exit(130);
        asked = true;
        callback();
      };
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    onKey:
      stdin.isTTY !== true
        ? undefined
        : (callback) => {
            const listener = (bytes: Buffer): void => callback(bytes.toString("latin1"));
            stdin.setRawMode(true).on("data", listener).resume();
            return () => {
              stdin.setRawMode(false).off("data", listener).pause();
            };
          },
  };
}
