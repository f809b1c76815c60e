import {
  type ChronosTick,
  chronosTick,
  type Hash,
  type KairosBranchId,
  type Slot,
} from "../core/base/brand.js";
import { equalBytes } from "../core/base/bytes.js";
import { domainHash } from "../core/base/hash.js";
import { toHex, utf8Encode } from "../core/base/text.js";
import { arrangeTick, type TickRules, tickRulesOf } from "../core/bridge/order.js";
import { TickContent } from "../core/envelope/content.js";
import { LocalInput } from "../core/session/local-input.js";
import {
  type Game,
  type Logs,
  type MatchSeed,
  NO_LOGS,
  type Remark,
  type Simulation,
  Snapshot,
} from "../core/session/simulation.js";
import { diffTrees } from "../game/state-diff.js";
import { manifestOf } from "../match/opening.js";
import { faultWords } from "./fault-words.js";
import { trapLanguage } from "./language-traps.js";

/** What the player's device says: any plain value that the game's `input` understands. */
export type DeviceInput = (slot: Slot, chronos: ChronosTick) => unknown;

/** Takes what the game logs while it is recorded; each recording begins anew. */
export interface CheckLog {
  begin(): void;
  logged(chronos: number, logs: Logs): void;
}

/** How far a check has come. */
export interface CheckPlace {
  /** Which run of the game, from 1 on, and of how many. */
  run: number;
  runs: number;
  /** The code of the game that runs, or ran last: `setup`, `step`, `input of slot 1`; handlers are part of `step`. */
  where: string;
  /** The tick that it runs for. */
  chronos: number;
}

/** What every simulation of one check has in common. */
export interface CheckSetting {
  readonly game: Game;
  readonly match: MatchSeed;
  readonly rules: TickRules;
  readonly input: DeviceInput;
  readonly log: CheckLog | undefined;
  readonly place: CheckPlace;
}

export function checkSetting(
  game: Game,
  seed: number,
  slots: readonly Slot[],
  input: DeviceInput,
  log: CheckLog | undefined,
  place: CheckPlace,
): CheckSetting {
  const digest = domainHash("testing check", utf8Encode(String(seed))!);
  const kairos = toHex(digest.subarray(0, 16)) as KairosBranchId;
  const rules = tickRulesOf(game.catalog, kairos, {
    ...manifestOf(game, { players: slots.length }).limits,
    mayEmit: slots.map(() => true),
  });
  return { game, match: { kairos, seed: digest, slots }, rules, input, log, place };
}

/** The first thing that was found wrong with a game. */
export interface DeterminismFinding {
  readonly ok: false;
  /** The tick after which the state differed, or in which the game threw. */
  readonly chronos: number;
  /** Where the states differ first, `ships[0].x`; undefined where the game threw, or no state is at hand. */
  readonly path: string | undefined;
  /** What was done, and the likely reason, in words. */
  readonly cause: string;
  /** What the game threw. */
  readonly error?: unknown;
}

/** Ends a check. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly finding: DeterminismFinding;

  constructor(finding: DeterminismFinding) {
    super(finding.cause);
    this.finding = finding;
  }
}

/** One guarded simulation of the game under test, stepped on contents instead of a network. */
export class CheckRunner {
  readonly #setting: CheckSetting;
  readonly #simulation: Simulation;
  readonly #log: CheckLog | undefined;
  readonly #inputs: readonly LocalInput[];
  readonly #scratch = new Snapshot();
  tick = 0;

  /** Begins at tick 0. Throws `CheckFailure`. */
  constructor(setting: CheckSetting, log?: CheckLog) {
    this.#setting = setting;
    this.#log = log;
    const { game, match, rules } = setting;
    trapLanguage();
    this.#simulation = game.createSimulation({ guarded: true });
    this.#inputs = match.slots.map(
      (slot) =>
        new LocalInput(slot, game.catalog, rules.admission, ({ kind }, by, _, hint) =>
          this.fail(undefined, `input of slot ${by} emits ${kind}, which cannot be sent: ${hint}`),
        ),
    );
    log?.begin();
    try {
      this.#guard("setup", () => {
        this.#simulation.begin(match);
        this.#simulation.saveInto(this.#scratch);
      });
    } finally {
      log?.logged(0, this.#simulation.logs ?? NO_LOGS);
    }
  }

  /** What the devices of the active slots make of the present state, for the next tick. Throws `CheckFailure`. */
  collect(active: (slot: Slot) => boolean): readonly TickContent[] {
    const next = chronosTick(this.tick + 1);
    const before = this.save();
    const contents = this.#inputs.map((local) => {
      if (!active(local.slot)) return TickContent.empty;
      const device = this.#setting.input(local.slot, next);
      const where = `input of slot ${local.slot}`;
      const requests = this.#guard(
        where,
        () => this.#simulation.collectInput(local.slot, next, device),
        next,
      );
      this.#log?.logged(next, this.#simulation.inputLogs ?? NO_LOGS);
      const [fault] = this.#simulation.inputFaults ?? [];
      if (fault !== undefined) this.#failThrown(fault.where, fault.error, next);
      return local.sample(next, requests);
    });
    const after = this.save();
    if (!equalBytes(before, after)) {
      this.fail(
        this.pathBetween(before, after),
        "input changed the state: it runs at its owner's peer alone, and may only read and emit",
      );
    }
    return contents;
  }

  /** Runs the next tick on what every slot authored for it. Throws `CheckFailure`. */
  step(contents: readonly TickContent[]): void {
    // The session saves before it steps, and a simulation may count on that.
    this.#simulation.saveInto(this.#scratch);
    this.tick++;
    const chronos = chronosTick(this.tick);
    try {
      this.#guard("step", () => {
        this.#simulation.step(chronos, arrangeTick(this.#setting.rules, chronos, contents).entered);
      });
    } finally {
      this.#log?.logged(chronos, this.#simulation.logs ?? NO_LOGS);
    }
    const [fault] = this.#simulation.faults;
    if (fault !== undefined) this.#failThrown(fault.where, fault.error, chronos);
  }

  /** The whole state, as bytes of its own. Throws `CheckFailure` for what no state can hold. */
  save(): Uint8Array {
    this.#guard("saving the state", () => this.#simulation.saveInto(this.#scratch));
    return this.#scratch.view().slice();
  }

  /** As a simulation's own, of the last step. */
  get load(): number {
    return this.#simulation.load ?? 0;
  }

  /** What the game itself finds odd about its present state. */
  remarks(): readonly Remark[] {
    return this.#simulation.remarks?.() ?? [];
  }

  restore(bytes: Uint8Array, tick: number): void {
    this.#simulation.restore(snapshotOf(bytes));
    this.tick = tick;
  }

  hash(): Hash {
    return this.#guard("saving the state", () => this.#simulation.hash());
  }

  /** Where two saved states differ first, or undefined where what can be seen of them is equal. */
  pathBetween(left: Uint8Array, right: Uint8Array): string | undefined {
    const trees = [left, right].map((bytes) => this.#simulation.inspect(snapshotOf(bytes)));
    return diffTrees(trees[0]!, trees[1]!, 1)[0]?.path;
  }

  /** Throws a `CheckFailure` at the present tick. */
  fail(path: string | undefined, cause: string): never {
    throw new CheckFailure({ ok: false, chronos: this.tick, path, cause });
  }

  /** @param chronos the tick that the code ran for */
  #failThrown(where: string, error: unknown, chronos: number): never {
    const cause = faultWords(where, error);
    throw new CheckFailure({ ok: false, chronos, path: undefined, cause, error });
  }

  #guard<T>(where: string, action: () => T, chronos: number = this.tick): T {
    const { place } = this.#setting;
    place.where = where;
    place.chronos = chronos;
    try {
      return action();
    } catch (error) {
      if (error instanceof CheckFailure) throw error;
      return this.#failThrown(where, error, chronos);
    }
  }
}

function snapshotOf(bytes: Uint8Array): Snapshot {
  const snapshot = new Snapshot();
  snapshot.resize(bytes.length).set(bytes);
  return snapshot;
}
