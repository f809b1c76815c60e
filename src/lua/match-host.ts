import { type ChronosTick, chronosTick, type Slot } from "../core/base/brand.js";
import { isMap, type Value } from "../core/base/value.js";
import { type Bus, WORLD_ENTITY } from "../core/bridge/bus.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest } from "../core/envelope/event-envelope.js";
import type { EffectRequest, MatchSeed, StepFault } from "../core/session/simulation.js";
import { EFFECT_BYTES_PER_TICK, EFFECT_VALUE_BYTES, EFFECTS_PER_TICK } from "../game/limits.js";
import { LogBook } from "../game/log-book.js";
import { DerivedRandom } from "../game/tick-random.js";
import type { Declarations } from "./declarations.js";
import type { ScriptEffect, ScriptHost } from "./echo-functions.js";
import { explained } from "./explain.js";
import { FAULTS_PER_TICK, UNPLACED_EVENTS } from "./limits.js";
import { ScriptError } from "./lua-state.js";
import { TARGET_FIELD } from "./values.js";

/** Player entities are numbered as their slots, the world by this, all others from the next number on. */
export const isSlot = (entity: number): boolean => entity < WORLD_ENTITY;

/** How a fault names an entity. */
export const entityName = (entity: number): string =>
  isSlot(entity) ? `slot ${entity}` : entity === WORLD_ENTITY ? "the world" : `entity ${entity}`;

/** An error of a script, as it is reported. */
export class LuaError extends Error {
  override readonly name = "LuaError";

  constructor(message: string) {
    super(explained(message));
  }
}

/** What all hosts of running scripts share: kinds and targets, logs and reports. */
export abstract class RunningHost implements Omit<ScriptHost, "emit" | "effect"> {
  readonly random: DerivedRandom;
  faults: StepFault[] = [];
  readonly book: LogBook = new LogBook();

  /** @param domain names the generator, so that no two hosts of a match draw alike */
  constructor(match: MatchSeed, domain: string) {
    this.random = new DerivedRandom(domain, match.seed);
  }

  protected clear(): void {
    if (this.faults.length > 0) this.faults = [];
    this.book.clear();
  }

  undeclared(kind: string): void {
    throw new ScriptError(`no event ${kind}: nothing declares it, and no script has on_${kind}`);
  }

  log(entity: number, text: string, place: string | undefined): void {
    const name = entityName(entity);
    this.book.add(place === undefined ? name : `${name}, ${place}`, text);
  }

  report(entity: number, callback: string, message: string): void {
    if (this.faults.length === FAULTS_PER_TICK) return;
    this.faults.push({ error: new LuaError(message), where: `${callback} of ${entityName(entity)}` });
  }

  /** Declarations were collected before the match. */
  event(): void {}
  component(): void {}
}

/** Serves the callbacks that every peer runs alike. */
export class TickHost extends RunningHost implements ScriptHost {
  effects: EffectRequest[] = [];
  readonly #bus: Bus;
  readonly #unkeyed = new Map<string, number>();
  #tick = 0;
  #effectBytes = 0;

  constructor(match: MatchSeed, bus: Bus) {
    super(match, "random of a tick");
    this.#bus = bus;
  }

  /** Before a tick's first callback, and again where the tick is run anew. */
  start(tick: number): void {
    this.clear();
    this.#tick = tick;
    this.#effectBytes = 0;
    this.random.start(tick);
    if (this.effects.length > 0) this.effects = [];
    if (this.#unkeyed.size > 0) this.#unkeyed.clear();
  }

  emit(entity: number, to: number | undefined, kind: string, payload: Value | undefined): void {
    this.#bus.emit(kind, addressed(payload, to), entity);
  }

  effect(entity: number, { name, key, data, weight }: ScriptEffect): void {
    if (this.effects.length === EFFECTS_PER_TICK) {
      throw new ScriptError(`one tick asks for more than ${EFFECTS_PER_TICK} effects`);
    }
    const bytes = name.length + (key?.length ?? 0) + weight + EFFECT_VALUE_BYTES;
    if (this.#effectBytes + bytes > EFFECT_BYTES_PER_TICK) {
      throw new ScriptError(
        `the effects of one tick carry more than ${EFFECT_BYTES_PER_TICK} bytes, each value counted with ${EFFECT_VALUE_BYTES}`,
      );
    }
    this.#effectBytes += bytes;
    const slot = isSlot(entity) ? (entity as Slot) : undefined;
    this.effects.push({ name, key: key ?? this.#keyOf(name, entity), data: data ?? {}, slot });
  }

  #keyOf(name: string, entity: number): string {
    const counter = `${entity}/${name}`;
    const ordinal = this.#unkeyed.get(counter) ?? 0;
    this.#unkeyed.set(counter, ordinal + 1);
    return `#${this.#tick}/${entity}/${ordinal}`;
  }
}

/** Serves `on_input`, on a copy of the state that is thrown away. */
export class InputHost extends RunningHost implements ScriptHost {
  requests: EmitRequest[] = [];
  readonly #catalog: EventCatalog;
  #chronos: ChronosTick = chronosTick(0);

  constructor(declarations: Declarations, match: MatchSeed) {
    super(match, "random of local input");
    this.#catalog = declarations.catalog;
  }

  begin(slot: Slot, chronos: ChronosTick): void {
    this.clear();
    this.random.start(slot, chronos);
    this.#chronos = chronos;
    this.requests = [];
  }

  emit(
    _entity: number,
    to: number | undefined,
    kind: string,
    payload: Value | undefined,
    placeOf: () => string | undefined,
  ): void {
    const given = addressed(payload, to);
    // Packed only to be checked, while the script's own line can still be told.
    this.#catalog.pack(kind, given, this.#chronos);
    // Only of what may be too much it is asked where it was emitted.
    const isMuch = this.requests.length >= UNPLACED_EVENTS;
    this.requests.push(isMuch ? { kind, payload: given, place: placeOf() } : { kind, payload: given });
  }

  effect(_entity: number, { name }: ScriptEffect): void {
    throw new ScriptError(
      `effect ${name} in on_input would reach nobody: ask for it where its event is handled`,
    );
  }
}

function addressed(payload: Value | undefined, to: number | undefined): Value {
  const given = payload ?? {};
  if (to === undefined) return given;
  if (!isMap(given)) throw new ScriptError("only a payload with named fields can be sent with {to = …}");
  return { ...given, [TARGET_FIELD]: to };
}

/** Serves nobody: before a match, and between the calls of one. */
export const NOBODY: ScriptHost = {
  undeclared() {},
  emit() {},
  effect() {},
  log() {},
  report() {},
  event() {},
  component() {},
  random: { int: () => 0, unit: () => 0 },
};
