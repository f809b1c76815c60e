import { asSlot } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import type { Game } from "../core/session/simulation.js";
import { MAX_SLOTS } from "../core/wire/limits.js";
import { requireGame } from "../game/define-game.js";
import {
  CheckFailure,
  type CheckLog,
  type CheckPlace,
  type CheckSetting,
  checkSetting,
  type DeterminismFinding,
  type DeviceInput,
} from "./check-runner.js";
import {
  LOADED_ANEW,
  moveOver,
  type Recording,
  record,
  rollBack,
  runAgain,
  runBeside,
  sameAgain,
  type Trial,
  TURN,
} from "./check-trials.js";

export type { DeterminismFinding, DeviceInput } from "./check-runner.js";

export interface CheckOptions {
  /** How many ticks to run; 600 by default. */
  readonly ticks?: number;
  /** What all chance comes from; 1 by default. */
  readonly seed?: number;
  /** How deep each rollback goes; 8 by default. */
  readonly rollbackTicks?: number;
  /** How many slots play; 2 by default. */
  readonly players?: number;
  /** What the devices say; nothing by default, which leaves a game's `input` to be its own bot. */
  readonly input?: DeviceInput;
}

export type DeterminismReport = { readonly ok: true } | DeterminismFinding;

/**
 * The game against itself: recorded once, then rolled back at every tick after wrong predictions, run again from the
 * start, run beside itself, and moved to a fresh simulation. Everything must give the recorded states. While the
 * game's code runs, clocks, unseeded chance and inexact maths throw.
 *
 * Sound games give exactly `{ ok: true }`. What other matches of this process have left outside the state before
 * can look as if it had always been there: check a game before it is played.
 *
 * Rejects with `EchoNetError`: GAME_INVALID for what is no game, INPUT_INVALID for options that make no sense.
 */
export async function checkDeterminism(game: Game, options: CheckOptions = {}): Promise<DeterminismReport> {
  return (await examine(game, options)).report;
}

/** What a check found, and how much of the game it saw. */
export interface Examination {
  readonly report: DeterminismReport;
  /** Events that the players' input emitted: without any, no handler ran. */
  readonly events: number;
  /** What the game remarked on its own states, though nothing failed. */
  readonly remarks: readonly string[];
}

/** Who looks on while a game is checked. */
export interface CheckWatch {
  /** Takes what the game logs. */
  readonly log?: CheckLog | undefined;
  /** Is kept up to date. */
  readonly place?: CheckPlace;
  /** The same game from another copy of its module: it must come out as this one. */
  readonly afresh?: Game | undefined;
  /** Lets the check go on: calls `goOn`, which runs a tick, as often as it likes while that gives true. */
  readonly stretch: (goOn: () => boolean) => void;
  /** Between two stretches: gives all that the game has put off its turn. */
  readonly pause: () => Promise<void>;
}

/** Steps of a chain of promises that one turn sees. No timer, in whose place a test may have put its own. */
const PUT_OFF_STEPS = 32;

const UNWATCHED: CheckWatch = {
  stretch(goOn) {
    while (goOn());
  },
  async pause() {
    for (let step = 0; step < PUT_OFF_STEPS; step++) await undefined;
  },
};

/** As `checkDeterminism`, with how much there was to check. Rejects with `EchoNetError`, and with what `watch` throws. */
export async function examine(
  game: Game,
  options: CheckOptions,
  watch: CheckWatch = UNWATCHED,
): Promise<Examination> {
  requireGame(game, "checkDeterminism");
  const {
    ticks = 600,
    seed = 1,
    rollbackTicks = 8,
    players = 2,
    input = (): undefined => undefined,
  } = options;
  requireWhole("ticks", ticks, 1, 1_000_000);
  requireWhole("rollbackTicks", rollbackTicks, 1, 1_000);
  requireWhole("players", players, 1, MAX_SLOTS);
  const slots = Array.from({ length: players }, (_, i) => asSlot(i));
  const place = watch.place ?? { run: 0, runs: 0, where: "setup", chronos: 0 };
  const setting = checkSetting(game, seed, slots, input, watch.log, place);
  const trials = allTrials(setting, watch.afresh, ticks, rollbackTicks);
  const found: { full?: Recording } = {};
  const goOn = (): boolean => {
    const { done, value } = trials.next();
    if (done === true) found.full = value;
    return done !== true && value !== TURN;
  };
  try {
    for (;;) {
      watch.stretch(goOn);
      const { full } = found;
      if (full !== undefined)
        return { report: { ok: true }, events: eventsOf(full), remarks: remarksOf(full) };
      await watch.pause();
    }
  } catch (error) {
    if (error instanceof CheckFailure) return { report: error.finding, events: 0, remarks: [] };
    throw error;
  }
}

const DECLARED_ANEW =
  "loaded a second time, the game has another version or declares other events: no two players could meet";

/** All runs of a check; gives the recording of the fullest. Throws `CheckFailure`. */
function* allTrials(
  setting: CheckSetting,
  afresh: Game | undefined,
  ticks: number,
  rollbackTicks: number,
): Trial<Recording> {
  const { place } = setting;
  const { slots } = setting.match;
  // Each recording twice, and three or four ways to repeat the fullest.
  place.runs = 2 * (slots.length + 2) + (afresh === undefined ? 3 : 4);
  const runs = function* <Result>(trial: Trial<Result>): Trial<Result> {
    place.run++;
    return yield* trial;
  };
  const recordings: Recording[] = [];
  // What happens least comes first, so that what it leaves outside the state cannot pass for how things are.
  recordings.push(yield* runs(record(setting, "without any input", ticks, () => false)));
  for (const slot of [...slots].reverse()) {
    const name = `input of slot ${slot} alone`;
    recordings.push(yield* runs(record(setting, name, ticks, (other) => other === slot)));
  }
  const full = yield* runs(record(setting, "input of all slots", ticks, () => true));
  yield* runs(rollBack(setting, full, rollbackTicks));
  // Of a copy nothing has run yet: what other runs have left outside the state is not there.
  if (afresh !== undefined && afresh.fingerprint !== setting.game.fingerprint)
    throw new CheckFailure({ ok: false, chronos: 0, path: undefined, cause: DECLARED_ANEW });
  if (afresh !== undefined) yield* runs(runAgain({ ...setting, game: afresh }, full, LOADED_ANEW));
  for (const recording of [...recordings, full])
    yield* runs(runAgain(setting, recording, sameAgain(recording)));
  yield* runs(runBeside(setting, full, rollbackTicks));
  yield* runs(moveOver(setting, full));
  return full;
}

const eventsOf = ({ contents }: Recording): number =>
  contents.flat().reduce((sum, content) => sum + content.events.length, 0);

/** The part of what a tick may cost from which on the dearest is told. */
const TOLD_LOAD = 0.25;

function remarksOf({ remarks, dearest: { tick, load } }: Recording): readonly string[] {
  const dearest = `tick ${tick} was the dearest: it took ${Math.round(load * 100)} % of a tick's fuel`;
  return load < TOLD_LOAD ? [...remarks.values()] : [...remarks.values(), dearest];
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new EchoNetError("INPUT_INVALID", `${name} is ${value}: write a whole number from ${min} to ${max}.`);
}
