import { EchoNetError } from "../core/base/errors.js";
import type { Random } from "../core/base/prng.js";
import type { Value } from "../core/base/value.js";
import { LOG_BYTES } from "../game/limits.js";
import { LuaType } from "./api.js";
import type { HostFunction } from "./host-functions.js";
import { HOST_CALL_FUEL } from "./limits.js";
import { type LuaState, ScriptError } from "./lua-state.js";
import type { LuaMachine } from "./machine.js";
import { drawWithin } from "./random.js";
import { ANY, type LuaKind } from "./shape.js";
import type { LuaValues } from "./values.js";

/** An effect that a script asks for. */
export interface ScriptEffect {
  readonly name: string;
  readonly key: string | undefined;
  readonly data: Value | undefined;
  /** About what `data` takes in memory, in bytes. */
  readonly weight: number;
}

/** Who serves the scripts' calls: a match, its local side, or the collection of declarations. */
export interface ScriptHost {
  /** Something emits a kind that the game does not have. Throws `ScriptError` in a match. */
  undeclared(kind: string): void;
  /**
   * `to` is the number of the entity that is to handle the event, where it is not the emitter; `placeOf` tells the
   * script's own line.
   */
  emit(
    entity: number,
    to: number | undefined,
    kind: string,
    payload: Value | undefined,
    placeOf: () => string | undefined,
  ): void;
  effect(entity: number, effect: ScriptEffect): void;
  /** `place` is the script's own line, where one can be told. */
  log(entity: number, text: string, place: string | undefined): void;
  /** A callback within a callback ended with an error. */
  report(entity: number, callback: string, message: string): void;
  event(kind: string, declaration: Value | undefined): void;
  /** `place` is the script's own line, where one can be told. */
  component(name: string, fields: Value | undefined, place: string | undefined): void;
  readonly random: Random;
}

/** What the functions need of the Lua that they serve. */
export interface HostedLua {
  readonly machine: LuaMachine;
  readonly lua: LuaState;
  readonly values: LuaValues;
  /** The kinds of events, by their number less one. */
  readonly kinds: readonly LuaKind[];
  notePlace(state: number): void;
}

/** The functions that the prelude is given, by number. */
export const HOST_FUNCTIONS = [
  "emit",
  "effect",
  "report",
  "random",
  "log",
  "handler",
  "event",
  "component",
] as const;

type Named = Readonly<Record<(typeof HOST_FUNCTIONS)[number], HostFunction>>;

/** What stands behind `echo` on this side. A script's mistake becomes a Lua error at the script's line. */
export function hostFunctions(runtimeOf: () => HostedLua, hostOf: () => ScriptHost): readonly HostFunction[] {
  const named: Named = {
    emit(state) {
      const { lua, values, kinds } = runtimeOf();
      const to = lua.numberAt(state, 2);
      // Number 0 is a kind that nothing declares.
      const kind = kinds[lua.numberAt(state, 3) - 1];
      if (kind === undefined) {
        hostOf().undeclared(lua.textArgument(state, 5, "the kind of an event"));
        return 0;
      }
      const payload = values.readPayload(state, 4, kind);
      const placeOf = (): string | undefined => lua.placeOf(state);
      hostOf().emit(lua.numberAt(state, 1), to < 0 ? undefined : to, kind.name, payload, placeOf);
      return 0;
    },
    effect(state) {
      const { lua, values } = runtimeOf();
      const name = lua.textArgument(state, 2, "the name of an effect");
      const isKeyed = lua.api.lua_type(state, 3) > LuaType.nil;
      const key = isKeyed ? lua.textArgument(state, 3, `the key of effect ${name}`) : undefined;
      const data = values.read(state, 4, ANY, `the data of effect ${name}`);
      hostOf().effect(lua.numberAt(state, 1), { name, key, data, weight: values.weight });
      return 0;
    },
    report(state) {
      const { lua } = runtimeOf();
      const callback = lua.text(state, 2, 128);
      lua.api.lua_settop(state, 3);
      hostOf().report(lua.numberAt(state, 1), callback, lua.takeMessage(state, 512));
      return 0;
    },
    random(state) {
      const { lua } = runtimeOf();
      const { api } = lua;
      const { random } = hostOf();
      const count = api.lua_gettop(state);
      if (count === 0) {
        api.lua_pushnumber(state, random.unit());
        return 1;
      }
      if (count > 2) throw new ScriptError("wrong number of arguments to random");
      const first = integerArgument(state, 1);
      const second = count === 2 ? integerArgument(state, 2) : undefined;
      if (second === undefined && first === 0n) {
        api.lua_pushinteger(state, drawWithin(random, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn));
        return 1;
      }
      const [low, high] = second === undefined ? [1n, first] : [first, second];
      if (low > high)
        throw new ScriptError(`bad argument to random (the interval ${low} to ${high} is empty)`);
      api.lua_pushinteger(state, drawWithin(random, low, high));
      return 1;
    },
    log(state) {
      const { lua } = runtimeOf();
      hostOf().log(lua.numberAt(state, 1), lua.text(state, 2, LOG_BYTES), lua.placeOf(state));
      return 0;
    },
    handler(state) {
      const { lua } = runtimeOf();
      lua.api.lua_settop(state, 1);
      runtimeOf().notePlace(state);
      return 1;
    },
    event(state) {
      const { lua, values } = runtimeOf();
      const kind = lua.textArgument(state, 1, "the kind of an event");
      hostOf().event(kind, values.read(state, 2, ANY, `the declaration of ${kind}`));
      return 0;
    },
    component(state) {
      const { lua, values } = runtimeOf();
      const name = lua.textArgument(state, 1, "the name of a component");
      const fields = values.read(state, 2, ANY, `the fields of component ${name}`);
      hostOf().component(name, fields, lua.placeOf(state));
      return 0;
    },
  };
  const integerArgument = (state: number, index: number): bigint => {
    const { api } = runtimeOf().lua;
    const value = api.lua_tonumberx(state, index, 0);
    const isWhole =
      api.lua_isinteger(state, index) !== 0 || (Number.isInteger(value) && Math.abs(value) < 2 ** 63);
    if (api.lua_type(state, index) !== LuaType.number || !isWhole) {
      throw new ScriptError(`bad argument #${index} to random (a whole number is needed)`);
    }
    return api.lua_tointegerx(state, index, 0);
  };
  return HOST_FUNCTIONS.map((name) => guarded(named[name]));

  /** Turns a script's mistakes into Lua errors; Lua's own errors and traps go on their way. */
  function guarded(body: HostFunction): HostFunction {
    return (state) => {
      const { lua, machine } = runtimeOf();
      machine.spend(HOST_CALL_FUEL);
      let message: string;
      try {
        return body(state);
      } catch (error) {
        if (!(error instanceof ScriptError || error instanceof EchoNetError)) throw error;
        message = error.message;
      }
      return lua.raise(state, message);
    };
  }
}
