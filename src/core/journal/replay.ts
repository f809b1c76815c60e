import { admissionRulesOf } from "../admit/admission.js";
import { asSlot, type Hash } from "../base/brand.js";
import { EchoNetError, isEchoNetError, wordsOf } from "../base/errors.js";
import { fromHex, hashOfBytes } from "../base/text.js";
import { arrangeTick, eventHashesOf, type TickRules, tickRulesOf } from "../bridge/order.js";
import { type EventContent, TickContent } from "../envelope/content.js";
import { hashesState, nodeId } from "../envelope/node-id.js";
import { type Game, type Simulation, Snapshot } from "../session/simulation.js";
import { EventSpeller } from "./event-speller.js";
import type { Journal, JournalEvent, JournalTick } from "./journal.js";
import { PayloadTypes } from "./payload-types.js";
import { spell } from "./spelling.js";
import { eventLine, spellContent } from "./tick-lines.js";

export interface ReplayOptions {
  /** The first tick to compare; those before are only simulated. 0 where left out. */
  readonly from?: number;
  /** The last tick to simulate; the journal's last where left out. */
  readonly until?: number;
  /** Told after every tick. */
  readonly onProgress?: (chronos: number, lastTick: number) => void;
}

/** The first thing in which the game and its journal differ. */
export interface Divergence {
  readonly chronos: number;
  /** What the journal says. */
  readonly expected: string;
  /** What the replay found. */
  readonly actual: string;
  /**
   * `events` the journal holds what the game does not declare, or decides otherwise about it than the rules do;
   * `fault` the game failed; `state`, `node` the hashes differ.
   */
  readonly what: "events" | "fault" | "state" | "node";
  /** The journal's line that holds what was expected. */
  readonly line: number;
}

export interface ReplayResult {
  readonly type: "replayed";
  /** No tick differs, and the journal is not torn. */
  readonly ok: boolean;
  readonly complete: boolean;
  readonly torn: boolean;
  /** The last tick that was simulated. */
  readonly ticks: number;
  /** Events that entered those ticks. */
  readonly events: number;
  /** The last state hash that was computed. */
  readonly finalHash: Hash | null;
  readonly firstDivergence: Divergence | null;
}

/** The journal was made with a game that is not this one. `hint` is a sentence for a person. */
export interface OtherGame {
  readonly type: "other-game";
  readonly hint: string;
}

/**
 * Runs a journal's events through a fresh simulation, tick by tick, and compares what comes out: which events
 * enter and which are refused, the state's hash, the node. Stops at the first difference. Throws `EchoNetError`
 * `INPUT_INVALID` where `from` or `until` name no tick of the journal.
 */
export function replayJournal(
  journal: Journal,
  game: Game,
  options: ReplayOptions = {},
): ReplayResult | OtherGame {
  const hint = otherGame(journal, game);
  if (hint !== undefined) return { type: "other-game", hint };
  const last = journal.ticks.length - 1;
  const { from = 0, until = last, onProgress } = options;
  checkRange(from, until, last);
  const replay = new Replay(journal, game);
  let firstDivergence: Divergence | undefined;
  for (let tick = 0; tick <= until && firstDivergence === undefined; tick++) {
    firstDivergence = replay.tick(journal.ticks[tick]!, tick >= from);
    onProgress?.(tick, until);
  }
  return {
    type: "replayed",
    ok: firstDivergence === undefined && !journal.torn,
    complete: journal.complete,
    torn: journal.torn,
    ticks: Math.max(0, replay.newest),
    events: replay.events,
    finalHash: replay.stateHash ?? null,
    firstDivergence: firstDivergence ?? null,
  };
}

function otherGame(journal: Journal, game: Game): string | undefined {
  const made = journal.identity.manifest.game;
  if (made.fingerprint === game.fingerprint && spell(journal.events) === spell(game.catalog.description)) {
    return undefined;
  }
  const changed = journal.bundle === undefined ? "its tick rate, events or effects have" : "its code has";
  const difference =
    made.name === game.name && made.version === game.version
      ? `that game, but ${changed} changed since`
      : `"${game.name}" version "${game.version}"`;
  return `the journal was made with the game "${made.name}" version "${made.version}"; this is ${difference}`;
}

function checkRange(from: number, until: number, last: number): void {
  if (from === 0 && until === last) return;
  const whole = Number.isInteger(from) && Number.isInteger(until);
  if (whole && from >= 0 && from <= until && until <= last) return;
  const held = last < 0 ? "no tick" : `the ticks 0 to ${last}`;
  throw new EchoNetError("INPUT_INVALID", `the journal holds ${held}, not those from ${from} to ${until}`);
}

/** One simulation on its way through a journal. */
class Replay {
  newest = -1;
  events = 0;
  stateHash: Hash | undefined;
  readonly #rules: TickRules;
  readonly #types: PayloadTypes;
  readonly #speller: EventSpeller;
  readonly #hashEveryTicks: number;
  readonly #slots: number;
  readonly #simulation: Simulation;
  readonly #snapshot = new Snapshot();
  readonly #journal: Journal;
  #node: Uint8Array | undefined;

  constructor(journal: Journal, game: Game) {
    const { identity } = journal;
    this.#journal = journal;
    this.#rules = tickRulesOf(game.catalog, identity.kairos, admissionRulesOf(identity));
    this.#speller = new EventSpeller(game.catalog);
    this.#types = new PayloadTypes(journal.events);
    this.#hashEveryTicks = identity.manifest.hashEveryTicks;
    this.#slots = identity.manifest.players;
    this.#simulation = game.createSimulation();
  }

  /** Runs the next tick. What differs, if it is compared. */
  tick(expected: JournalTick, compared: boolean): Divergence | undefined {
    const { chronos } = expected;
    const contents = this.#contents(expected);
    if (!Array.isArray(contents)) return contents;
    const arranged = arrangeTick(this.#rules, chronos, contents);
    const lines = this.#speller.lines(arranged.entered, arranged.refused);
    const differing = expected.events.findIndex((event, i) => lineOf(event) !== lines[i]);
    if (differing >= 0) {
      const event = expected.events[differing]!;
      return diverges(expected, "events", lineOf(event), lines[differing]!, event.line);
    }
    try {
      if (chronos === 0) this.#begin();
      else this.#simulation.step(chronos, arranged.entered);
      this.#simulation.saveInto(this.#snapshot);
    } catch (error) {
      return diverges(expected, "fault", "the tick runs", wordsOf(error));
    }
    this.newest = chronos;
    this.events += arranged.entered.length;
    if (compared) return this.#compare(expected, eventHashesOf(this.#rules, chronos, contents));
    this.#node = fromHex(expected.node);
    return undefined;
  }

  #begin(): void {
    const { kairos, seed } = this.#journal.identity;
    this.#simulation.begin({
      kairos,
      seed,
      slots: Array.from({ length: this.#slots }, (_, slot) => asSlot(slot)),
    });
  }

  #compare(expected: JournalTick, eventHashes: readonly Uint8Array[]): Divergence | undefined {
    const hashed = hashesState(expected.chronos, this.#hashEveryTicks);
    const stateHash = hashed ? this.#simulation.hash(this.#snapshot) : undefined;
    if (hashed) this.stateHash = stateHash;
    if (stateHash !== expected.stateHash) {
      return diverges(expected, "state", `${expected.stateHash}`, `${stateHash}`);
    }
    this.#node = nodeId(this.#node, expected.chronos, eventHashes, stateHash);
    const node = hashOfBytes(this.#node);
    return node === expected.node ? undefined : diverges(expected, "node", expected.node, node);
  }

  /** What each slot authored, or the first event that the game does not declare so. */
  #contents(tick: JournalTick): TickContent[] | Divergence {
    const contents: EventContent[][] = Array.from({ length: this.#slots }, () => []);
    for (const event of tick.events) {
      try {
        const payload = this.#types.typed(event.kind, event.payload);
        contents[event.author]!.push(this.#rules.catalog.pack(event.kind, payload, tick.chronos));
      } catch (error) {
        if (!isEchoNetError(error)) throw error;
        return diverges(tick, "events", lineOf(event), error.hint, event.line);
      }
    }
    return contents.map((events) => TickContent.of(events));
  }
}

const lineOf = ({ chronos, author, id, kind, payload, refusal }: JournalEvent): string =>
  eventLine(chronos, author, id, spellContent(kind, payload), refusal);

/** What is quoted of a line, in characters. */
const QUOTED = 400;

const diverges = (
  tick: JournalTick,
  what: Divergence["what"],
  expected: string,
  actual: string,
  line: number = tick.line,
): Divergence => ({
  chronos: tick.chronos,
  expected: expected.slice(0, QUOTED),
  actual: actual.slice(0, QUOTED),
  what,
  line,
});
