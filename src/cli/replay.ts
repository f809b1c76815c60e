import type { Command } from "commander";
import type { ReplayResult } from "../core/journal/replay.js";
import { MAX_TICK } from "../core/wire/limits.js";
import { catchPutOff } from "./breathe.js";
import { CliError, type ExitCode, usage } from "./exit.js";
import type { CliIo } from "./io.js";
import { gameOfJournal, replayWith } from "./journal-game.js";
import { readRecordFile } from "./journal-input.js";
import { type CommonOptions, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { Progress } from "./progress.js";
import { count } from "./words.js";

interface ReplayCommandOptions extends CommonOptions {
  readonly log?: string;
  readonly game?: string;
  readonly from?: number;
  readonly until?: number;
}

/** What `--json` says of a journal of which nothing could be replayed. */
const NOTHING = {
  ok: false,
  complete: false,
  torn: false,
  ticks: 0,
  events: 0,
  finalHash: null,
  firstDivergence: null,
  ticksPerSecond: 0,
};

export function addReplay(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("replay")
    .summary("replays a journal and verifies every tick of it")
    .description(
      "Verifies a journal's spelling and chain, then replays it through the game and compares every tick.",
    )
    .argument("[file]", "a journal, such as peer0.jsonl")
    .option("--log <file>", "the same as naming the file")
    .option("--game <path>", "the game it was made with; journals of games in Lua and WebAssembly hold it")
    .option("--from <tick>", "the first tick to compare; those before are only run", wholeNumber(0, MAX_TICK))
    .option("--until <tick>", "the last tick to run", wholeNumber(0, MAX_TICK))
    .option("--json", "prints one JSON object")
    .action(async (file: string | undefined, options: ReplayCommandOptions) => {
      const telling = { name: "replay", json: options.json === true, failed: NOTHING };
      done(await tell(io, telling, () => catchPutOff(() => replay(file, options, io))));
    });
}

async function replay(file: string | undefined, options: ReplayCommandOptions, io: CliIo): Promise<Outcome> {
  const path = oneFile(file, options.log);
  const startedMs = performance.now();
  const record = readRecordFile(path);
  const readMs = performance.now() - startedMs;
  if (record.type === "trace") {
    const journal = path.replace(/\.trace\.jsonl$/, ".jsonl");
    throw usage(
      `${path} is a trace, which tells what one peer saw and cannot be replayed; replay the journal beside it${journal === path ? "" : `, ${journal}`}`,
    );
  }
  const game = await gameOfJournal(record, options.game);
  const progress = new Progress(io.stderr, options.json === true);
  const beganMs = performance.now();
  const result = replayWith(record, game, options.game, {
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.until === undefined ? {} : { until: options.until }),
    onProgress: (tick, last) => progress.show(() => `tick ${tick} of ${last}`),
  });
  progress.end();
  const seconds = (readMs + performance.now() - beganMs) / 1000;
  return outcomeOf(path, result, Math.round(result.ticks / seconds), record.journal.identity.manifest.tickHz);
}

function oneFile(file: string | undefined, log: string | undefined): string {
  if (file !== undefined && log !== undefined)
    throw usage("name the journal once: either FILE or --log FILE");
  const path = file ?? log;
  if (path === undefined) throw usage("name a journal, such as journals/peer0.jsonl");
  return path;
}

function outcomeOf(path: string, result: ReplayResult, ticksPerSecond: number, tickHz: number): Outcome {
  const { ok, complete, torn, ticks, events, finalHash, firstDivergence: divergence } = result;
  const firstDivergence =
    divergence === null
      ? null
      : { chronos: divergence.chronos, expected: divergence.expected, actual: divergence.actual };
  const json = { ok, complete, torn, ticks, events, finalHash, firstDivergence, ticksPerSecond };
  if (divergence !== null) {
    const words = [
      `${path} differs from what the game computes, at tick ${divergence.chronos}, line ${divergence.line}:`,
      `  the journal says  ${divergence.expected}`,
      `  the game says     ${divergence.actual}`,
    ];
    return { exitCode: 1, json, words: words.join("\n") };
  }
  const times = Math.floor(ticksPerSecond / tickHz);
  const speed = ticks === 0 ? "" : `, at ${times} times real time`;
  const words =
    finalHash === null && ticks === 0
      ? [`${path} holds no tick that could be replayed.`]
      : [
          `${count(ticks, "tick")} with ${count(events, "event")} came out as the journal says${speed}.`,
          ...(finalHash === null ? [] : [`The last state's hash is ${finalHash}.`]),
        ];
  if (torn) {
    throw new CliError(
      3,
      `${path} is torn: its last line was cut short; the ${count(ticks, "tick")} before it came out as the journal says; take another peer's copy for the rest`,
      json,
    );
  }
  if (!complete) words.push("The journal stops without an end: its peer left early, or the match goes on.");
  return { exitCode: 0, json, words: words.join("\n") };
}
