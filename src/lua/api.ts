/** The functions of Lua's C interface that are used, as the module exports them. Pointers and states are numbers. */
export interface LuaApi {
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  emscripten_stack_get_base(): number;
  emscripten_stack_get_end(): number;
  stackSave(): number;
  stackRestore(pointer: number): void;
  stackAlloc(byteLength: number): number;
  setThrew(threw: number, value: number): void;
  malloc(byteLength: number): number;
  free(pointer: number): void;
  luaL_newstate(): number;
  luaopen_base(state: number): number;
  luaopen_coroutine(state: number): number;
  luaopen_table(state: number): number;
  luaopen_string(state: number): number;
  luaopen_math(state: number): number;
  luaopen_utf8(state: number): number;
  luaL_loadbufferx(state: number, text: number, byteLength: number, name: number, mode: number): number;
  luaL_ref(state: number, index: number): number;
  luaL_tolstring(state: number, index: number, byteLength: number): number;
  lua_gettop(state: number): number;
  lua_settop(state: number, index: number): void;
  lua_checkstack(state: number, count: number): number;
  lua_pushvalue(state: number, index: number): void;
  lua_pushnil(state: number): void;
  lua_pushboolean(state: number, value: number): void;
  lua_pushnumber(state: number, value: number): void;
  lua_pushinteger(state: number, value: bigint): void;
  lua_pushlstring(state: number, text: number, byteLength: number): number;
  lua_pushcclosure(state: number, tableIndex: number, upvalues: number): void;
  lua_createtable(state: number, items: number, fields: number): void;
  lua_type(state: number, index: number): number;
  lua_isinteger(state: number, index: number): number;
  lua_tonumberx(state: number, index: number, isNumber: number): number;
  lua_tointegerx(state: number, index: number, isNumber: number): bigint;
  lua_toboolean(state: number, index: number): number;
  lua_tolstring(state: number, index: number, byteLength: number): number;
  lua_rawlen(state: number, index: number): bigint;
  lua_topointer(state: number, index: number): number;
  lua_rawget(state: number, index: number): number;
  lua_rawgeti(state: number, index: number, key: bigint): number;
  lua_rawset(state: number, index: number): void;
  lua_rawseti(state: number, index: number, key: bigint): void;
  lua_next(state: number, index: number): number;
  lua_setfield(state: number, index: number, name: number): void;
  lua_setglobal(state: number, name: number): void;
  lua_pcallk(
    state: number,
    args: number,
    results: number,
    handler: number,
    context: number,
    continuation: number,
  ): number;
  lua_error(state: number): number;
  lua_getstack(state: number, level: number, record: number): number;
  lua_getinfo(state: number, what: number, record: number): number;
}

/** Types of values, as `lua_type` gives them. */
export const LuaType = {
  none: -1,
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;

/** Names of those types, for messages; the number is the place. */
export const TYPE_NAMES: readonly string[] = [
  "nil",
  "a boolean",
  "a pointer",
  "a number",
  "a string",
  "a table",
  "a function",
  "a userdata",
  "a coroutine",
];

/** What `lua_pcallk` and `luaL_loadbufferx` return. */
export const LuaStatus = { ok: 0, runtime: 2, syntax: 3, memory: 4, handler: 5 } as const;

/** Place of the registry among stack indices: below the lowest that a stack of a million values can have. */
export const REGISTRY_INDEX: number = -1_000_000 - 1_000;
