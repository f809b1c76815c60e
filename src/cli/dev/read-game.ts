import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { isEchoNetError } from "../../core/base/errors.js";
import { advise } from "../../lua/advice.js";
import { loadLuaGame } from "../../lua/load-lua-game.js";
import { loadWasmGame } from "../../wasm/load.js";
import { CliError, wordsOf } from "../exit.js";
import { reasonOf } from "../files.js";
import type { Problem, Reading } from "./description.js";
import { nearPath, readModule } from "./read-module.js";

/** Beside scripts or a WebAssembly module, which can export nothing that draws. */
const DRAWING = "draw.mjs";
const MODULES = [".js", ".mjs", ".ts", ".mts"];
const WASM_URL = "game/game.wasm";

/**
 * Reads a game for the page. What is wrong inside it is the reading's `problem`, which the next edit may mend. Throws
 * `CliError` 3 for what can be no game at all.
 */
export async function readGame(path: string): Promise<Reading> {
  const isFolder = kindOf(path) === "folder";
  const extension = extname(path);
  if (!isFolder && MODULES.includes(extension)) {
    const { url, ...rest } = await readModule(path, "game");
    return { loading: { module: url }, ...rest };
  }
  const folder = isFolder ? path : dirname(path);
  if (isFolder || extension === ".lua") return await withDrawing(folder, await readScripts(path));
  if (extension === ".wasm") return await withDrawing(folder, readWasm(path));
  throw new CliError(
    3,
    `${path} is no game: name a .lua file, a folder of them, a .wasm module, or a .js, .mjs or .ts file that has one as its default export`,
  );
}

function kindOf(path: string): "folder" | "file" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    throw new CliError(3, `${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** What is read of a game that is data, without what draws it. */
type Data = Pick<Reading, "loading" | "problem" | "hints"> & Partial<Pick<Reading, "files">>;

async function readScripts(path: string): Promise<Data> {
  try {
    const game = await loadLuaGame(path);
    const files = Object.fromEntries(game.scripts.map(({ file, text }) => [file, text]));
    return { loading: { lua: { name: game.name, files } }, hints: advise(game) };
  } catch (error) {
    if (!isEchoNetError(error)) throw error;
    return { loading: {}, problem: scriptProblem(path, error.hint) };
  }
}

/** Lua says where it is with its words: `player.lua:3: …`. */
function scriptProblem(path: string, message: string): Problem {
  const [, file, line] = /([\w-]+\.lua):(\d+):/.exec(message) ?? [];
  if (file === undefined) return { message };
  const folder = path.endsWith(".lua") ? dirname(path) : path;
  return { message, place: { file: nearPath(resolve(folder, file)), line: Number(line) } };
}

function readWasm(path: string): Data {
  try {
    const bytes = readFileSync(path);
    loadWasmGame(bytes);
    return { loading: { wasm: WASM_URL }, files: new Map([[WASM_URL, bytes]]) };
  } catch (error) {
    return { loading: {}, problem: { message: `${path}: ${wordsOf(error)}` } };
  }
}

async function withDrawing(folder: string, data: Data): Promise<Reading> {
  const { loading, problem, files } = data;
  const file = join(folder, DRAWING);
  if (!existsSync(file)) {
    return {
      ...data,
      files: files ?? new Map(),
      folders: [resolve(folder)],
      placeOf: () => undefined,
    };
  }
  const drawing = await readModule(file, "draw");
  return {
    ...data,
    loading: { ...loading, drawing: drawing.url },
    problem: problem ?? drawing.problem,
    files: new Map([...(files ?? []), ...drawing.files]),
    folders: [...new Set([resolve(folder), ...drawing.folders])],
    placeOf: drawing.placeOf,
  };
}
