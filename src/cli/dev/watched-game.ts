import { createHash } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { wordsOf } from "../exit.js";
import { CHANGE_QUIET_MS } from "../limits.js";
import type { Reading } from "./description.js";
import { readGame } from "./read-game.js";

export interface Version {
  /** Differs wherever the reading does. */
  readonly version: string;
  readonly reading: Reading;
}

/** A game on the disk, read again whenever something near it changes. */
export class WatchedGame {
  readonly #path: string;
  readonly #changed: (version: Version) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #current: Version;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #isClosed = false;

  private constructor(path: string, reading: Reading, changed: (version: Version) => void) {
    this.#path = path;
    this.#changed = changed;
    this.#current = { version: versionOf(reading), reading };
    this.#watch(reading.folders);
  }

  /** Reads the game, and tells of each change from then on. Throws `CliError` 3 for what can be no game at all. */
  static async open(path: string, changed: (version: Version) => void): Promise<WatchedGame> {
    return new WatchedGame(path, await readGame(path), changed);
  }

  get current(): Version {
    return this.#current;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, () => this.#schedule());
        // A folder that goes away is noticed when the game is read.
        watcher.on("error", () => {});
        this.#watchers.set(folder, watcher);
      } catch {
        // What is not there cannot change.
      }
    }
  }

  /** Editors write in several steps: the game is read once they are through. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#read(), CHANGE_QUIET_MS);
  }

  async #read(): Promise<void> {
    if (this.#isReading) {
      this.#schedule();
      return;
    }
    this.#isReading = true;
    const before = this.#current.reading;
    const reading = await readGame(this.#path).catch(
      (error: unknown): Reading => ({ ...before, problem: { message: wordsOf(error) } }),
    );
    this.#isReading = false;
    if (this.#isClosed) return;
    // A game that cannot be read does not say where the rest of it is.
    this.#watch(
      reading.problem === undefined ? reading.folders : [...new Set([...before.folders, ...reading.folders])],
    );
    const version = versionOf(reading);
    if (version === this.#current.version) return;
    this.#current = { version, reading };
    this.#changed(this.#current);
  }
}

function versionOf({ loading, problem, files }: Reading): string {
  const hash = createHash("sha256").update(JSON.stringify([loading, problem]));
  for (const [path, bytes] of files) hash.update(`${path} ${bytes.length} `).update(bytes);
  return hash.digest("hex").slice(0, 16);
}
