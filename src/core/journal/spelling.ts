import { toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { MAX_DEPTH } from "../envelope/limits.js";

/**
 * The one JSON text of a value. Maps have their keys in ascending order of UTF-16 code units; numbers and texts
 * are spelled as JSON.stringify spells them. What JSON cannot hold becomes a map with one key that starts with `$`:
 *
 * - `{"$bytes":"00ff"}` bytes, in lowercase hex
 * - `{"$int":"9007199254740992"}` a bigint outside the safe range; within it, the plain number
 * - `{"$float":"-0"}`, and so `nan`, `inf`, `-inf`
 * - `{"$map":{…}}` a map of which a key starts with `$`
 *
 * What is no value, which only a trace is ever handed, becomes `{"$other":…}` with its type's name.
 */
export function spell(value: Value): string {
  return spellAt(value, 0, UNBOUNDED);
}

/** As `spell`, for what may be no tree: after `most` values in maps and lists, the rest is left out. */
export function spellBounded(value: unknown, most: number): string {
  return spellAt(value, 0, { left: most });
}

/** How many values may still be spelled. */
interface Room {
  left: number;
}

const UNBOUNDED: Room = { left: Number.POSITIVE_INFINITY };

function spellAt(value: unknown, depth: number, room: Room): string {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? `${value}` : spellOddNumber(value);
    case "string":
      return spellText(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return isSafe(value) ? `${value}` : `{"$int":"${value}"}`;
    case "object":
      if (value === null) return "null";
      if (value instanceof Uint8Array) return `{"$bytes":"${toHex(value)}"}`;
      if (depth === MAX_DEPTH) return spellOther("depth");
      return Array.isArray(value) ? spellList(value, depth + 1, room) : spellMap(value, depth + 1, room);
    default:
      return spellOther(typeof value);
  }
}

/** A text as JSON.stringify spells it. Half a character, which no value holds, becomes U+FFFD. */
export const spellText = (text: string): string =>
  PLAIN_TEXT.test(text) ? `"${text}"` : JSON.stringify(text.replace(LONE_SURROGATES, "\ufffd"));
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
const LONE_SURROGATES = /\p{Surrogate}/gu;

const spellOther = (what: string): string => `{"$other":"${what}"}`;

function spellOddNumber(value: number): string {
  return `{"$float":"${Number.isNaN(value) ? "nan" : value === 0 ? "-0" : value > 0 ? "inf" : "-inf"}"}`;
}

const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

function spellList(list: readonly unknown[], depth: number, room: Room): string {
  let text = "[";
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += ",";
    if (room.left-- <= 0) return `${text}${spellOther("size")}]`;
    text += spellAt(list[i], depth, room);
  }
  return `${text}]`;
}

function spellMap(map: object, depth: number, room: Room): string {
  if (room.left <= 0) return spellOther("size");
  const keys = Object.keys(map);
  sortKeys(keys);
  let text = "{";
  let wrapped = false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    // The code of `$`.
    if (key.charCodeAt(0) === 0x24) wrapped = true;
    if (i > 0) text += ",";
    room.left--;
    text += `${spellText(key)}:${spellAt((map as Record<string, unknown>)[key], depth, room)}`;
  }
  return wrapped ? `{"$map":${text}}}` : `${text}}`;
}

/** Most maps come in order already, and asking is cheaper than sorting. */
function sortKeys(keys: string[]): void {
  for (let i = 1; i < keys.length; i++) {
    if (keys[i - 1]! > keys[i]!) {
      keys.sort();
      return;
    }
  }
}
