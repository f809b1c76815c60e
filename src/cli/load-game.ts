import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Game } from "../core/session/simulation.js";
import { isGame } from "../game/define-game.js";
import { loadLuaGame } from "../lua/load-lua-game.js";
import { MAX_MODULE_BYTES } from "../wasm/limits.js";
import { loadWasmGame } from "../wasm/load.js";
import { importTypeScript } from "./bundle-game.js";
import { withEarlyTraps } from "./early-traps.js";
import { CliError, oneLine, wordsOf } from "./exit.js";
import { readInputFile } from "./files.js";
import { drawingBeside, languageOf } from "./game-path.js";
import { placeOf, unparsedPlaceOf } from "./place.js";

export interface LoadedGame {
  readonly game: Game;
  /** The path as it was given. */
  readonly path: string;
  /** What the module exports to show a state in a terminal. */
  readonly draw: ((state: unknown) => string) | undefined;
}

/** The game that a file has as its default export. Throws `CliError` 3, in words. */
export async function loadGame(path: string): Promise<LoadedGame> {
  const language = languageOf(path);
  if (language === "lua") return { game: await loadScripts(path), path, draw: undefined };
  if (language === "wasm") return { game: loadModule(path), path, draw: undefined };
  const module = await importModule(path, language === "typescript");
  const game = module.default;
  if (isGame(game)) {
    const draw = typeof module.draw === "function" ? (module.draw as LoadedGame["draw"]) : undefined;
    return { game, path, draw };
  }
  throw new CliError(
    3,
    `${path} is no game: ${foundInstead(module)}; write \`export default defineGame({ … })\``,
  );
}

/**
 * The game from another copy of its module, which shares no variable with the first; of a `.js` file the modules that
 * it imports are the same ones. Undefined for what is no module. Throws `CliError` 3.
 */
export async function loadAfresh(path: string): Promise<Game | undefined> {
  const language = languageOf(path);
  if (language === "lua" || language === "wasm") return undefined;
  const { console } = globalThis;
  // What it prints was printed when it was loaded first.
  globalThis.console = new Proxy(console, { get: () => () => {} });
  try {
    const { default: game } = await importModule(path, language === "typescript", "?afresh");
    return isGame(game) ? game : undefined;
  } finally {
    globalThis.console = console;
  }
}

/** The game with what draws it, where that is a file of its own. Throws `CliError` 3. */
export async function withDrawing(loaded: LoadedGame): Promise<LoadedGame> {
  const language = languageOf(loaded.path);
  const isData = language === "lua" || language === "wasm";
  const file = isData ? drawingBeside(loaded.path) : undefined;
  if (file === undefined) return loaded;
  const { draw } = await importModule(file, false);
  if (typeof draw !== "function")
    throw new CliError(3, `${file} draws nothing: it exports no function draw(view)`);
  return { ...loaded, draw: draw as NonNullable<LoadedGame["draw"]> };
}

function loadModule(path: string): Game {
  const bytes = readInputFile(path, MAX_MODULE_BYTES);
  try {
    return loadWasmGame(bytes);
  } catch (error) {
    throw new CliError(3, `${path} is no game: ${whyNoGame(error)}`);
  }
}

/** What keeps something from being a game, without saying again that it is none. */
export const whyNoGame = (error: unknown): string =>
  oneLine(wordsOf(error)).replace(/^the module is no game: /, "");

async function loadScripts(path: string): Promise<Game> {
  try {
    return await loadLuaGame(path);
  } catch (error) {
    throw new CliError(3, `${path} is no game: ${whyNoGame(error)}`);
  }
}

async function importModule(
  path: string,
  isTypeScript: boolean,
  query = "",
): Promise<Record<string, unknown>> {
  const load = (): Promise<Record<string, unknown>> =>
    isTypeScript ? importTypeScript(path) : import(`${pathToFileURL(resolve(path)).href}${query}`);
  try {
    return await settled(path, withEarlyTraps(load));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const hint =
      (error as { code?: unknown } | null)?.code === "ERR_MODULE_NOT_FOUND"
        ? "; install what is missing"
        : "";
    const place =
      placeOf(error) || (error instanceof SyntaxError && !isTypeScript ? unparsedPlaceOf(path) : "");
    throw new CliError(3, `${path} cannot be loaded: ${oneLine(wordsOf(error))}${hint}${place}`);
  }
}

/** A module may wait at its top level for what never comes: nothing is left to be done then, and Node would exit. */
async function settled<Module>(path: string, loading: Promise<Module>): Promise<Module> {
  let giveUp = (): void => {};
  const idle = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(new CliError(3, `${path} cannot be loaded: it waits at its top level for what never comes`));
  });
  process.once("beforeExit", giveUp);
  try {
    return await Promise.race([loading, idle]);
  } finally {
    process.off("beforeExit", giveUp);
  }
}

function foundInstead(module: Record<string, unknown>): string {
  if ("default" in module) return `its default export is ${nameOf(module.default)}`;
  const names = Object.keys(module);
  const games = names.filter((name) => isGame(module[name]));
  if (games.length > 0) return `it has no default export, and ${games.join(", ")} is one`;
  return names.length === 0 ? "it exports nothing" : `it has no default export, only ${names.join(", ")}`;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object that defineGame did not make" : `a ${typeof value}`;
}
