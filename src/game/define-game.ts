import type { Hash } from "../core/base/brand.js";
import { refuseGame } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { hashOfBytes } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import { EventCatalog } from "../core/envelope/catalog.js";
import { encode } from "../core/envelope/codec.js";
import type { Fields } from "../core/envelope/field-type.js";
import { isName, NAME_RULE } from "../core/envelope/names.js";
import { compileFields } from "../core/envelope/record.js";
import { GAME_MARK, type Game, type Simulation } from "../core/session/simulation.js";
import { MAX_TICK_HZ } from "../core/wire/limits.js";
import { handlersOf } from "./handlers.js";
import { DEFAULT_TICK_HZ, GAME_NAME_LENGTH } from "./limits.js";
import { GameSimulation } from "./simulation.js";
import type { AnyGameSpec, EffectDeclarations, EventDeclarations, GameSpec } from "./spec.js";
import { describe } from "./state-check.js";

/** Carries a game's types from its definition to sessions; there is never such a value. */
export interface GameTypes<Events, Effects, State, Device> {
  readonly events: Events;
  readonly effects: Effects;
  readonly state: State;
  readonly device: Device;
}

/** A defined game, with the types of its events, effects, state and device. */
export interface DefinedGame<
  Events extends EventDeclarations = any,
  Effects extends EffectDeclarations = any,
  State = any,
  Device = any,
> extends Game {
  readonly [GAME_MARK]: true;
  readonly types?: GameTypes<Events, Effects, State, Device>;
}

/**
 * Makes a game from its definition. Its fingerprint covers name, version, tick rate, events and effects, never the
 * code: a change of the rules needs a new version. Throws `EchoNetError` `GAME_INVALID`.
 */
export function defineGame<
  const Events extends EventDeclarations,
  State extends object,
  Device = unknown,
  const Effects extends EffectDeclarations = Record<never, Fields>,
>(spec: GameSpec<Events, Effects, State, Device>): DefinedGame<Events, Effects, State, Device> {
  checkSpec(spec);
  const { name, version, tickHz = DEFAULT_TICK_HZ, events, effects = {} } = spec;
  const catalog = EventCatalog.compile(events);
  for (const { kind, handler } of handlersOf(spec.on)) {
    if (catalog.kindNamed(kind) === undefined)
      refuseGame(`on.${kind} handles a kind that events does not declare`);
    requireAtOnce(`on.${kind}`, handler);
  }
  const description: Value = {
    name,
    version,
    tickHz,
    events: catalog.description,
    effects: describeEffects(effects),
  };
  const fingerprint: Hash = hashOfBytes(domainHash("game", encode(description)));
  return {
    [GAME_MARK]: true,
    name,
    version,
    tickHz,
    fingerprint,
    catalog,
    createSimulation: ({ guarded = false } = {}): Simulation =>
      new GameSimulation({ spec, fingerprint, catalog }, guarded),
  };
}

/** Whether a value is a game, whichever copy of the package made it. */
export function isGame(value: unknown): value is Game {
  return (
    typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[GAME_MARK] === true
  );
}

/** Throws `EchoNetError` GAME_INVALID for what is no game; `who` was handed it. */
export function requireGame(value: unknown, who: string): asserts value is Game {
  if (isGame(value)) return;
  const inside = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const name = inside.find(([, part]) => isGame(part))?.[0];
  const advice = name === undefined ? "what defineGame returned" : `its ${name}, which is one`;
  const what = typeof value === "object" && value !== null ? "an object that is none" : describe(value);
  refuseGame(`${who} takes a game, not ${what}: hand it ${advice}`);
}

function describeEffects(effects: EffectDeclarations): Value {
  const described = Object.entries(effects).map(([name, fields]): [string, Value] => {
    if (!isName(name)) refuseGame(`${JSON.stringify(name)} cannot name an effect: ${NAME_RULE}`);
    return [name, compileFields(`effect ${name}`, fields).description];
  });
  return Object.fromEntries(described);
}

const KNOWN_PARTS = [
  "name",
  "version",
  "tickHz",
  "events",
  "effects",
  "setup",
  "on",
  "step",
  "input",
  "predict",
];

function checkSpec(spec: AnyGameSpec): void {
  if (typeof spec !== "object" || spec === null)
    refuseGame("defineGame takes an object: { name, version, events, … }");
  for (const part of Object.keys(spec)) {
    if (!KNOWN_PARTS.includes(part))
      refuseGame(`a game has no part ${part}; its parts are ${KNOWN_PARTS.join(", ")}`);
  }
  for (const part of ["name", "version"] as const) {
    const text: unknown = spec[part];
    if (typeof text !== "string" || text.length > GAME_NAME_LENGTH || !/^[\x20-\x7e]+$/.test(text)) {
      refuseGame(`a game's ${part} is text of 1 to ${GAME_NAME_LENGTH} printable ASCII characters`);
    }
  }
  const { tickHz = DEFAULT_TICK_HZ } = spec;
  if (!Number.isInteger(tickHz) || tickHz < 1 || tickHz > MAX_TICK_HZ) {
    refuseGame(`tickHz is a whole number from 1 to ${MAX_TICK_HZ}`);
  }
  for (const part of ["events", "effects", "on"] as const) {
    const given: unknown = spec[part];
    const mayBeAbsent = part !== "events" && given === undefined;
    if (!mayBeAbsent && (typeof given !== "object" || given === null))
      refuseGame(`a game's ${part} is an object`);
  }
  for (const part of ["setup", "step", "input", "predict"] as const) {
    const given: unknown = spec[part];
    const mayBeAbsent = part !== "setup" && given === undefined;
    if (!mayBeAbsent && typeof given !== "function") refuseGame(`a game's ${part} is a function`);
    requireAtOnce(`a game's ${part}`, given);
  }
}

/** A function that waits would go on when its tick is long over. */
function requireAtOnce(what: string, code: unknown): void {
  const name = Object.prototype.toString.call(code).slice("[object ".length, -1);
  if (["AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"].includes(name)) {
    refuseGame(`${what} is a plain function, not async and no generator: a tick runs at once`);
  }
}
