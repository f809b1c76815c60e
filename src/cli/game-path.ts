import { existsSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { CliError } from "./exit.js";
import { reasonOf } from "./files.js";

/** What a game on the disk is written in. */
export type GameLanguage = "javascript" | "typescript" | "lua" | "wasm";

const LANGUAGES: Readonly<Record<string, GameLanguage>> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".lua": "lua",
  ".wasm": "wasm",
};
/** What the names of games that are one file end in. */
export const GAME_ENDINGS: readonly string[] = Object.keys(LANGUAGES);
/** Beside scripts or a WebAssembly module, which can export nothing that draws. */
const DRAWING = "draw.mjs";

/** What a file is written in by its name; undefined where no game is. */
export const languageOfFile = (path: string): GameLanguage | undefined => LANGUAGES[extname(path)];

/** What the game at a path is written in; a folder holds scripts in Lua. Throws `CliError` 3 for what can be no game. */
export function languageOf(path: string): GameLanguage {
  const language = isFolder(path) ? "lua" : languageOfFile(path);
  if (language !== undefined) return language;
  throw new CliError(
    3,
    `${path} is no game: name a .lua file, a folder of them, a .wasm module, or a .js, .mjs or .ts file that has one as its default export`,
  );
}

/** The folder that a game is, or lies in. Throws `CliError` 3 where nothing is at the path. */
export const folderOf = (path: string): string => (isFolder(path) ? path : dirname(path));

/** The module that draws a game of scripts or in WebAssembly, where there is one. Throws as `folderOf`. */
export function drawingBeside(path: string): string | undefined {
  const file = join(folderOf(path), DRAWING);
  return existsSync(file) ? file : undefined;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new CliError(3, `${path} cannot be read: ${reasonOf(error)}`);
  }
}
