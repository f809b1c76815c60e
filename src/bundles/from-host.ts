import type { GameFromHost } from "./game-from-host.js";
import { gameOfHost } from "./game-of-host.js";
import { type BundleOptions, loadBundle } from "./load-bundle.js";

/**
 * In the place of a game: `joinMatch(fromHost(), { transport: udp({ invite }) })` plays whatever the host plays, if
 * that is a game in Lua or WebAssembly. It is fetched from the host, compared with what the invite names, and run in
 * its sandbox.
 */
export const fromHost = (options: BundleOptions = {}): GameFromHost => ({
  fetchFromHost: (fetch) => gameOfHost((bundle) => loadBundle(bundle, options), fetch),
});
