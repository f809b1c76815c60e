import { type ChronosTick, chronosTick, type KairosBranchId, type Slot } from "../core/base/brand.js";
import { refuseGame } from "../core/base/errors.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest } from "../core/envelope/event-envelope.js";
import type { MatchSeed } from "../core/session/simulation.js";
import type { AnyGameSpec, InputContext, PredictContext } from "./spec.js";
import { DerivedRandom } from "./tick-random.js";

const NO_REQUESTS: readonly EmitRequest[] = Object.freeze([]);

class LocalContext implements InputContext {
  chronos: ChronosTick = chronosTick(0);
  readonly kairos: KairosBranchId;
  readonly random: DerivedRandom;
  local: any;

  constructor(match: MatchSeed) {
    this.kairos = match.kairos;
    this.random = new DerivedRandom("random of local input", match.seed);
  }
}

/** Runs the game's code that only its own player's peer runs: `input`, `predict`. Nothing here is part of the match. */
export class InputDesk {
  readonly #spec: AnyGameSpec;
  readonly #context: LocalContext;
  /** What each slot's `input` remembers. */
  readonly #locals = new Map<Slot, unknown>();
  /** Of the call under way; undefined while there are none. */
  #requests: EmitRequest[] | undefined;
  readonly #emit: (kind: string, payload: unknown) => void;

  constructor(spec: AnyGameSpec, catalog: EventCatalog, match: MatchSeed) {
    this.#spec = spec;
    this.#context = new LocalContext(match);
    this.#emit = (kind, payload) => {
      if (catalog.kindNamed(kind) === undefined) {
        refuseGame(`input emits ${String(kind)}, which the game does not declare`);
      }
      const request = { kind, payload };
      // Most ticks ask for one event: an array that is pushed to has room for many.
      if (this.#requests === undefined) this.#requests = [request];
      else this.#requests.push(request);
    };
  }

  /** What the device makes `input` emit, in order. What `input` throws comes out. */
  collect(state: unknown, slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    const { input } = this.#spec;
    if (input === undefined) return NO_REQUESTS;
    const context = this.#context;
    context.chronos = chronos;
    context.random.start(slot, chronos);
    context.local = this.#locals.get(slot) ?? {};
    this.#requests = undefined;
    try {
      input(device, this.#emit, state, slot, context);
    } finally {
      this.#locals.set(slot, context.local);
    }
    return this.#requests ?? NO_REQUESTS;
  }

  /** What the game itself predicts; undefined for the declared prediction. What `predict` throws comes out. */
  predict(
    state: unknown,
    slot: Slot,
    chronos: ChronosTick,
    lastKnown: readonly EmitRequest[],
  ): readonly EmitRequest[] | undefined {
    const context: PredictContext = { chronos, kairos: this.#context.kairos };
    return this.#spec.predict?.(state, slot, lastKnown as readonly any[], context);
  }
}
