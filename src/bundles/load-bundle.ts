import { refuseGame } from "../core/base/errors.js";
import { type BundledGame, fingerprintOfBundle, parseBundle } from "../core/bundle/game-bundle.js";
import { MAX_BUNDLE_MEMORY_PAGES } from "../core/bundle/limits.js";
import { loadLuaGame } from "../lua/load-lua-game.js";
import { loadWasmGame, MODULE_FILE } from "../wasm/load.js";

export interface BundleOptions {
  /** Bytes of `echo-net/lua.wasm`, for games in Lua; Node finds them by itself. */
  readonly glue?: Uint8Array;
}

/**
 * Makes the identical game, of an equal fingerprint, from the bytes of its bundle, in Node and in browsers. Throws
 * `EchoNetError` `GAME_INVALID` for bytes that are no bundle, and where this program would make another game of them.
 */
export async function loadBundle(bytes: Uint8Array, options: BundleOptions = {}): Promise<BundledGame> {
  const bundle = parseBundle(bytes);
  if (typeof bundle === "string") refuseGame(`these bytes are no game's bundle: ${bundle}`);
  const { kind, name, settings, files } = bundle;
  const game =
    kind === "lua"
      ? await loadLuaGame(files, { ...options, name })
      : moduleGame(files[MODULE_FILE], settings.memoryCapPages);
  // Another engine, another name within the module, settings or files that are not used: all of it shows here.
  if (game.fingerprint !== fingerprintOfBundle(bytes)) {
    refuseGame(
      `"${name}" was bundled by another version of Echo Net or of Lua, which runs it otherwise: use that version`,
    );
  }
  return game;
}

function moduleGame(module: Uint8Array | undefined, memoryCapPages: number | undefined): BundledGame {
  if (module === undefined || memoryCapPages === undefined) {
    refuseGame(
      `these bytes are no game's bundle: a module's bundle holds ${MODULE_FILE} and its memoryCapPages`,
    );
  }
  if (memoryCapPages > MAX_BUNDLE_MEMORY_PAGES) {
    refuseGame(
      `the module may take ${memoryCapPages} pages of memory, and ${MAX_BUNDLE_MEMORY_PAGES} are allowed`,
    );
  }
  return loadWasmGame(module, { memoryCapPages });
}
