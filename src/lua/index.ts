/**
 * `echo-net/lua`: games of Lua scripts, sandboxed, that give the same bits in every engine. Runs in Node and in
 * browsers.
 */
export { type LuaGame, type LuaGameOptions, loadLuaGame } from "./load-lua-game.js";
export type { EntityView } from "./look.js";
export { LuaError } from "./match-host.js";
export type { Script } from "./runtime.js";
export type { LuaSource } from "./source.js";
