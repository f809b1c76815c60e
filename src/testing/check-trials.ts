import type { Hash, Slot } from "../core/base/brand.js";
import { EMPTY_BYTES, equalBytes } from "../core/base/bytes.js";
import { TickContent } from "../core/envelope/content.js";
import { CheckRunner, type CheckSetting } from "./check-runner.js";

/** States that a recording keeps to name the path of a difference; past this many bytes, only their hashes. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

/** Remarks that a recording keeps. */
const REMARKS_MAX = 16;

/** One run from the start: what every slot authored for each tick, and what came of it. Index 0 is tick 0. */
export interface Recording {
  readonly name: string;
  readonly contents: (readonly TickContent[])[];
  readonly hashes: Hash[];
  readonly states: Uint8Array[];
  /** What the game remarked on, by subject, with the first tick of it. */
  readonly remarks: Map<string, string>;
  /** The tick that took most of what a tick may cost, and how much of it. */
  dearest: { readonly tick: number; readonly load: number };
}

/**
 * One run of the game for a check, which stops at every tick so that whoever runs it can leave it for a while. Where
 * it yields `TURN`, everything that the game has put off must get its turn before it goes on.
 */
export type Trial<Result = void> = Generator<typeof TURN | undefined, Result, void>;
export const TURN = "turn";

/** Ticks between two such turns: what is put off waits for the next one. */
const TURN_TICKS = 16;

/** Runs the game from the start with the input of some slots, and writes down what happens. */
export function* record(
  setting: CheckSetting,
  name: string,
  ticks: number,
  active: (slot: Slot) => boolean,
): Trial<Recording> {
  const runner = new CheckRunner(setting, setting.log);
  const recording: Recording = {
    name,
    contents: [[]],
    hashes: [runner.hash()],
    states: [runner.save()],
    remarks: new Map(),
    dearest: { tick: 0, load: 0 },
  };
  noteRemarks(recording, runner);
  let kept = recording.states[0]!.length;
  for (let tick = 1; tick <= ticks; tick++) {
    yield undefined;
    const contents = runner.collect(active);
    runner.step(contents);
    recording.contents.push(contents);
    recording.hashes.push(runner.hash());
    noteRemarks(recording, runner);
    if (runner.load > recording.dearest.load) recording.dearest = { tick, load: runner.load };
    if (kept <= KEPT_BYTES_MAX) {
      recording.states.push(runner.save());
      kept += recording.states[tick]!.length;
    }
    if (tick % TURN_TICKS !== 1 && tick !== ticks) continue;
    yield TURN;
    compare(runner, recording, CHANGED_LATER);
  }
  return recording;
}

const CHANGED_LATER =
  "the state changed between two ticks: the game puts something off (async and await, a promise, a callback), " +
  "which happens outside of any tick, at another moment on every machine; change the state in step and handlers " +
  "before they return, and bring in what takes time as an event that input emits";

function noteRemarks({ remarks }: Recording, runner: CheckRunner): void {
  for (const { subject, text } of runner.remarks()) {
    if (remarks.size < REMARKS_MAX && !remarks.has(subject))
      remarks.set(subject, `tick ${runner.tick}: ${text}`);
  }
}

/** Fails where the runner's state is not the recorded one of its tick. */
function compare(runner: CheckRunner, recording: Recording, cause: string): void {
  if (runner.hash() === recording.hashes[runner.tick]) return;
  const expected = recording.states[runner.tick];
  const path = expected && runner.pathBetween(expected, runner.save());
  runner.fail(path, cause);
}

export const sameAgain = ({ name }: Recording): string =>
  `run again from the start with the same events (${name}), the game computed something else: ` +
  "it keeps something outside its state (a variable, closure, Set or Map that setup does not make anew)";

export const LOADED_ANEW: string =
  "loaded a second time and run with the same events, the game computed something else: it keeps something outside " +
  "its state that is made when it is loaded (from chance or a clock), or that other runs have left (a cache); " +
  "make it in setup, from ctx.random, or from what it stands for alone";

/** The same again: a fresh simulation on the recorded events. `cause` is told where it comes out otherwise. */
export function* runAgain(setting: CheckSetting, recording: Recording, cause: string): Trial {
  const runner = new CheckRunner(setting);
  compare(runner, recording, cause);
  for (let tick = 1; tick < recording.hashes.length; tick++) {
    yield undefined;
    runner.step(recording.contents[tick]!);
    compare(runner, recording, cause);
  }
}

/**
 * What a match does to a game, at every tick and to full depth: it runs ahead on predictions that miss all slots but
 * one, goes back, and runs the truth; then it goes back as far again and repeats the truth.
 */
export function* rollBack(setting: CheckSetting, recording: Recording, rollbackTicks: number): Trial {
  const cause =
    "run again after a rollback, the game computed something else: what it reads is not all in its state " +
    "(a variable, closure, Set or Map outside keeps what the abandoned ticks did)";
  const runner = new CheckRunner(setting);
  const { contents } = recording;
  const last = recording.hashes.length - 1;
  const saved = [runner.save()];
  for (let tick = 1; tick <= last; tick++) {
    yield undefined;
    const before = saved[tick - 1]!;
    // The last slot goes first: in most games the first one's events come before all others anyway.
    const known = setting.match.slots.length - 1 - ((tick - 1) % setting.match.slots.length);
    for (let ahead = tick; ahead <= Math.min(last, tick + rollbackTicks - 1); ahead++) {
      runner.step(contents[ahead]!.map((content, slot) => (slot === known ? content : TickContent.empty)));
    }
    goBack(runner, before, tick - 1);
    runner.step(contents[tick]!);
    compare(runner, recording, cause);
    saved.push(runner.save());

    const from = tick - rollbackTicks;
    if (from < 0) continue;
    goBack(runner, saved[from]!, from);
    while (runner.tick < tick) {
      runner.step(contents[runner.tick + 1]!);
      compare(runner, recording, cause);
    }
    saved[from] = EMPTY_BYTES;
  }
}

function goBack(runner: CheckRunner, bytes: Uint8Array, tick: number): void {
  runner.restore(bytes, tick);
  const again = runner.save();
  if (equalBytes(bytes, again)) return;
  runner.fail(
    runner.pathBetween(bytes, again),
    "a state that was saved, restored and saved again was not the same",
  );
}

/** Two simulations side by side, one some ticks behind the other, as matches on one server are. */
export function* runBeside(setting: CheckSetting, recording: Recording, lagTicks: number): Trial {
  const cause =
    "run beside another match, the game computed something else: the two share something outside their states";
  const [first, second] = [new CheckRunner(setting), new CheckRunner(setting)];
  const last = recording.hashes.length - 1;
  for (let tick = 1; tick <= last + lagTicks; tick++) {
    yield undefined;
    for (const runner of tick <= last ? [first, second] : [second]) {
      if (runner === second && tick <= lagTicks) continue;
      runner.step(recording.contents[runner.tick + 1]!);
      compare(runner, recording, cause);
    }
  }
}

/** A state that was saved halfway goes on in a simulation that has seen none of what led to it. */
export function* moveOver(setting: CheckSetting, recording: Recording): Trial {
  const cause =
    "restored in a fresh simulation, the game went on differently: it keeps something outside its state " +
    "that earlier ticks made";
  const last = recording.hashes.length - 1;
  const halfway = last >> 1;
  const origin = new CheckRunner(setting);
  while (origin.tick < halfway) {
    yield undefined;
    origin.step(recording.contents[origin.tick + 1]!);
  }
  const runner = new CheckRunner(setting);
  goBack(runner, origin.save(), halfway);
  compare(runner, recording, cause);
  while (runner.tick < last) {
    yield undefined;
    runner.step(recording.contents[runner.tick + 1]!);
    compare(runner, recording, cause);
  }
}
