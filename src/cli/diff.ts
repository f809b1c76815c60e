import type { Command } from "commander";
import {
  diffJournals,
  diffLines,
  type JournalDifference,
  type LineDifference,
} from "../core/journal/diff.js";
import type { TraceRecord } from "../core/journal/trace-reader.js";
import { shownValue } from "../testing/shown-value.js";
import { catchPutOff } from "./breathe.js";
import { type ExitCode, usage } from "./exit.js";
import type { CliIo } from "./io.js";
import { gameOfJournal, holdsGame, replayWith } from "./journal-game.js";
import { type JournalFileRead, readRecordFile, type TraceFileRead } from "./journal-input.js";
import { type StatePlaces, statePlaces, traceBeside } from "./kept-states.js";
import type { CommonOptions } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { printable } from "./printable.js";

interface DiffOptions extends CommonOptions {
  readonly game?: string;
}

/** Which of two journals is what the game computes, up to and with the tick at which they part. */
type Agreeing = "a" | "b" | "both" | "neither";

/** What a match's traces begin with differs where another peer wrote them, and nowhere else. */
const OF_TWO_PEERS =
  "traces of two peers of one match, each of which saw other things; for what they computed, name the journals beside them";
/** Characters of a line that are shown. */
const SHOWN_LINE = 200;

const WHAT: Readonly<Record<JournalDifference["what"], string>> = {
  session: "they are of two different matches",
  events: "the events differ",
  state: "equal events led to different states",
  node: "events and states are equal, but not what went before",
  length: "one ends where the other goes on",
};

export function addDiff(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("diff")
    .summary("where two journals of a match, or two traces, part")
    .description(
      "Says at which tick and line two journals, or two traces, part. What differs in the state comes from the traces beside the journals.",
    )
    .argument("<a>", "a journal or a trace")
    .argument("<b>", "another of the same kind")
    .option(
      "--game <path>",
      "also says which of the two the game itself agrees with, as is said of journals that hold it anyway",
    )
    .option("--json", "prints one JSON object: {equal, prefix, difference, state, gameAgreesWith}")
    .action(async (a: string, b: string, options: DiffOptions) => {
      const telling = { name: "diff", json: options.json === true, failed: { equal: false } };
      done(await tell(io, telling, () => catchPutOff(() => diff(a, b, options))));
    });
}

async function diff(pathA: string, pathB: string, { game }: DiffOptions): Promise<Outcome> {
  const [a, b] = [readRecordFile(pathA), readRecordFile(pathB)];
  if (a.type === "trace" && b.type === "trace") {
    if (game !== undefined) throw usage("--game is for journals, and these are traces: leave it out");
    return diffTraces(a, b);
  }
  if (a.type === "journal" && b.type === "journal") return await diffTwoJournals(a, b, game);
  throw usage(`${pathA} is a ${a.type} and ${pathB} a ${b.type}: name two of a kind`);
}

async function diffTwoJournals(
  a: JournalFileRead,
  b: JournalFileRead,
  gamePath: string | undefined,
): Promise<Outcome> {
  const found = diffJournals(a.journal, b.journal);
  if (found === undefined) return same(a.path, b.path, a.journal.torn || b.journal.torn);
  if (found.left === undefined) return beginning(a, b, "b");
  if (found.right === undefined) return beginning(b, a, "a");
  const { what, chronos = 0 } = found;
  const parting = { ...found, chronos, what, words: WHAT[what] };
  if (what === "session") return parted(parting);
  const isKnown = gamePath !== undefined || holdsGame(a);
  const agreesWith = isKnown ? await agreeing(a, b, chronos, gamePath) : undefined;
  const state = statePlaces(a.path, b.path);
  const toKeep = what === "state" && state === undefined ? [a, b].map(({ path }) => traceBeside(path)) : [];
  return parted({ ...parting, state, toKeep, agreesWith });
}

function diffTraces(a: TraceFileRead, b: TraceFileRead): Outcome {
  const found = diffLines(a.bytes, b.bytes);
  if (found === undefined) return same(a.path, b.path, a.trace.torn);
  const chronos = tickAt(a.trace.records, found.line);
  if (a.trace.match !== b.trace.match)
    return parted({ ...found, chronos, what: "session", words: WHAT.session });
  const words = found.line === 1 ? OF_TWO_PEERS : "two traces of one match";
  return parted({ ...found, chronos, what: "record", words });
}

/** The tick that a line of a trace, or the last line before it that names one, is about. */
function tickAt(records: readonly TraceRecord[], line: number): number {
  for (let i = Math.min(records.length, line - 1) - 1; i >= 0; i--) {
    const { chronos } = records[i]!.fields;
    if (typeof chronos === "number") return chronos;
  }
  return 0;
}

function same(pathA: string, pathB: string, torn: boolean): Outcome {
  const but = torn ? ", as far as they are whole: a last line was cut short" : "";
  return {
    exitCode: 0,
    json: { equal: true, prefix: null, difference: null, state: null, gameAgreesWith: null },
    words: `${pathA} and ${pathB} are the same${but}.`,
  };
}

/** One journal is how the other begins, which is no difference: its peer left early. */
function beginning(shorter: JournalFileRead, longer: JournalFileRead, of: "a" | "b"): Outcome {
  const lastTick = shorter.journal.ticks.length - 1;
  const until = lastTick < 0 ? "it holds no tick" : `the same up to tick ${lastTick}, where it stops`;
  return {
    exitCode: 0,
    json: { equal: true, prefix: { of, lastTick }, difference: null, state: null, gameAgreesWith: null },
    words: `${shorter.path} is how ${longer.path} begins: ${until}.`,
  };
}

/** Where two files part, and what is known of that. */
interface Parting extends LineDifference {
  readonly chronos: number;
  readonly what: string;
  readonly words: string;
  readonly state?: StatePlaces | undefined;
  /** The traces that would tell `state`, where they are missing or hold none. */
  readonly toKeep?: readonly string[];
  readonly agreesWith?: Agreeing | undefined;
}

function parted({
  line,
  left,
  right,
  chronos,
  what,
  words,
  state,
  toKeep = [],
  agreesWith,
}: Parting): Outcome {
  const told = [
    `differs at tick ${chronos}, line ${line}: ${words}`,
    `  a: ${shown(left)}`,
    `  b: ${shown(right)}`,
  ];
  if (state !== undefined) {
    told.push(`the states of tick ${state.chronos} differ at`);
    for (const { path, left, right } of state.places) {
      told.push(
        `  ${path === "" ? "the state itself" : printable(path)}: ${shownValue(left)} and ${shownValue(right)}`,
      );
    }
  }
  if (toKeep.length > 0)
    told.push(`where in the state is what both peers' traces tell: keep them as ${toKeep.join(" and ")}`);
  if (agreesWith !== undefined) told.push(`the game itself agrees with ${agreesWith}`);
  const json = {
    equal: false,
    prefix: null,
    difference: { chronos, line, what, a: left ?? null, b: right ?? null },
    state:
      state === undefined ? null : { chronos: state.chronos, paths: state.places.map(({ path }) => path) },
    gameAgreesWith: agreesWith ?? null,
  };
  return { exitCode: 1, json, words: told.join("\n") };
}

const shown = (line: string | undefined): string =>
  line === undefined
    ? "ended before"
    : line.length <= SHOWN_LINE
      ? line
      : `${line.slice(0, SHOWN_LINE - 1)}…`;

async function agreeing(
  a: JournalFileRead,
  b: JournalFileRead,
  chronos: number,
  gamePath: string | undefined,
): Promise<Agreeing> {
  const game = await gameOfJournal(a, gamePath);
  const holds = (file: JournalFileRead): boolean => {
    const until = Math.min(chronos, file.journal.ticks.length - 1);
    return until >= 0 && replayWith(file, game, gamePath, { until }).firstDivergence === null;
  };
  const [holdsA, holdsB] = [holds(a), holds(b)];
  return holdsA === holdsB ? (holdsA ? "both" : "neither") : holdsA ? "a" : "b";
}
