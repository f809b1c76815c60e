import { utf8Decode } from "../core/base/text.js";
import { setOwn, type Value } from "../core/base/value.js";
import { EFFECT_VALUE_BYTES } from "../game/limits.js";
import { LuaType, TYPE_NAMES } from "./api.js";
import { MAX_KEY_BYTES, MAX_TEXT_BYTES, MAX_VALUES, TEXT_FUEL, VALUE_DEPTH, VALUE_FUEL } from "./limits.js";
import { type LuaState, ScriptError } from "./lua-state.js";
import { ANY, type LuaField, type LuaKind, type Shape } from "./shape.js";
import { readRecord } from "./table-reader.js";

/** So many there is room for on a stack that nothing was asked of. */
const FIELDS_WITH_ROOM = 8;

export { ANY, type Shape };

/** Where a payload says which entity is to handle its event, if not the one that emitted it. No script sees it. */
export const TARGET_FIELD = "echo:to";

/**
 * Plain data between Lua and the host. Undeclared, a number that is whole arrives as an integer, `{}` is an empty
 * map, and a table with keys 1..n an array. No metamethod runs.
 */
export class LuaValues {
  readonly #lua: LuaState;
  #left = 0;
  #textBytes = 0;

  constructor(lua: LuaState) {
    this.#lua = lua;
  }

  /** The value at an absolute `index`. Throws `ScriptError` for what is no plain data, or too much of it. */
  read(state: number, index: number, shape: Shape, what: string): Value | undefined {
    this.#left = MAX_VALUES;
    this.#textBytes = 0;
    return this.#read(state, index, shape, what, 0);
  }

  /** Roughly the bytes of memory that what was read last takes. */
  get weight(): number {
    return EFFECT_VALUE_BYTES * (MAX_VALUES - this.#left) + this.#textBytes;
  }

  /** The payload of an event of this kind at an absolute `index`, as `read`. */
  readPayload(
    state: number,
    index: number,
    { shape, fieldsByName, payloadName }: LuaKind,
  ): Value | undefined {
    const { api, machine } = this.#lua;
    if (fieldsByName !== undefined && api.lua_type(state, index) === LuaType.table) {
      machine.spend(VALUE_FUEL * (1 + fieldsByName.size));
      const payload = readRecord(this.#lua, api.lua_topointer(state, index), fieldsByName);
      if (payload !== undefined) return payload;
    }
    return this.read(state, index, shape, payloadName);
  }

  #read(state: number, index: number, shape: Shape, what: string, depth: number): Value | undefined {
    const { api, machine } = this.#lua;
    if (--this.#left < 0) throw new ScriptError(`${what} holds more than ${MAX_VALUES} values`);
    machine.spend(VALUE_FUEL);
    const type = api.lua_type(state, index);
    switch (type) {
      case LuaType.none:
      case LuaType.nil:
        return undefined;
      case LuaType.boolean:
        return api.lua_toboolean(state, index) !== 0;
      case LuaType.number:
        return this.#number(state, index, shape);
      case LuaType.string:
        return this.#string(state, index, shape, what);
      case LuaType.table:
        return this.#table(state, index, shape, what, depth);
      default:
        throw new ScriptError(`${what} holds ${TYPE_NAMES[type]}; only plain data can leave Lua`);
    }
  }

  #number(state: number, index: number, shape: Shape): Value {
    const { api } = this.#lua;
    const value = api.lua_tonumberx(state, index, 0);
    if (shape.type === "i64") {
      // A float with a whole value counts as the integer, as everywhere in Lua.
      return api.lua_isinteger(state, index) || Number.isSafeInteger(value)
        ? api.lua_tointegerx(state, index, 0)
        : value;
    }
    if (shape.type === "any" && !Number.isSafeInteger(value) && api.lua_isinteger(state, index)) {
      return api.lua_tointegerx(state, index, 0);
    }
    return value;
  }

  #string(state: number, index: number, shape: Shape, what: string): Value {
    const bytes = this.#lua.stringBytes(state, index);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new ScriptError(`${what} holds a string of ${bytes.length} bytes; ${MAX_TEXT_BYTES} are allowed`);
    }
    this.#textBytes += bytes.length;
    const text = shape.type === "bytes" ? 0 : this.#decoded(bytes);
    return typeof text === "string" ? text : bytes.slice();
  }

  #table(state: number, index: number, shape: Shape, what: string, depth: number): Value {
    const { api } = this.#lua;
    if (depth >= VALUE_DEPTH) throw new ScriptError(`${what} is nested more than ${VALUE_DEPTH} deep`);
    if (api.lua_checkstack(state, 8) === 0) throw new ScriptError(`${what} is nested too deep`);
    const length = Number(api.lua_rawlen(state, index));
    if (length > MAX_VALUES) throw new ScriptError(`${what} holds more than ${MAX_VALUES} values`);
    const items: Value[] = [];
    const map: Record<string, Value> = {};
    let numbered = 0;
    let named = 0;
    api.lua_pushnil(state);
    while (api.lua_next(state, index) !== 0) {
      const at = api.lua_gettop(state);
      if (api.lua_type(state, at - 1) === LuaType.string) {
        const name = this.#key(state, at - 1, what);
        const item = this.#read(state, at, fieldOf(shape, name), what, depth + 1);
        setOwn(map, name, item!);
        named++;
      } else {
        const place = api.lua_tonumberx(state, at - 1, 0);
        if (
          !(
            api.lua_type(state, at - 1) === LuaType.number &&
            place >= 1 &&
            place <= length &&
            Number.isInteger(place)
          )
        ) {
          throw new ScriptError(`${what} has a key that is neither text nor one of 1 to n`);
        }
        items[place - 1] = this.#read(state, at, itemOf(shape), what, depth + 1)!;
        numbered++;
      }
      api.lua_settop(state, -2);
    }
    if (numbered === 0) return shape.type === "list" && named === 0 ? [] : map;
    if (named > 0) throw new ScriptError(`${what} has both text and numbers as keys`);
    if (numbered !== length) throw new ScriptError(`${what} has an array with holes`);
    return items;
  }

  #decoded(bytes: Uint8Array): string | number {
    this.#lua.machine.spend(TEXT_FUEL * bytes.length);
    return utf8Decode(bytes);
  }

  #key(state: number, index: number, what: string): string {
    const bytes = this.#lua.stringBytes(state, index);
    this.#textBytes += bytes.length;
    const text = bytes.length > MAX_KEY_BYTES ? 0 : this.#decoded(bytes);
    if (typeof text === "string") return text;
    throw new ScriptError(`${what} has a key that is no text of at most ${MAX_KEY_BYTES} bytes`);
  }

  /** Pushes plain data; what is none becomes nil. `shape` says which whole numbers are floats. */
  push(state: number, value: unknown, shape: Shape = ANY): void {
    this.#left = MAX_VALUES;
    this.#push(state, value, shape, 0);
  }

  /** Pushes the values of these fields, one by one; returns how many there are. */
  pushFields(state: number, payload: object, fields: readonly LuaField[]): number {
    const { api, machine } = this.#lua;
    const count = fields.length;
    // Without a payload the handler is still given one.
    if (count === 0) api.lua_pushnil(state);
    if (count > FIELDS_WITH_ROOM) api.lua_checkstack(state, count + 8);
    machine.spend(VALUE_FUEL * count);
    this.#left = MAX_VALUES;
    for (let i = 0; i < count; i++) {
      const { name, shape } = fields[i]!;
      const value = (payload as Record<string, unknown>)[name];
      if (typeof value === "number") this.#pushNumber(state, value, shape);
      else if (typeof value === "boolean") api.lua_pushboolean(state, value ? 1 : 0);
      else this.#push(state, value, shape, 0);
    }
    return Math.max(1, count);
  }

  #pushNumber(state: number, value: number, shape: Shape): void {
    if (shape.type !== "float" && Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#lua.pushInteger(state, value);
    } else {
      this.#lua.api.lua_pushnumber(state, value);
    }
  }

  #push(state: number, value: unknown, shape: Shape, depth: number): void {
    const { api, machine } = this.#lua;
    machine.spend(VALUE_FUEL);
    switch (typeof value) {
      case "number":
        this.#pushNumber(state, value, shape);
        return;
      case "bigint":
        if (BigInt.asIntN(64, value) === value) api.lua_pushinteger(state, value);
        else api.lua_pushnumber(state, Number(value));
        return;
      case "boolean":
        api.lua_pushboolean(state, value ? 1 : 0);
        return;
      case "string":
        this.#lua.pushText(state, value);
        return;
      case "object":
        if (value !== null && depth < VALUE_DEPTH && --this.#left >= 0) {
          this.#pushObject(state, value, shape, depth);
          return;
        }
    }
    api.lua_pushnil(state);
  }

  #pushObject(state: number, value: object, shape: Shape, depth: number): void {
    const { api } = this.#lua;
    if (value instanceof Uint8Array) {
      this.#lua.pushBytes(state, value);
      return;
    }
    api.lua_checkstack(state, 8);
    if (Array.isArray(value)) {
      api.lua_createtable(state, Math.min(value.length, MAX_VALUES), 0);
      for (let i = 0; i < value.length; i++) {
        if (--this.#left < 0) break;
        this.#push(state, value[i], itemOf(shape), depth + 1);
        api.lua_rawseti(state, -2, BigInt(i + 1));
      }
      return;
    }
    const names = Object.keys(value);
    api.lua_createtable(state, 0, Math.min(names.length, MAX_VALUES));
    for (const name of names) {
      if (--this.#left < 0) break;
      const item = (value as Record<string, unknown>)[name];
      if (item === undefined || item === null || name === TARGET_FIELD) continue;
      this.#lua.pushText(state, name);
      this.#push(state, item, fieldOf(shape, name), depth + 1);
      api.lua_rawset(state, -3);
    }
  }
}

const fieldOf = (shape: Shape, name: string): Shape =>
  shape.type === "record" ? (shape.fields.get(name) ?? ANY) : ANY;

const itemOf = (shape: Shape): Shape => (shape.type === "list" ? shape.of : ANY);
