import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** This package, wherever it was installed: its own frames lead nobody anywhere. */
const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const OWN = ["src", "dist", "node_modules"].map((folder) => packageRoot + folder + sep);

/** An error may be its own cause. */
const MOST_CAUSES = 8;
/** What Node puts before the stack where a module imports what there is not. */
const IMPORT = /^(file:\S+):(\d+)$/;
const FRAME = /^\s+at (?:.*\()?(\S.*?):(\d+):(\d+)\)?$/;

/** The line of the user's own code that an error comes from, ` (tag.ts:12:5)`; empty where none can be told. */
export function placeOf(error: unknown): string {
  for (const { stack } of causesOf(error)) {
    for (const line of String(stack).split("\n")) {
      const [, where, ...position] = FRAME.exec(line) ?? IMPORT.exec(line) ?? [];
      const path = where === undefined ? undefined : usersFile(where);
      if (path !== undefined) return ` (${[path, ...position].join(":")})`;
    }
  }
  return "";
}

/** An error with what caused it, the deepest first. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let one = error; one instanceof Error && causes.length < MOST_CAUSES; one = one.cause) {
    causes.unshift(one);
  }
  return causes;
}

/** The line at which JavaScript cannot be parsed, ` (tag.mjs:12)`: Node tells it nobody but a terminal. */
export function unparsedPlaceOf(path: string): string {
  const unparsed = unparsedIn([path]);
  return unparsed === undefined ? "" : ` (${path}:${unparsed.line})`;
}

/** Why a module in JavaScript cannot be parsed, and from which line on; undefined where it can. */
export const unparsedModule = (code: Uint8Array): Unparsed | undefined =>
  unparsedIn(["--input-type=module", "-"], code);

interface Unparsed {
  readonly line: number;
  readonly message: string;
}

function unparsedIn(args: readonly string[], input?: Uint8Array): Unparsed | undefined {
  const { stderr } = spawnSync(process.execPath, ["--check", ...args], {
    encoding: "utf8",
    ...(input && { input }),
  });
  const [, line] = /^.+:(\d+)\n/.exec(stderr) ?? [];
  const [, message = "it cannot be read"] = /^SyntaxError: (.+)$/m.exec(stderr) ?? [];
  return line === undefined ? undefined : { line: Number(line), message };
}

function usersFile(where: string): string | undefined {
  const path = where.startsWith("file:") ? pathOfUrl(where) : where;
  const isForeign =
    OWN.some((folder) => path.startsWith(folder)) || path.includes(`${sep}node_modules${sep}`);
  if (!isAbsolute(path) || isForeign || !existsSync(path)) return undefined;
  return nearPath(path);
}

/** A path as a person in this folder would write it. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/** The path of a file's address; empty where it is that of no file. */
function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return "";
  }
}
