import type { Hash } from "../base/brand.js";
import { domainHash } from "../base/hash.js";
import { fromHex, hashOfBytes, isShowable, utf8Encode } from "../base/text.js";
import { isMap, type Value } from "../base/value.js";
import { CodecError, decode, encode } from "../envelope/codec.js";
import type { Game } from "../session/simulation.js";
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES, MAX_BUNDLE_NAME_BYTES, MAX_BUNDLE_SETTINGS } from "./limits.js";

/** Version of the bundle's form. */
const BUNDLE_FORMAT = 1;

/** The whole of a game that is data: whoever has it can make the identical game, wherever it runs. */
export interface GameBundle {
  readonly kind: "lua" | "wasm";
  /** Over all that decides how the files run and is not among them: another engine makes another game of them. */
  readonly engine: Hash;
  /** The game's name. */
  readonly name: string;
  /** What the game was loaded with, as whole numbers by name. */
  readonly settings: Readonly<Record<string, number>>;
  /** Contents by the files' bare names. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A game that can be made again from its bundle. */
export interface BundledGame extends Game {
  /** The bundle's canonical bytes; undefined where they would pass `MAX_BUNDLE_BYTES`. */
  readonly bundle: Uint8Array | undefined;
}

/** The bundle that a game carries: undefined for games of TypeScript. */
export const bundleOf = (game: Partial<BundledGame>): Uint8Array | undefined => game.bundle;

/** The fingerprint of the game that a bundle holds: over exactly its bytes. */
export const fingerprintOfBundle = (bytes: Uint8Array): Hash => hashOfBytes(domainHash("game-bundle", bytes));

/** A bundle's canonical bytes, as many as they are. */
export function encodeBundle({ kind, engine, name, settings, files }: GameBundle): Uint8Array {
  return encode({ format: BUNDLE_FORMAT, kind, engine: fromHex(engine)!, name, settings, files });
}

/** Whether a text can name a file of a bundle: 1 to 128 bytes that can be shown, no path, and not hidden. */
const isBundleFileName = (name: string): boolean =>
  isBundleName(name) && !name.startsWith(".") && !/[/\\:]/.test(name);

/** The bundle that these bytes are the canonical form of, or in words what is wrong with them. */
export function parseBundle(bytes: Uint8Array): GameBundle | string {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    return `it has ${bytes.length} bytes, and ${MAX_BUNDLE_BYTES} are allowed`;
  }
  try {
    return bundleIn(decode(bytes));
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
}

const FIELDS: readonly string[] = ["format", "kind", "engine", "name", "settings", "files"];
const SETTING_NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

function bundleIn(value: Value): GameBundle | string {
  if (!isMap(value)) return "it is no map";
  const { format, kind, engine, name } = value;
  if (format !== BUNDLE_FORMAT) {
    return Number.isInteger(format)
      ? `it is of format ${format}, and this program reads format ${BUNDLE_FORMAT}`
      : "it names no format";
  }
  const names = Object.keys(value);
  if (names.length !== FIELDS.length || names.some((one) => !FIELDS.includes(one))) {
    return `it does not have exactly the fields ${FIELDS.join(", ")}`;
  }
  if (kind !== "lua" && kind !== "wasm") return "its kind is neither lua nor wasm";
  if (!(engine instanceof Uint8Array) || engine.length !== 32) return "its engine is not 32 bytes";
  if (typeof name !== "string" || !isBundleName(name)) return "its name cannot be shown";
  const settings = settingsIn(value.settings);
  if (settings === undefined) return "its settings are no whole numbers by name";
  const files = filesIn(value.files);
  if (typeof files === "string") return files;
  return { kind, engine: hashOfBytes(engine), name, settings, files };
}

function settingsIn(value: Value | undefined): Readonly<Record<string, number>> | undefined {
  if (!isMap(value)) return undefined;
  const entries = Object.entries(value);
  const sound =
    entries.length <= MAX_BUNDLE_SETTINGS &&
    entries.every(([name, number]) => SETTING_NAME.test(name) && Number.isSafeInteger(number));
  return sound ? (value as Readonly<Record<string, number>>) : undefined;
}

function filesIn(value: Value | undefined): Readonly<Record<string, Uint8Array>> | string {
  const entries = isMap(value) ? Object.entries(value) : [];
  if (entries.length < 1 || entries.length > MAX_BUNDLE_FILES) {
    return `it does not hold 1 to ${MAX_BUNDLE_FILES} files`;
  }
  for (const [name, content] of entries) {
    if (!isBundleFileName(name)) return `${JSON.stringify(name)} cannot name a file in it`;
    if (!(content instanceof Uint8Array)) return `its file ${name} is not bytes`;
  }
  return value as Readonly<Record<string, Uint8Array>>;
}

function isBundleName(name: string): boolean {
  const length = utf8Encode(name)?.length ?? 0;
  return length >= 1 && length <= MAX_BUNDLE_NAME_BYTES && isShowable(name);
}
