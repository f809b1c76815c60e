/**
 * `echo-net/bundles`: games that are data. What a game of Lua scripts or a WebAssembly module carries as its `bundle`
 * becomes that game again, also where it came with a journal or from a host. Runs in Node and in browsers.
 */
export type { BundledGame } from "../core/bundle/game-bundle.js";
export { fromHost } from "./from-host.js";
export type { GameFetch, GameFromHost } from "./game-from-host.js";
export { type BundleOptions, loadBundle } from "./load-bundle.js";
