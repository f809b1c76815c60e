import type { Logs } from "../core/session/simulation.js";
import type { CheckLog } from "../testing/check-runner.js";
import { oneLine } from "./exit.js";
import { TOLD_LOG_LINES } from "./limits.js";
import type { Progress } from "./progress.js";
import { count } from "./words.js";

/** What a game logs, told on stderr: the first lines, and of the rest how many there are and where they stand. */
export class LogLines implements CheckLog {
  readonly #progress: Progress;
  readonly #rest: string;
  /** Taken and not told yet. */
  #waiting: string[] = [];
  #taken = 0;
  #left = 0;

  /** @param rest what to do about the lines that are only counted */
  constructor(progress: Progress, rest: string) {
    this.#progress = progress;
    this.#rest = rest;
  }

  /** Forgets what was taken and not told yet. */
  begin(): void {
    this.#waiting = [];
    this.#taken = 0;
    this.#left = 0;
  }

  logged(chronos: number, { lines, lost }: Logs): void {
    for (const { where, text } of lines) {
      if (this.#taken++ < TOLD_LOG_LINES) this.#waiting.push(oneLine(`tick ${chronos}, ${where}: ${text}`));
      else this.#left++;
    }
    this.#left += lost;
  }

  /** Tells what came since the last time. */
  tell(): void {
    for (const line of this.#waiting.splice(0)) this.#progress.say(line);
  }

  /** Tells what is left to be told. */
  end(): void {
    this.tell();
    if (this.#left > 0) this.#progress.say(`… and ${count(this.#left, "more line")}; ${this.#rest}`);
    this.#left = 0;
  }
}

/** What to do about lines that are only counted, where a journal is written, and where none is. */
export const restWords = (folder: string | undefined): string =>
  folder === undefined ? "--journal DIR keeps them all" : `the traces in ${folder} hold them all`;
