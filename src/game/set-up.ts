import { chronosTick } from "../core/base/brand.js";
import { EchoNetError, isEchoNetError, refuseGame } from "../core/base/errors.js";
import type { MatchSeed } from "../core/session/simulation.js";
import { ArenaPlan } from "./arena.js";
import { ArenaLayout } from "./arena-layout.js";
import { ArenaStore } from "./arena-store.js";
import type { CodeRunner } from "./guards.js";
import { PlainStore } from "./plain-store.js";
import type { AnyGameSpec } from "./spec.js";
import { describe, findStateProblem } from "./state-check.js";
import type { StateStore } from "./state-store.js";
import { DerivedRandom } from "./tick-random.js";

/** Runs a game's `setup` and puts what it returned where it can be saved. Throws `GAME_INVALID`. */
export function setUpState(
  spec: AnyGameSpec,
  match: MatchSeed,
  run: CodeRunner,
  alwaysChecked: boolean,
): StateStore {
  const arena = new ArenaPlan();
  const random = new DerivedRandom("random of a tick", match.seed);
  random.start(chronosTick(0));
  const state = attempt(() =>
    run(() => spec.setup({ slots: match.slots, arena, random, kairos: match.kairos })),
  );
  arena.close();
  if (typeof state !== "object" || state === null) {
    refuseGame(`setup returned ${describe(state)}; return the state, an object`);
  }
  if (arena.views.size > 0) return new ArenaStore(new ArenaLayout(arena.views, state));
  const found = attempt(() => findStateProblem(state));
  if (found !== undefined) refuseGame(`setup: ${found.path} ${found.problem}`);
  return new PlainStore(state, alwaysChecked);
}

function attempt<Result>(setup: () => Result): Result {
  try {
    return setup();
  } catch (cause) {
    if (isEchoNetError(cause)) throw cause;
    throw new EchoNetError("GAME_INVALID", `setup threw ${describeError(cause)}`, { cause });
  }
}

const describeError = (error: unknown): string => (error instanceof Error ? String(error) : describe(error));
