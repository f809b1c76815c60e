import { asCliError, type ExitCode, oneLine } from "./exit.js";
import type { CliIo } from "./io.js";
import { printableJson, printableLines } from "./printable.js";

/** How a command ended, for a program and for a person. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** What `--json` prints. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What is printed without it: whole lines, without the last newline. */
  readonly words: string;
}

/** How one command is told about. */
export interface Telling {
  /** The command's name. */
  readonly name: string;
  readonly json: boolean;
  /** What `--json` says where the command failed, beside the error. */
  readonly failed: Readonly<Record<string, unknown>>;
}

/** Runs a command and tells how it ended: one JSON object, or words; what went wrong as one line on stderr. */
export async function tell(
  io: CliIo,
  telling: Telling,
  body: () => Promise<Outcome> | Outcome,
): Promise<ExitCode> {
  try {
    const { exitCode, json, words } = await body();
    io.stdout.write(
      telling.json ? `${printableJson(json)}\n` : words === "" ? "" : `${printableLines(words)}\n`,
    );
    return exitCode;
  } catch (thrown) {
    const { exitCode, message, details } = asCliError(thrown);
    const error = oneLine(message);
    io.stderr.write(`echo-net ${telling.name}: ${error}\n`);
    if (telling.json && exitCode !== 2) {
      io.stdout.write(`${printableJson({ ...telling.failed, ...details, error })}\n`);
    }
    return exitCode;
  }
}
