import type { Command } from "commander";
import type { Game } from "../core/session/simulation.js";
import { MAX_SLOTS } from "../core/wire/limits.js";
import { type AdvisedGame, advise } from "../lua/advice.js";
import { type Examination, examine } from "../testing/check.js";
import type { CheckPlace } from "../testing/check-runner.js";
import { breathe, catchPutOff } from "./breathe.js";
import { type ExitCode, oneLine } from "./exit.js";
import type { CliIo } from "./io.js";
import { MAX_CHECKED_TICKS } from "./limits.js";
import { loadAfresh, loadGame } from "./load-game.js";
import { LogLines } from "./log-lines.js";
import { type CommonOptions, GAME, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { placeOf } from "./place.js";
import { Progress } from "./progress.js";
import { stretch } from "./stretch.js";
import { count } from "./words.js";

interface CheckOptions extends CommonOptions {
  readonly ticks: number;
  readonly seed: number;
  readonly players: number;
}

export function addCheck(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("check")
    .summary("a game against itself: what would make its peers disagree, and where")
    .description(
      "Plays a game against itself: every tick is saved, restored, run again and compared, while clocks and unseeded chance throw. Names tick, path and likely cause of what would make peers disagree.",
    )
    .argument("<game>", GAME)
    .option("--ticks <n>", "how many ticks to run", wholeNumber(1, MAX_CHECKED_TICKS), 600)
    .option("--seed <n>", "what all chance comes from", wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option("--players <n>", "how many slots play", wholeNumber(1, MAX_SLOTS), 2)
    .option(
      "--json",
      "prints one JSON object: {ok, ticks, seed, players, chronos, path, cause, events, hints}",
    )
    .action(async (path: string, options: CheckOptions) => {
      const telling = { name: "check", json: options.json === true, failed: { ok: false } };
      done(await tell(io, telling, () => catchPutOff(() => check(path, options, io))));
    });
}

/** Where the log lines are that are only counted. */
const REST = "simulate --journal DIR keeps them all";
/** What is said of a player's own code, by the language that it is in. */
const INPUT = {
  typescript: "input is called without a device (undefined)",
  lua: "on_input runs without a device (echo.input is nil)",
} as const;
const nothingHappened = (how: string): string =>
  `But no player did anything: ${how} and emitted nothing, so no handler ran. Let it play by itself then.`;

async function check(path: string, options: CheckOptions, io: CliIo): Promise<Outcome> {
  const { ticks, seed, players, json = false } = options;
  const { game } = await loadGame(path);
  // A module that cannot be there twice is checked without its copy.
  const afresh = await loadAfresh(path).catch(() => undefined);
  const progress = new Progress(io.stderr, json);
  const logs = json ? undefined : new LogLines(progress, REST);
  const { report, events, remarks } = await examineInStretches(game, afresh, options, progress, logs);
  const tried = { ticks, seed, players };
  const scripts = scriptsOf(game);
  const hints = [...(scripts === undefined ? [] : advise(scripts)), ...remarks];
  const found = scripts === undefined && hints.length === 0 ? {} : { hints };
  if (report.ok) {
    const holds = `${game.name} holds: ${count(ticks, "tick")} with ${count(players, "player")}, seed ${seed}, came out the same each time.`;
    return {
      exitCode: 0,
      json: { ok: true, ...tried, chronos: null, path: null, cause: null, events, ...found },
      words: [
        holds,
        ...(events > 0 ? [] : [nothingHappened(scripts === undefined ? INPUT.typescript : INPUT.lua)]),
        ...hints,
      ].join("\n"),
    };
  }
  const { chronos, error } = report;
  const cause = report.cause + placeOf(error);
  const place = report.path ?? null;
  const where = place === null ? "" : `, at ${place === "" ? "the state itself" : place}`;
  return {
    exitCode: 1,
    json: { ok: false, ...tried, chronos, path: place, cause, events: null, ...found },
    words: [`${game.name} does not hold: tick ${chronos}${where}.`, `${oneLine(cause)}.`, ...hints].join(
      "\n",
    ),
  };
}

/** Checks with its progress on stderr. Rejects with `CliError` as `stretch` and `breathe` do. */
async function examineInStretches(
  game: Game,
  afresh: Game | undefined,
  { ticks, seed, players }: CheckOptions,
  progress: Progress,
  log: LogLines | undefined,
): Promise<Examination> {
  const place: CheckPlace = { run: 0, runs: 0, where: "setup", chronos: 0 };
  try {
    return await examine(
      game,
      { ticks, seed, players },
      {
        log,
        place,
        afresh,
        stretch: (goOn) => stretch(goOn, () => `tick ${place.chronos}: ${place.where}`),
        async pause() {
          progress.show(() => `run ${place.run} of ${place.runs}: tick ${place.chronos} of ${ticks}`);
          await breathe();
        },
      },
    );
  } finally {
    log?.end();
    progress.end();
  }
}

/** The scripts of a Lua game, for whom there is advice. */
const scriptsOf = (game: Game): AdvisedGame | undefined =>
  Array.isArray((game as Partial<AdvisedGame>).scripts) ? (game as Game & AdvisedGame) : undefined;
