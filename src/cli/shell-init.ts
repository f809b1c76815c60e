import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { ExitCode } from "./exit.js";
import { GAME_ENDINGS } from "./game-path.js";
import type { CliIo } from "./io.js";
import type { CommonOptions } from "./options.js";
import { tell } from "./outcome.js";
import { quoted } from "./shell-word.js";

/** What may follow a command, beside an option or an invite: a file that is there and looks like one of ours. */
const FILES = [".jsonl", ...GAME_ENDINGS].map((ending) => `*${ending}`);

export function addShellInit(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("shell-init")
    .summary('a shell function through which "echo net replay --log FILE" works')
    .description(
      'Prints a function for bash and zsh through which "echo net replay --log FILE" reaches this program: eval "$(echo-net shell-init)". "echo net" is taken for a command where one of the commands follows, and after that an option (--log), an invite, or a journal or game file that is there. Every other echo is as ever.',
    )
    .option("--json", "prints one JSON object: {script}")
    .action(async (options: CommonOptions) => {
      const names = program.commands.map((command) => command.name());
      const script = shellFunction(names, [
        process.execPath,
        fileURLToPath(new URL("./main.js", import.meta.url)),
      ]);
      const telling = { name: "shell-init", json: options.json === true, failed: {} };
      done(await tell(io, telling, () => ({ exitCode: 0, json: { script }, words: script })));
    });
}

/**
 * A function `echo` for bash and zsh. The name is not written as `echo()`, where an alias of that name would be
 * expanded.
 *
 * @param program the words that start this program
 */
export function shellFunction(commands: readonly string[], program: readonly string[]): string {
  const start = program.map(quoted).join(" ");
  return `function echo {
  if [ "\${1-}" = net ]; then
    case "\${2-}" in
      ${commands.join("|")})
        case "\${3-}" in
          --[a-z]*|echo-net:*)
            shift
            ${start} "$@"
            return
            ;;
          ${FILES.join("|")})
            if [ -f "$3" ]; then
              shift
              ${start} "$@"
              return
            fi
            ;;
        esac
        ;;
    esac
  fi
  builtin echo "$@"
}`;
}
