import { isMap, type Value } from "../core/base/value.js";
import { LuaType } from "./api.js";
import type { Declarations } from "./declarations.js";
import { MAX_KEY_BYTES, MAX_TEXT_BYTES } from "./limits.js";
import type { LuaRuntime } from "./runtime.js";

/** Nesting and number of values that an inspection shows. */
const LOOK_DEPTH = 24;
const LOOK_VALUES = 200_000;
/** Bytes of the texts among them, each as often as it stands there: a script may have one text everywhere. */
const LOOK_TEXT_BYTES = 1_048_576;
/** Where the names of scripts are, in the list of entities that is looked at. */
const NAME_DEPTH = 2;

/** One entity as renderers, diffs and the debugger see it. */
export interface EntityView {
  readonly id: number;
  readonly script: string;
  readonly slot?: number;
  /** The declared components; where the game declares none, all that is plain data in `self`. */
  readonly components: { readonly [name: string]: Value };
}

/** The entities as a tree whose paths say whose `self` they lead into: `world.self.score`. */
export function byName(entities: readonly EntityView[]): { readonly [name: string]: Value } {
  const tree: Record<string, Value> = {};
  for (const { id, script, slot, components: self } of entities) {
    const isWorld = script === "world" && !Object.hasOwn(tree, script);
    const name = slot === undefined ? (isWorld ? script : `${script} ${id}`) : `slot ${slot}`;
    tree[name] = { id, script, self };
  }
  return tree;
}

/** Reads the entities of the state that a runtime holds. */
export function lookAt(runtime: LuaRuntime, components: Declarations["components"]): EntityView[] {
  runtime.machine.refuel(Number.MAX_SAFE_INTEGER);
  let found: Value | undefined;
  runtime.call("look", undefined, () => {
    found = new Look(runtime).tree(2, 0);
  });
  if (!Array.isArray(found)) return [];
  return (found as readonly Record<string, Value>[]).map(({ id, script, slot, self }) => ({
    id: id as number,
    script: script as string,
    ...(slot === undefined ? {} : { slot: slot as number }),
    components: chosen(self, components),
  }));
}

function chosen(self: Value | undefined, components: Declarations["components"]): Record<string, Value> {
  if (!isMap(self)) return {};
  if (components.size === 0) {
    const { id: _, slot: __, ...rest } = self;
    return rest;
  }
  const shown: Record<string, Value> = {};
  for (const [name, { fields }] of components) {
    if (!Object.hasOwn(self, name)) continue;
    const value = self[name]!;
    shown[name] =
      fields !== undefined && isMap(value)
        ? Object.fromEntries(Object.entries(value).filter(([field]) => fields.includes(field)))
        : value;
  }
  return shown;
}

/** Plain data of any shape: what is none is left out, keys that are no text are spelled in angle brackets. */
class Look {
  readonly #runtime: LuaRuntime;
  #left = LOOK_VALUES;
  #textBytesLeft = LOOK_TEXT_BYTES;

  constructor(runtime: LuaRuntime) {
    this.#runtime = runtime;
  }

  tree(index: number, depth: number): Value | undefined {
    const { api, main: state } = this.#runtime.lua;
    if (--this.#left < 0) return undefined;
    switch (api.lua_type(state, index)) {
      case LuaType.boolean:
        return api.lua_toboolean(state, index) !== 0;
      case LuaType.number: {
        const value = api.lua_tonumberx(state, index, 0);
        if (Number.isSafeInteger(value) || api.lua_isinteger(state, index) === 0) return value;
        return api.lua_tointegerx(state, index, 0);
      }
      case LuaType.string:
        return this.#text(index, depth);
      case LuaType.table:
        return depth < LOOK_DEPTH && api.lua_checkstack(state, 8) !== 0
          ? this.#table(index, depth)
          : undefined;
      default:
        return undefined;
    }
  }

  #text(index: number, depth: number): string | undefined {
    const { lua } = this.#runtime;
    if (depth === NAME_DEPTH) return lua.text(lua.main, index, MAX_KEY_BYTES);
    this.#textBytesLeft -= Math.min(MAX_TEXT_BYTES, lua.stringBytes(lua.main, index).length);
    return this.#textBytesLeft < 0 ? undefined : lua.text(lua.main, index, MAX_TEXT_BYTES);
  }

  #table(index: number, depth: number): Value {
    const { api, main: state } = this.#runtime.lua;
    const length = Number(api.lua_rawlen(state, index));
    const items: Value[] = [];
    const named: [string, Value][] = [];
    api.lua_pushnil(state);
    while (api.lua_next(state, index) !== 0) {
      const at = api.lua_gettop(state);
      const type = api.lua_type(state, at - 1);
      const place = type === LuaType.number ? api.lua_tonumberx(state, at - 1, 0) : 0;
      const value = this.tree(at, depth + 1);
      if (value !== undefined) {
        if (type === LuaType.string)
          named.push([this.#runtime.lua.text(state, at - 1, MAX_KEY_BYTES), value]);
        else if (Number.isInteger(place) && place >= 1 && place <= length && items.length === place - 1)
          items.push(value);
        else if (type === LuaType.number) named.push([`<${place}>`, value]);
        else if (type === LuaType.boolean) named.push([`<${api.lua_toboolean(state, at - 1) !== 0}>`, value]);
      }
      api.lua_settop(state, -2);
    }
    if (named.length === 0 && items.length > 0) return items;
    for (const [i, item] of items.entries()) named.push([`<${i + 1}>`, item]);
    named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(named);
  }
}
