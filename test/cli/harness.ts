import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import type { CliIo, TextOut } from "../../src/cli/io.js";
import { run } from "../../src/cli/program.js";
import { root } from "../tidy/modules.js";

export const counter = `${root}test/cli/games/counter.ts`;
export const splash = `${root}examples/splash/game.ts`;
export const orbits = `${root}examples/orbits/game.ts`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the file's tests. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "echo-net-test-"));
  folders.push(folder);
  return folder;
}

/** How one command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` said; fails where stdout is anything but one JSON object on a line. */
export function jsonOf({ stdout }: Ended): any {
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`stdout is not one JSON object: ${JSON.stringify(stdout)}`);
  return JSON.parse(stdout);
}

/** A command on its way in this process, its stderr or stdout at a terminal of 100 × 30 characters where asked for. */
export class Running implements CliIo {
  #out = "";
  #err = "";
  #interrupt: (() => void) | undefined;
  #key: ((key: string) => void) | undefined;
  readonly stdout: TextOut;
  readonly stderr: TextOut;
  readonly ended: Promise<Ended>;

  constructor(
    argv: readonly string[],
    { terminal = false }: { readonly terminal?: boolean | "stdout" } = {},
  ) {
    const size = { isTTY: true, columns: 100, rows: 30 };
    this.stdout = { write: (text) => (this.#out += text), ...(terminal === "stdout" ? size : {}) };
    this.stderr = { write: (text) => (this.#err += text), ...(terminal === true ? size : {}) };
    this.ended = run(argv, this).then((code) => ({ code, stdout: this.#out, stderr: this.#err }));
  }

  get output(): string {
    return this.#out;
  }

  get errors(): string {
    return this.#err;
  }

  onInterrupt(callback: () => void): () => void {
    this.#interrupt = callback;
    return () => {
      this.#interrupt = undefined;
    };
  }

  onKey(callback: (key: string) => void): () => void {
    this.#key = callback;
    return () => {
      this.#key = undefined;
    };
  }

  /** What ctrl-c does. */
  interrupt(): void {
    this.#interrupt?.();
  }

  /** Presses a key. */
  press(key: string): void {
    this.#key?.(key);
  }
}

/** Runs a command in this process, from the sources. */
export const here = (...argv: string[]): Promise<Ended> => new Running(argv).ended;

export const program = `${root}dist/cli/main.js`;

/** Runs the built program, or another one, to its end. */
export function there(
  args: readonly string[],
  command: readonly string[] = [process.execPath, program],
): Ended {
  if (!existsSync(program)) throw new Error("the program is not built: npm run build");
  const [file, ...before] = command;
  const { status, stdout, stderr } = spawnSync(file!, [...before, ...args], { cwd: root, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** The built program on its way. */
export class Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #out = "";
  #err = "";

  constructor(args: readonly string[], main: string = program) {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#err += text));
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => resolve({ code, stdout: this.#out, stderr: this.#err }));
    });
  }

  get output(): string {
    return this.#out;
  }

  get errors(): string {
    return this.#err;
  }
}

/** Waits until something is there; fails with what was said where the command ends before that. */
export async function until<Found>(
  what: { readonly ended: Promise<Ended> },
  find: () => Found | undefined,
): Promise<Found> {
  let ended: Ended | undefined;
  void what.ended.then((result) => {
    ended = result;
  });
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (ended !== undefined) throw new Error(`it ended before that: ${JSON.stringify(ended)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The invite that a host with `--json` printed, alone on a line of stderr. */
export const inviteOf = (host: {
  readonly ended: Promise<Ended>;
  readonly errors: string;
}): Promise<string> => until(host, () => /^(echo-net:\S+)$/m.exec(host.errors)?.[1]);
