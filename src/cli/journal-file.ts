import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LineSink } from "../core/journal/sink.js";
import { CliError } from "./exit.js";
import { reasonOf } from "./files.js";
import { JOURNAL_BUFFER_UNITS, JOURNAL_FLUSH_MS } from "./limits.js";

const NEWLINE = 0x0a;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; make room, or choose another folder",
  EDQUOT: "the disk's quota is used up; make room, or choose another folder",
  EFBIG: "the file may not grow further; choose another folder",
  EACCES: "writing there is not permitted; choose another folder",
  EPERM: "writing there is not permitted; choose another folder",
  EROFS: "the disk is read-only; choose another folder",
  EEXIST: "there is a file of that name; choose another folder",
  ENOTDIR: "a part of its path is a file; choose another folder",
  EISDIR: "there is a folder of that name; choose another one",
};

const unwritable = (path: string, error: unknown): CliError =>
  new CliError(1, `${path} cannot be written: ${reasonOf(error, REASONS)}`);

/**
 * A file of lines. Writing never throws: what goes wrong is kept in `failure`, the file is cut back to its last
 * whole line and closed, and what comes later is dropped.
 */
export class JournalFile implements LineSink {
  readonly path: string;
  failure: CliError | undefined;
  #file: number | undefined;
  #waiting = "";
  #writtenBytes = 0;

  /** Makes the file, or empties it. Throws `CliError` 1. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#file = openSync(path, "w");
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  line(text: string): void {
    if (this.#file === undefined) return;
    this.#waiting += `${text}\n`;
    if (this.#waiting.length >= JOURNAL_BUFFER_UNITS) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#file === undefined || this.#waiting === "") return;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    let at = 0;
    try {
      while (at < bytes.length) at += writeSync(this.#file, bytes, at);
      this.#writtenBytes += bytes.length;
    } catch (error) {
      this.failure = unwritable(this.path, error);
      this.#writtenBytes += bytes.subarray(0, at).lastIndexOf(NEWLINE) + 1;
      this.#cutBack(this.#file);
      this.close();
    }
  }

  /** Leaves whole lines behind, where that can be. */
  #cutBack(file: number): void {
    try {
      ftruncateSync(file, this.#writtenBytes);
    } catch {
      // What cannot be cut is no file on a disk; a torn last line is dropped by every reader.
    }
  }

  close(): void {
    this.flush();
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    try {
      closeSync(file);
    } catch (error) {
      this.failure ??= unwritable(this.path, error);
    }
  }
}

/** Folder by folder: some systems let Node's own recursion try forever where nothing can be made, as in /proc. */
function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  if (!existsSync(path) || !statSync(path).isDirectory()) mkdirSync(path);
}

/** The folder of a match's journals and traces: `peer<slot>.jsonl`, `peer<slot>.trace.jsonl`. */
export class JournalFolder {
  readonly path: string;
  readonly #files: JournalFile[] = [];
  #flushedMs = 0;

  /** Makes the folder where it is missing. Throws `CliError` 1. */
  constructor(path: string) {
    this.path = path;
    try {
      makeFolder(path);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** Throws `CliError` 1. */
  journal(slot: number): JournalFile {
    return this.#open(`peer${slot}.jsonl`);
  }

  /** Throws `CliError` 1. */
  trace(slot: number): JournalFile {
    return this.#open(`peer${slot}.trace.jsonl`);
  }

  #open(name: string): JournalFile {
    const file = new JournalFile(join(this.path, name));
    this.#files.push(file);
    return file;
  }

  /** The paths of the journals, without the traces. */
  get journals(): readonly string[] {
    return this.#files
      .map((file) => file.path)
      .filter((path) => !path.endsWith(".trace.jsonl"))
      .sort();
  }

  /** The first thing that went wrong. */
  get failure(): CliError | undefined {
    return this.#files.find((file) => file.failure !== undefined)?.failure;
  }

  /** Writes what has waited long enough. */
  flushNow(nowMs: number): void {
    if (nowMs - this.#flushedMs < JOURNAL_FLUSH_MS) return;
    this.#flushedMs = nowMs;
    for (const file of this.#files) file.flush();
  }

  /** Writes everything and closes. */
  close(): void {
    for (const file of this.#files) file.close();
  }
}
