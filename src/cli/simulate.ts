import { type Command, Option } from "commander";
import { MAX_SLOTS, MAX_WINDOW_TICKS } from "../core/wire/limits.js";
import { parseNet } from "../testing/net-spec.js";
import { catchPutOff } from "./breathe.js";
import type { ExitCode } from "./exit.js";
import { readInputs } from "./inputs-file.js";
import type { CliIo } from "./io.js";
import { JournalFolder } from "./journal-file.js";
import { MAX_SIMULATED_TICKS } from "./limits.js";
import { loadGame, withDrawing } from "./load-game.js";
import { choice, fault, GAME, inputDelay, mode, net, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { checkTogether, type SimulateOptions } from "./simulate-options.js";
import { playSimulated } from "./simulated-match.js";

export function addSimulate(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("simulate")
    .summary("a match of N peers in one process, in virtual time, over an emulated network")
    .description(
      "Plays a match of N peers in one process, in virtual time, over an emulated network. Equal arguments give equal results, to the byte.",
    )
    .argument("<game>", GAME)
    .option("--mode <mode>", "rollback or lockstep", mode, "rollback")
    .option("--peers <n>", "2 to 8, one slot each", wholeNumber(2, MAX_SLOTS), 2)
    .option("--ticks <n>", "the match's last tick", wholeNumber(1, MAX_SIMULATED_TICKS), 600)
    .addOption(
      new Option(
        "--net <net>",
        "perfect, lan, wifi, good, lossy or mobile, or pairs of latency and jitter (ms), loss, duplicate and reorder (0 to 1), burst (datagrams lost in a row) and rate (kbit/s): latency=50,loss=0.1, or mobile,loss=0.3",
      )
        .argParser(net)
        .default(parseNet("perfect"), "perfect"),
    )
    .option("--seed <n>", "what all chance comes from", wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option("--input-delay <ticks>", '0 to 30, or "auto"', inputDelay, "auto")
    .option(
      "--window <ticks>",
      "most predicted ticks in rollback mode (default: 8)",
      wholeNumber(1, MAX_WINDOW_TICKS),
    )
    .option("--inputs <file>", 'lines {"slot":0,"chronos":12,"input":{…}}, each in force from its tick on')
    .option(
      "--topology <topology>",
      "p2p, or client-server through a relay",
      choice("p2p", "client-server"),
      "p2p",
    )
    .option(
      "--fault <fault>",
      "corrupt:SLOT@TICK changes one leaf of that peer's state after that tick",
      fault,
    )
    .option("--journal <dir>", "writes peer0.jsonl, peer0.trace.jsonl and so on")
    .option("--trace <what>", "datagrams: traces every datagram, too", choice("datagrams"))
    .option("--watch", "draws the match of slot 0 in the terminal, at real speed; q ends it")
    .option("--json", "prints one JSON object")
    .addHelpText(
      "after",
      "\nPlayers without a line in --inputs have no device: what the game's input does then plays them.",
    )
    .action(async (path: string, options: SimulateOptions) => {
      const telling = { name: "simulate", json: options.json === true, failed: { agreed: false } };
      done(await tell(io, telling, () => catchPutOff(() => simulate(path, options, io))));
    });
}

async function simulate(path: string, options: SimulateOptions, io: CliIo): Promise<Outcome> {
  checkTogether(options, io);
  const game = await loadGame(path);
  const loaded = options.watch === true ? await withDrawing(game) : game;
  const input = options.inputs === undefined ? undefined : readInputs(options.inputs, options.peers);
  const folder = options.journal === undefined ? undefined : new JournalFolder(options.journal);
  try {
    return await playSimulated({ loaded, options, input, folder, io });
  } finally {
    folder?.close();
  }
}
