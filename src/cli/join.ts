import type { Command } from "commander";
import { isEchoNetError } from "../core/base/errors.js";
import { decodeInvite } from "../core/guard/invite.js";
import { Opening } from "../match/opening.js";
import { UdpTransport } from "../transports/udp/transport.js";
import { catchPutOff } from "./breathe.js";
import { CliError, type ExitCode } from "./exit.js";
import { BOT } from "./host.js";
import type { CliIo } from "./io.js";
import { JOIN_TIMEOUT_MS } from "./limits.js";
import { loadFromHost } from "./load-from-host.js";
import { loadGame } from "./load-game.js";
import { type CommonOptions, GAME, inputDelay } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { NO_MATCH, play } from "./play.js";

interface JoinOptions extends CommonOptions {
  readonly game?: string;
  readonly inputDelay: number | "auto";
  readonly bot?: true;
  readonly journal?: string;
}

export function addJoin(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("join")
    .summary("joins a match over UDP and plays in it")
    .description(
      "Joins the match that an invite is for, and plays in it. Length and mode are the host's, and so is the game itself where it is one in Lua or WebAssembly.",
    )
    .argument("<invite>", "the word that the host printed: echo-net:…")
    .option("--game <path>", `the host's game, where it does not come with the invite: ${GAME}`)
    .option("--input-delay <ticks>", '0 to 30, or "auto"', inputDelay, "auto")
    .option("--bot", BOT)
    .option("--journal <dir>", "writes peer<slot>.jsonl and peer<slot>.trace.jsonl")
    .option("--json", "prints one JSON object")
    .action(async (invite: string, options: JoinOptions) => {
      const telling = { name: "join", json: options.json === true, failed: NO_MATCH };
      done(await tell(io, telling, () => catchPutOff(() => join(invite, options, io))));
    });
}

async function join(invite: string, options: JoinOptions, io: CliIo): Promise<Outcome> {
  const { game: path, inputDelay, journal, json = false } = options;
  requireInvite(invite);
  const loaded = path === undefined ? undefined : await loadGame(path);
  return await play({
    load: async (parts) => loaded ?? (await loadFromHost(invite, parts)),
    io,
    json,
    inputDelay,
    folder: journal,
    bind: () => UdpTransport.open(),
    open: (game, opening) => Opening.join(game, {}, invite, JOIN_TIMEOUT_MS, opening),
  });
}

/** A damaged invite is damaged input, wherever it came from. */
function requireInvite(invite: string): void {
  try {
    decodeInvite(invite);
  } catch (error) {
    if (isEchoNetError(error)) throw new CliError(3, error.hint);
    throw error;
  }
}
