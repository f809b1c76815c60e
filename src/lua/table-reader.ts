import { refuseGame } from "../core/base/errors.js";
import type { Value } from "../core/base/value.js";
import type { LuaState } from "./lua-state.js";
import { ANY, type FieldsByName, type LuaField } from "./shape.js";

/**
 * How tables lie in memory in Lua 5.4 for 32 bits. Of a table: the binary logarithm of the number of its nodes, the
 * length of its array, where its nodes are. Of a node: the value first, then its type, the key's type, the key.
 */
const TABLE = { nodesLog2: 7, arrayLength: 8, nodes: 16 } as const;
const NODE = { valueType: 8, keyType: 9, key: 16, bytes: 24 } as const;
const FALSE = 0x01;
const TRUE = 0x11;
const INTEGER = 0x03;
const FLOAT = 0x13;
/** Texts of up to 40 bytes are there once, so that their address tells which they are. */
const SHORT_TEXT = 0x44;
/** Nil in all its forms: the low half of the type is 0. */
const TYPE_BITS = 0x0f;
/** More nodes than the fields of any payload need. */
const MOST_NODES_LOG2 = 7;

/** Keeps the fields' names for good and tells where they are. */
export function keepNames(lua: LuaState, fields: readonly LuaField[]): FieldsByName {
  return new Map(
    fields.map((field) => {
      lua.pushText(lua.main, field.name);
      const address = lua.api.lua_topointer(lua.main, -1);
      lua.keep();
      return [address, field];
    }),
  );
}

/**
 * Reads a payload of numbers and booleans where it lies, without a call into Lua for every field. Undefined where
 * anything about it is out of the ordinary: then `LuaValues` is to look, and to say what is wrong.
 */
export function readRecord(
  { machine: { bytes, view } }: LuaState,
  table: number,
  fields: FieldsByName,
): Record<string, Value> | undefined {
  const nodesLog2 = bytes[table + TABLE.nodesLog2]!;
  if (nodesLog2 > MOST_NODES_LOG2 || view.getUint32(table + TABLE.arrayLength, true) !== 0) return undefined;
  const payload: Record<string, Value> = {};
  let node = view.getUint32(table + TABLE.nodes, true);
  for (const end = node + (NODE.bytes << nodesLog2); node < end; node += NODE.bytes) {
    const type = bytes[node + NODE.valueType]!;
    if ((type & TYPE_BITS) === 0) continue;
    if (bytes[node + NODE.keyType] !== SHORT_TEXT) return undefined;
    const field = fields.get(view.getUint32(node + NODE.key, true));
    if (field === undefined || field.shape.type === "i64") return undefined;
    if (type === FLOAT) {
      payload[field.name] = view.getFloat64(node, true);
    } else if (type === INTEGER) {
      const value = view.getInt32(node + 4, true) * 0x1_0000_0000 + view.getUint32(node, true);
      if (!Number.isSafeInteger(value)) return undefined;
      payload[field.name] = value;
    } else if (type === TRUE || type === FALSE) {
      payload[field.name] = type === TRUE;
    } else {
      return undefined;
    }
  }
  return payload;
}

/** Throws `EchoNetError` `GAME_INVALID` where tables lie otherwise. */
export function checkLayout(lua: LuaState): void {
  const { api, main } = lua;
  const fields = keepNames(
    lua,
    ["a", "b", "c", "d", "e"].map((name) => ({ name, shape: ANY })),
  );
  api.lua_createtable(main, 0, 0);
  const values: readonly [string, () => void][] = [
    ["a", () => api.lua_pushnumber(main, -0.75)],
    ["b", () => api.lua_pushinteger(main, -0x100_0000_0005n)],
    ["c", () => api.lua_pushboolean(main, 1)],
    ["d", () => api.lua_pushboolean(main, 0)],
    ["e", () => api.lua_pushnil(main)],
  ];
  for (const [name, push] of values) {
    lua.pushText(main, name);
    push();
    api.lua_rawset(main, -3);
  }
  const read = readRecord(lua, api.lua_topointer(main, -1), fields);
  api.lua_settop(main, 0);
  const isRight =
    read?.a === -0.75 &&
    read.b === -0x100_0000_0005 &&
    read.c === true &&
    read.d === false &&
    Object.keys(read).length === 4;
  if (!isRight) refuseGame("these bytes are not wasmoon's glue.wasm");
}
