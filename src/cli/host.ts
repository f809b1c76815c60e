import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { bundleOf } from "../core/bundle/game-bundle.js";
import type { Mode } from "../core/guard/identity.js";
import { SECRET_BYTES } from "../core/guard/invite.js";
import { MAX_SLOTS, MAX_TICK } from "../core/wire/limits.js";
import { Opening } from "../match/opening.js";
import { UdpTransport } from "../transports/udp/transport.js";
import { catchPutOff } from "./breathe.js";
import type { ExitCode } from "./exit.js";
import { invocation } from "./invocation.js";
import type { CliIo } from "./io.js";
import { loadGame } from "./load-game.js";
import { type CommonOptions, GAME, inputDelay, ipAddress, mode, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { NO_MATCH, play } from "./play.js";
import { shellWord } from "./shell-word.js";

interface HostOptions extends CommonOptions {
  readonly players: number;
  readonly port: number;
  readonly bind?: string;
  readonly mode: Mode;
  readonly ticks?: number;
  readonly inputDelay: number | "auto";
  readonly bot?: true;
  readonly journal?: string;
}

export function addHost(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("host")
    .summary("opens a match over UDP and plays in it")
    .description(
      "Opens a match over UDP, prints the invite for the others, and plays in it once all are there.",
    )
    .argument("<game>", GAME)
    .option("--players <n>", "2 to 8, this one included", wholeNumber(2, MAX_SLOTS), 2)
    .option("--port <n>", "UDP port; 0 takes any that is free", wholeNumber(0, 65_535), 0)
    .option("--bind <address>", "an IP address of this machine (default: all of them)", ipAddress)
    .option("--mode <mode>", "rollback or lockstep", mode, "rollback")
    .option(
      "--ticks <n>",
      "the match's last tick (default: it lasts until somebody leaves)",
      wholeNumber(1, MAX_TICK),
    )
    .option("--input-delay <ticks>", '0 to 30, or "auto"', inputDelay, "auto")
    .option("--bot", BOT)
    .option("--journal <dir>", "writes peer<slot>.jsonl and peer<slot>.trace.jsonl")
    .option("--json", "prints one JSON object, and the invite alone on a line of stderr")
    .action(async (path: string, options: HostOptions) => {
      const telling = { name: "host", json: options.json === true, failed: NO_MATCH };
      done(await tell(io, telling, () => catchPutOff(() => host(path, options, io))));
    });
}

/** This version reads no keyboard, so there is no other choice yet. */
export const BOT = "the game's input plays by itself; in this version it does so without being told, too";

async function host(path: string, options: HostOptions, io: CliIo): Promise<Outcome> {
  const { players, port, bind, mode, ticks, inputDelay, journal, json = false } = options;
  const loaded = await loadGame(path);
  return await play({
    load: async () => loaded,
    io,
    json,
    inputDelay,
    folder: journal,
    bind: () => UdpTransport.open({ port, bind }),
    open: (game, opening) => Opening.host(game, { mode, players, ticks }, randomBytes(SECRET_BYTES), opening),
    invited: (invite) => {
      if (json) io.stderr.write(`${invite}\n`);
      else {
        const others = players === 2 ? "the other player" : `the other ${players - 1} players`;
        io.stdout.write(`Waiting for ${others}. The invite, one word:\n${invite}\n`);
        const named = bundleOf(loaded.game) === undefined ? ` --game ${shellWord(path)}` : "";
        io.stdout.write(`To join: ${invocation()} join INVITE${named}\n`);
      }
    },
  });
}
