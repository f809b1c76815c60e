import { type ChronosTick, chronosTick, type KairosBranchId, type Slot } from "../core/base/brand.js";
import { refuseGame } from "../core/base/errors.js";
import { type Bus, WORLD_ENTITY } from "../core/bridge/bus.js";
import { checkFields } from "../core/envelope/record.js";
import type { EffectRequest, MatchSeed } from "../core/session/simulation.js";
import { EFFECT_KEY_LENGTH, EFFECTS_PER_TICK } from "./limits.js";
import type { Context, EffectDeclarations } from "./spec.js";
import { DerivedRandom } from "./tick-random.js";

const NO_EFFECTS: readonly EffectRequest[] = [];

/** What handlers and `step` hold as `ctx`: one object for the whole match, told anew at each tick. */
export class GameContext implements Context<any, any> {
  chronos: ChronosTick = chronosTick(0);
  readonly kairos: KairosBranchId;
  readonly random: DerivedRandom;
  readonly emit: (kind: string, payload: unknown) => void;
  readonly #bus: Bus;
  readonly #declared: EffectDeclarations;
  #effects: EffectRequest[] = [];
  /** How many effects without a key each entity asked for in this tick, by entity and name. */
  #unkeyed = new Map<string, number>();

  constructor(match: MatchSeed, bus: Bus, effects: EffectDeclarations) {
    this.kairos = match.kairos;
    this.random = new DerivedRandom("random of a tick", match.seed);
    this.#bus = bus;
    this.#declared = effects;
    this.emit = (kind, payload) => bus.emit(kind, payload);
  }

  /** Before the tick's first event, and again where the tick is rerun. */
  start(tick: ChronosTick): void {
    this.chronos = tick;
    this.random.start(tick);
    if (this.#effects.length > 0) this.#effects = [];
    if (this.#unkeyed.size > 0) this.#unkeyed.clear();
  }

  /** What the tick asked for so far, in order. */
  get effects(): readonly EffectRequest[] {
    return this.#effects.length === 0 ? NO_EFFECTS : this.#effects;
  }

  readonly effect = (name: string, keyOrData: unknown, data?: unknown): void => {
    const { phase } = this.#bus;
    if (phase === undefined) refuseGame("effect works only while the tick that it was given for runs");
    if (phase === "timeline_flush") {
      refuseGame("effects are gathered up to post_update; timeline_flush is too late to ask for one");
    }
    const fields = Object.hasOwn(this.#declared, name) ? this.#declared[name] : undefined;
    if (fields === undefined) refuseGame(`${String(name)} is not declared in the game's effects`);
    if (this.#effects.length === EFFECTS_PER_TICK)
      refuseGame(`one tick asks for more than ${EFFECTS_PER_TICK} effects`);
    const isKeyed = typeof keyOrData === "string";
    const given = isKeyed || keyOrData === undefined ? data : keyOrData;
    if (!isKeyed && keyOrData !== undefined && data !== undefined)
      refuseGame(`the key of effect ${name} is not text`);
    const entity = this.#bus.entity;
    const key = isKeyed ? checkedKey(name, keyOrData) : this.#keyOf(name, entity);
    this.#effects.push({
      name,
      key,
      data: checkFields(fields, given, `effect ${name}`, this.chronos),
      slot: entity === WORLD_ENTITY ? undefined : (entity as Slot),
    });
  };

  #keyOf(name: string, entity: number): string {
    const counter = `${entity}/${name}`;
    const ordinal = this.#unkeyed.get(counter) ?? 0;
    this.#unkeyed.set(counter, ordinal + 1);
    return `#${this.chronos}/${entity}/${ordinal}`;
  }
}

function checkedKey(name: string, key: string): string {
  if (key.length > EFFECT_KEY_LENGTH) {
    refuseGame(`a key of effect ${name} has ${key.length} characters; ${EFFECT_KEY_LENGTH} are allowed`);
  }
  return key;
}
