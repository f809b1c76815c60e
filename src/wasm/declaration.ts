import { EchoNetError, refuseGame } from "../core/base/errors.js";
import { type EventDeclaration, event, t } from "../core/envelope/declare.js";
import type { Fields, FieldType } from "../core/envelope/field-type.js";
import { isName, NAME_RULE } from "../core/envelope/names.js";
import { compileFields } from "../core/envelope/record.js";
import { MAX_TICK_HZ } from "../core/wire/limits.js";
import { claimOf } from "../game/claim-templates.js";
import { DECLARED_NESTING } from "./limits.js";

const DEFAULT_TICK_HZ = 60;
/** Characters of what the engine says of text that is no JSON. */
const REASON_LENGTH = 160;

/** What a module says of itself. */
export interface ModuleDeclaration {
  readonly name: string;
  readonly version: string;
  readonly tickHz: number;
  readonly events: Readonly<Record<string, EventDeclaration>>;
  readonly effects: Readonly<Record<string, Fields>>;
  /** What a player's device gives, where the module takes input. */
  readonly device: Fields | undefined;
  /** What the module shows of its state. */
  readonly view: Fields | undefined;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonMap = { readonly [key: string]: Json };

/** Reads a declaration's JSON text. Throws `EchoNetError` `GAME_INVALID` that names the place. */
export function readDeclaration(text: string): ModuleDeclaration {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message.slice(0, REASON_LENGTH)}` : "";
    throw new EchoNetError("GAME_INVALID", `the module's declaration is no JSON${why}`, { cause });
  }
  const parts = mapOf(root, "the declaration");
  checkKeys(parts, "the declaration", ["name", "version", "tickHz", "events", "effects", "device", "view"]);
  const { tickHz = DEFAULT_TICK_HZ } = parts;
  if (!(typeof tickHz === "number" && Number.isInteger(tickHz) && tickHz >= 1 && tickHz <= MAX_TICK_HZ)) {
    refuseGame(`tickHz is a whole number from 1 to ${MAX_TICK_HZ}`);
  }
  return {
    name: printable(parts.name, "name"),
    version: printable(parts.version, "version"),
    tickHz,
    events: mapped(parts.events ?? {}, "events", readEvent),
    effects: mapped(parts.effects ?? {}, "effects", readFields),
    device: parts.device === undefined ? undefined : readFields(parts.device, "device"),
    view: parts.view === undefined ? undefined : readFields(parts.view, "view"),
  };
}

function readEvent(json: Json, path: string): EventDeclaration {
  const parts = mapOf(json, path);
  checkKeys(parts, path, ["fields", "predict", "aionWeight", "reads", "writes"]);
  const { predict = "none", aionWeight = 0 } = parts;
  const fields = readFields(parts.fields ?? {}, `${path}.fields`);
  const reads = claimOf(parts.reads, path, fields);
  const writes = claimOf(parts.writes, path, fields);
  return event(fields, {
    predict: predict as "none",
    aionWeight: aionWeight as number,
    ...(reads && { reads }),
    ...(writes && { writes }),
  });
}

function readFields(json: Json, path: string): Fields {
  const fields = mapped(json, path, (type, at) => readType(type, at, 0));
  compileFields(path, fields);
  return fields;
}

const PLAIN: ReadonlyMap<string, FieldType<any, any>> = new Map<string, FieldType<any, any>>([
  ["bool", t.bool],
  ["u8", t.u8],
  ["i8", t.i8],
  ["u16", t.u16],
  ["i16", t.i16],
  ["u32", t.u32],
  ["i32", t.i32],
  ["i64", t.i64],
  ["f32", t.f32],
  ["f64", t.f64],
  ["tick", t.tick],
]);

/** `"u8"`, `{"text": 32}`, `{"bytes": 32}`, `{"oneOf": ["a", "b"]}`, `{"list": "u8", "max": 4}`, `{"optional": "u8"}`. */
function readType(json: Json, path: string, nesting: number): FieldType<any, any> {
  if (nesting > DECLARED_NESTING) refuseGame(`${path} stands too deep`);
  if (typeof json === "string") {
    const plain = PLAIN.get(json);
    if (plain === undefined)
      refuseGame(`${path} has no type ${JSON.stringify(json)}; there are ${[...PLAIN.keys()].join(", ")}`);
    return plain;
  }
  const parts = mapOf(json, path);
  const [kind] = Object.keys(parts);
  checkKeys(parts, path, kind === "list" ? ["list", "max"] : [kind ?? "a type"]);
  const inner = (): FieldType<any, any> => readType(parts[kind!]!, path, nesting + 1);
  switch (kind) {
    case "text":
      return t.text(parts.text as number);
    case "bytes":
      return t.bytes(parts.bytes as number);
    case "oneOf":
      return t.oneOf(...(Array.isArray(parts.oneOf) ? parts.oneOf : []));
    case "list":
      return t.list(inner() as any, parts.max as number);
    case "optional":
      return t.optional(inner() as any);
    default:
      return refuseGame(
        `${path} is no type; write "u8", or {"text": 32}, {"bytes": 32}, {"oneOf": ["a"]}, {"list": "u8", "max": 4}, {"optional": "u8"}`,
      );
  }
}

function mapped<Item>(
  json: Json,
  path: string,
  read: (item: Json, path: string) => Item,
): Record<string, Item> {
  const items = Object.entries(mapOf(json, path)).map(([name, item]): [string, Item] => {
    if (!isName(name)) refuseGame(`${path}: ${JSON.stringify(name)} is no name: ${NAME_RULE}`);
    return [name, read(item, `${path}.${name}`)];
  });
  return Object.fromEntries(items);
}

function mapOf(json: Json | undefined, path: string): JsonMap {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return refuseGame(`${path} is no JSON object`);
  return json as JsonMap;
}

function checkKeys(parts: JsonMap, path: string, known: readonly string[]): void {
  for (const key of Object.keys(parts)) {
    if (!known.includes(key))
      refuseGame(`${path} has no part ${JSON.stringify(key)}; its parts are ${known.join(", ")}`);
  }
}

function printable(json: Json | undefined, part: string): string {
  if (typeof json !== "string" || !/^[\x20-\x7e]{1,64}$/.test(json)) {
    return refuseGame(`a game's ${part} is text of 1 to 64 printable ASCII characters`);
  }
  return json;
}
