import { realpathSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { isEchoNetError } from "../core/base/errors.js";
import { IMPORT_RULES } from "../wasm/abi.js";
import { MAX_MODULE_BYTES, MEMORY_CAP_PAGES } from "../wasm/limits.js";
import { loadWasmGame, type WasmGame } from "../wasm/load.js";
import type { ImportRule, PrepareOptions } from "../wasm/options.js";
import { type PreparedModule, type PrepareReport, prepare, TRANSFORM_VERSION } from "../wasm/prepare.js";
import { type ModuleRefusal, ModuleRefused } from "../wasm/refusal.js";
import { asCliError, CliError, type ExitCode, usage } from "./exit.js";
import { readInputFile, reasonOf } from "./files.js";
import type { CliIo } from "./io.js";
import { whyNoGame } from "./load-game.js";
import { type CommonOptions, importList, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { printable } from "./printable.js";
import { count } from "./words.js";

interface PrepareCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly imports?: readonly ImportRule[];
  readonly memoryPages: number;
}

export function addPrepare(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("prepare")
    .summary(
      "what is rewritten in a WebAssembly module so that it runs alike everywhere, or why it cannot be",
    )
    .description(
      "Rewrites a WebAssembly module so that it runs alike in every engine, within bounds of time, stack and memory, and says what was done. Games need no preparing by hand: every command prepares the .wasm that it is given. Exits with 3 for what cannot be read or is no WebAssembly, with 1 for a module that cannot be prepared or is no game, naming section, offset and reason.",
    )
    .argument("<module>", "a .wasm file")
    .option("-o, --output <file>", "writes the prepared module")
    .option(
      "--imports <names>",
      "for a module that is no game by itself, such as a library with its own JavaScript: what it may import, as module.name,module.name, or none",
      importList,
    )
    .option(
      "--memory-pages <n>",
      "pages of 64 KiB that its memory may grow to",
      wholeNumber(1, 65_000),
      MEMORY_CAP_PAGES,
    )
    .option("--json", "prints one JSON object: {ok, module, game, fingerprint, …, output}")
    .action(async (path: string, options: PrepareCommandOptions) => {
      const telling = { name: "prepare", json: options.json === true, failed: NOTHING };
      done(await tell(io, telling, () => prepareFile(path, options)));
    });
}

/** What `--json` says beside the error. */
const NOTHING = { ok: false, reason: null, section: null, offset: null };
/** Refusals of bytes that are no module at all. */
const NO_MODULE: readonly ModuleRefusal[] = ["malformed", "invalid"];

function prepareFile(path: string, options: PrepareCommandOptions): Outcome {
  const { imports, memoryPages, output } = options;
  const bytes = readInputFile(path, MAX_MODULE_BYTES);
  let prepared: PreparedModule;
  let game: WasmGame | undefined;
  try {
    const given: PrepareOptions = { imports: imports ?? IMPORT_RULES, memoryCapPages: memoryPages };
    prepared = prepare(bytes, given);
    if (imports === undefined) game = loadWasmGame(bytes, { memoryCapPages: memoryPages });
  } catch (error) {
    throw refusal(path, error);
  }
  if (output !== undefined) write(path, output, prepared.bytes);
  return outcomeOf(path, prepared.report, game, output);
}

function refusal(path: string, error: unknown): CliError {
  if (!(error instanceof ModuleRefused)) {
    const { exitCode, message } = asCliError(error);
    const why = isEchoNetError(error) ? whyNoGame(error) : message;
    // A whole module, of which something else is missing.
    return new CliError(exitCode === 3 ? 1 : exitCode, `${path} is no game: ${why}`, {
      reason: "no-game",
    });
  }
  const { reason, section, offset, hint } = error;
  const exitCode = NO_MODULE.includes(reason) ? 3 : 1;
  const words = exitCode === 3 ? "is no WebAssembly module" : `cannot be prepared (${reason})`;
  return new CliError(exitCode, `${path} ${words}: ${hint}`, { reason, section, offset });
}

function write(path: string, output: string, bytes: Uint8Array): void {
  if (isSameFile(path, output)) {
    throw usage(`--output names the module itself, ${output}: peers need it as it is; choose another name`);
  }
  try {
    writeFileSync(output, bytes);
  } catch (error) {
    throw new CliError(1, `${output} cannot be written: ${reasonOf(error, UNWRITABLE)}`);
  }
}

const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  EACCES: "writing it is not permitted",
  EPERM: "writing it is not permitted",
  ENOSPC: "the disk is full",
};

function isSameFile(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    return false;
  }
}

function outcomeOf(
  path: string,
  report: PrepareReport,
  game: WasmGame | undefined,
  output: string | undefined,
): Outcome {
  const { exports, fingerprint, ...numbers } = report;
  const json = {
    ok: true,
    module: path,
    game: game === undefined ? null : { name: game.name, version: game.version, tickHz: game.tickHz },
    // Of a game what peers compare, of any other module that of the preparation.
    fingerprint: game?.fingerprint ?? fingerprint,
    transformVersion: TRANSFORM_VERSION,
    ...numbers,
    exports: Object.fromEntries(exports),
    output: output ?? null,
  };
  return { exitCode: 0, json, words: wordsOf(path, report, game, output) };
}

const number = (value: number): string => value.toLocaleString("en-US");

function wordsOf(
  path: string,
  report: PrepareReport,
  game: WasmGame | undefined,
  output: string | undefined,
): string {
  const kinds = game?.catalog.kinds.map(({ name }) => name) ?? [];
  const what =
    game === undefined
      ? `${path} can be prepared.`
      : `${path} is the game ${game.name}, version ${game.version}: ${game.tickHz} ticks a second, ${count(kinds.length, "kind")} of events${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}.`;
  const { initialPages, capPages, mutableGlobals, globalBytes } = report;
  const rows: readonly (readonly [name: string, words: string])[] = [
    [
      "NaNs",
      `${count(report.canonicalSites, "instruction")} that may make one now make the same one everywhere; ${number(report.skippedSites)} more need nothing, since nobody sees theirs`,
    ],
    [
      "fuel",
      `counted at ${count(report.charges, "place")}: where functions begin, loops repeat, paths are long`,
    ],
    [
      "depth",
      `counted in ${number(report.deepFunctions)} of ${count(report.functions, "function")}; calls trap at about ${number(report.stackBytes)} bytes of stack`,
    ],
    [
      "memory",
      `${count(initialPages, "page")} of 64 KiB, at most ${number(capPages)}; ${count(report.guardedStores, "store")} trap above the present size`,
    ],
    ["globals", `${number(mutableGlobals)} can change: ${count(globalBytes, "byte")} of every saved state`],
    ["imports", report.imports.length === 0 ? "none" : report.imports.join(", ")],
    ["exports", [...report.exports].map(([name, type]) => `${name} ${type}`).join(", ") || "none"],
    ["refused", "nothing: it has no feature that could run differently somewhere"],
    ["size", `${number(report.inputBytes)} bytes, prepared ${number(report.outputBytes)}`],
    ["known by", game?.fingerprint ?? report.fingerprint],
  ];
  const lines = rows.map(([name, words]) => printable(`  ${name.padEnd(9)} ${words}`));
  const end =
    output === undefined
      ? "Nothing was written: --output FILE keeps the prepared module."
      : `Written to ${output}. Games are still given as they are: every command prepares them by itself.`;
  return [what, ...lines, end].join("\n");
}
