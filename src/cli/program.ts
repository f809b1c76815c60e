import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addCheck } from "./check.js";
import { addDev } from "./dev.js";
import { addDiff } from "./diff.js";
import { type ExitCode, oneLine } from "./exit.js";
import { addHost } from "./host.js";
import { addInit } from "./init.js";
import { invocation } from "./invocation.js";
import { type CliIo, processIo } from "./io.js";
import { addJoin } from "./join.js";
import { addPrepare } from "./prepare.js";
import { addReplay } from "./replay.js";
import { addServe } from "./serve.js";
import { addShellInit } from "./shell-init.js";
import { addSimulate } from "./simulate.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** How a command is put into the program; `done` takes what it exits with. */
type AddCommand = (program: Command, io: CliIo, done: (exitCode: ExitCode) => void) => void;

const COMMANDS: readonly AddCommand[] = [
  addSimulate,
  addCheck,
  addReplay,
  addDiff,
  addHost,
  addJoin,
  addServe,
  addInit,
  addDev,
  addPrepare,
  addShellInit,
];

/**
 * Runs one command line, without the program's name, and gives what to exit with. Never rejects: what goes wrong is
 * one line on stderr.
 */
export async function run(argv: readonly string[], io: CliIo = processIo()): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command("echo-net")
    .description("Deterministic multiplayer networking: matches, journals, replays.")
    .version(version, "--version")
    .helpOption("-h, --help", "says what there is")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Commander says what is wrong in several lines; one is said below.
      writeErr: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    });
  for (const add of COMMANDS) {
    add(program, io, (code) => {
      exitCode = code;
    });
  }
  if (argv.length === 0) {
    io.stderr.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync(argv[0] === "help" ? [...argv.slice(1), "--help"] : argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const command = program.commands.find((candidate) => candidate.name() === argv[0]);
    const name = command === undefined ? "" : ` ${command.name()}`;
    const message = error.message.replace(/^error: /, "").replace(/\n\(Did (.*)\)$/, ": did $1");
    const what = oneLine(message);
    io.stderr.write(`echo-net${name}: ${what} (see ${invocation()}${name} --help)\n`);
    return 2;
  }
}
