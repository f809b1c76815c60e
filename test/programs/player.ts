import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";

/** One player at a program of their own: keys go in, a picture comes out. */
export class Player {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  output = "";
  errors = "";

  constructor(file: string, ...args: readonly string[]) {
    const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      for (const look of this.#waiting) look();
    });
    this.#child = child;
    this.ended = new Promise((resolve) => child.once("close", resolve));
  }

  press(key: string): void {
    this.#child.stdin!.write(key);
  }

  /** What the pattern's group is in anything that is printed, once it is. Rejects where the program ends before. */
  said(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.output)?.[1];
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      void this.ended.then(() => reject(new Error(`it ended without ${pattern}: ${this.errors}`)));
      look();
    });
  }
}
