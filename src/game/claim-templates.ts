import { refuseGame } from "../core/base/errors.js";
import { toHex } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import type { Claim } from "../core/envelope/declare.js";
import type { Fields } from "../core/envelope/field-type.js";
import { CLAIM_KEYS, CLAIM_TEMPLATE_LENGTH, CLAIM_TEMPLATES } from "./limits.js";

/** A template in parts: what stands as it is, and by turns the name of a field, or `author`. */
interface Template {
  readonly texts: readonly string[];
  readonly names: readonly string[];
  /** The field of which each item makes a key of its own. */
  readonly list: string | undefined;
}

/**
 * A claim from texts such as `item/{item}`, or one of them: `{field}` stands for a payload's field, `{author}` for
 * the author's slot. What it names follows from the payload alone, so it needs no code of the game's. An optional
 * field that is absent claims nothing, a list as many keys as it has items. Throws `EchoNetError` `GAME_INVALID`.
 */
export function claimOf(given: unknown, where: string, fields: Fields): Claim<any> | undefined {
  if (given === undefined) return undefined;
  const keys: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (keys.length > CLAIM_TEMPLATES) {
    refuseGame(`${where}: ${keys.length} keys; ${CLAIM_TEMPLATES} are allowed`);
  }
  const templates = keys.map((key) => templateOf(key, where, fields));
  return (author, payload) => templates.flatMap((template) => keysOf(template, author, payload));
}

function templateOf(key: unknown, where: string, fields: Fields): Template {
  if (typeof key !== "string") refuseGame(`${where}: reads and writes are texts, such as "item/{item}"`);
  if (key.length > CLAIM_TEMPLATE_LENGTH) {
    refuseGame(`${where}: a key of ${key.length} characters; ${CLAIM_TEMPLATE_LENGTH} are allowed`);
  }
  const parts = key.split(/\{([^{}]*)\}/);
  const texts = parts.filter((_, i) => i % 2 === 0);
  const names = parts.filter((_, i) => i % 2 === 1);
  if (texts.some((text) => /[{}]/.test(text))) refuseGame(`${where}: "${key}" has a brace too many`);
  let list: string | undefined;
  for (const name of names) {
    if (name === "author") continue;
    if (!Object.hasOwn(fields, name)) refuseGame(`${where}: "${key}" names {${name}}, which is no field`);
    const items = itemsOf(fields[name]!.description);
    if (items === 0 || name === list) continue;
    if (items > CLAIM_KEYS) {
      refuseGame(
        `${where}: "${key}" names {${name}}, a list that is too long or of lists; ${CLAIM_KEYS} items are allowed`,
      );
    }
    if (list !== undefined) refuseGame(`${where}: "${key}" names two lists`);
    list = name;
  }
  return { texts, names, list };
}

/** Most items of a list's type, 0 for what is none. */
function itemsOf(description: Value): number {
  if (!Array.isArray(description)) return 0;
  const [kind, inner, max] = description;
  if (kind === "optional") return itemsOf(inner!);
  if (kind !== "list") return 0;
  return itemsOf(inner!) > 0 ? Number.POSITIVE_INFINITY : (max as number);
}

function keysOf({ texts, names, list }: Template, author: number, payload: any): readonly string[] {
  const named = (name: string): unknown => {
    if (name === "author") return author;
    return Object.hasOwn(payload, name) ? payload[name] : undefined;
  };
  if (names.some((name) => named(name) === undefined)) return [];
  const key = (item?: unknown): string =>
    names.reduce(
      (sum, name, i) => sum + spelled(name === list ? item : named(name)) + texts[i + 1]!,
      texts[0]!,
    );
  return list === undefined ? [key()] : (payload[list] as readonly unknown[]).map(key);
}

/** Equal values are spelled alike, whatever the engine. */
const spelled = (value: unknown): string => (value instanceof Uint8Array ? toHex(value) : String(value));
