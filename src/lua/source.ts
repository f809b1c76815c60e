import { EchoNetError, refuseGame } from "../core/base/errors.js";
import { utf8Decode, utf8Encode } from "../core/base/text.js";
import { MAX_SCRIPTS, MAX_SOURCE_BYTES } from "./limits.js";
import { nodeParts } from "./node-parts.js";
import type { Script } from "./runtime.js";

/**
 * Where a game's scripts are: the path or `file:` URL of a `.lua` file or a folder of them, or the files themselves
 * by name (`{ "player.lua": text }`).
 */
export type LuaSource = string | URL | Readonly<Record<string, string | Uint8Array>>;

export interface LuaFiles {
  /** Of the file or folder, without `.lua`. */
  readonly name: string;
  /** Sorted by name. */
  readonly scripts: readonly Script[];
}

const SCRIPT_FILE = /^([A-Za-z0-9_-]{1,64})\.lua$/;

/**
 * Reads a game's scripts, under its own name or the one that is given. A single file is the players' script, whatever
 * its name. Throws `GAME_INVALID`.
 */
export function readLuaFiles(source: LuaSource, name?: string): LuaFiles {
  if (typeof source === "string" || source instanceof URL) {
    const files = readPath(source);
    return name === undefined ? files : { ...files, name };
  }
  return filesOf(name ?? "game", Object.entries(source));
}

function readPath(source: string | URL): LuaFiles {
  const { fs, path, url } = nodeParts("Lua games cannot be read from disk here: hand the files in by name");
  const from = typeof source === "string" ? path.resolve(source) : url.fileURLToPath(source);
  const read = (file: string): Uint8Array => {
    try {
      return fs.readFileSync(file);
    } catch (error) {
      throw unreadable(file, error);
    }
  };
  try {
    const name = path.basename(from).replace(/\.lua$/, "");
    if (!fs.statSync(from).isDirectory()) return filesOf(name, [[path.basename(from), read(from)]]);
    const files = fs.readdirSync(from).filter((file) => file.endsWith(".lua"));
    return folderOf(
      name,
      files.map((file) => [file, read(path.join(from, file))]),
    );
  } catch (error) {
    if (error instanceof EchoNetError) throw error;
    throw unreadable(from, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file, or it is a link to none",
  EISDIR: "it is a folder",
  EACCES: "reading it is not permitted",
  EPERM: "reading it is not permitted",
};

function unreadable(path: string, error: unknown): EchoNetError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new EchoNetError("GAME_INVALID", `${path} cannot be read: ${REASONS[code] ?? message}`);
}

type NamedFile = readonly [file: string, content: string | Uint8Array];

const filesOf = (name: string, files: readonly NamedFile[]): LuaFiles =>
  files.length === 1 ? { name, scripts: [scriptOf("player", files[0]!)] } : folderOf(name, files);

function folderOf(name: string, files: readonly NamedFile[]): LuaFiles {
  if (files.length > MAX_SCRIPTS)
    refuseGame(`${name} has ${files.length} scripts; ${MAX_SCRIPTS} are allowed`);
  const scripts = files.map((file) => {
    const script = SCRIPT_FILE.exec(file[0])?.[1];
    if (script === undefined)
      refuseGame(`${file[0]} cannot name a script: use letters, digits, _ and -, and .lua`);
    return scriptOf(script, file);
  });
  scripts.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!scripts.some((script) => script.name === "player")) {
    const found = scripts.map(({ file }) => file).join(", ");
    refuseGame(
      `${name} has no player.lua, the script of the entity of each player${found === "" ? "" : `, only ${found}`}`,
    );
  }
  const bytes = scripts.reduce((sum, { text }) => sum + text.length, 0);
  if (bytes > MAX_SOURCE_BYTES)
    refuseGame(`the scripts have ${bytes} characters; ${MAX_SOURCE_BYTES} are allowed`);
  return { name, scripts };
}

function scriptOf(name: string, [file, content]: NamedFile): Script {
  if (content.length > MAX_SOURCE_BYTES) refuseGame(`${file} is longer than ${MAX_SOURCE_BYTES} bytes`);
  const text = typeof content === "string" ? content : utf8Decode(content);
  if (typeof text === "number") refuseGame(`${file} is no UTF-8 text: byte ${text} does not fit`);
  if (utf8Encode(text) === undefined) refuseGame(`${file} is no text: a surrogate stands alone in it`);
  return { name, file, text };
}
