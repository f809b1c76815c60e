import { resolve } from "node:path";
import { isEchoNetError } from "../../core/base/errors.js";
import { advise } from "../../lua/advice.js";
import { loadLuaGame } from "../../lua/load-lua-game.js";
import { MAX_MODULE_BYTES } from "../../wasm/limits.js";
import { loadWasmGame } from "../../wasm/load.js";
import { wordsOf } from "../exit.js";
import { readInputFile } from "../files.js";
import { drawingBeside, folderOf, languageOf } from "../game-path.js";
import { nearPath } from "../place.js";
import type { Problem, Reading } from "./description.js";
import { readModule } from "./read-module.js";

const WASM_URL = "game/game.wasm";

/**
 * Reads a game for the page. What is wrong inside it is the reading's `problem`, which the next edit may mend. Throws
 * `CliError` 3 for what can be no game at all.
 */
export async function readGame(path: string): Promise<Reading> {
  const language = languageOf(path);
  if (language === "lua") return await withDrawing(path, await readScripts(path));
  if (language === "wasm") return await withDrawing(path, readWasm(path));
  const { url, ...rest } = await readModule(path, "game");
  return { loading: { module: url }, ...rest };
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
  return { message, place: { file: nearPath(resolve(folderOf(path), file)), line: Number(line) } };
}

function readWasm(path: string): Data {
  const bytes = readInputFile(path, MAX_MODULE_BYTES);
  try {
    loadWasmGame(bytes);
    return { loading: { wasm: WASM_URL }, files: new Map([[WASM_URL, bytes]]) };
  } catch (error) {
    return { loading: {}, problem: { message: `${path}: ${wordsOf(error)}` } };
  }
}

async function withDrawing(path: string, data: Data): Promise<Reading> {
  const { loading, problem, files = new Map<string, Uint8Array>() } = data;
  const folder = resolve(folderOf(path));
  const file = drawingBeside(path);
  if (file === undefined) return { ...data, files, folders: [folder], placeOf: () => undefined };
  const drawing = await readModule(file, "draw");
  return {
    ...data,
    loading: { ...loading, drawing: drawing.url },
    problem: problem ?? drawing.problem,
    files: new Map([...files, ...drawing.files]),
    folders: [...new Set([folder, ...drawing.folders])],
    placeOf: drawing.placeOf,
  };
}
