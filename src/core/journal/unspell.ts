import { fromHex } from "../base/text.js";
import { setOwn, type Value } from "../base/value.js";
import { MAX_DEPTH } from "../envelope/limits.js";
import { LineProblem } from "./line-problem.js";

/**
 * The value that a JSON tree spells. Refuses what can spell no value; that the spelling is the legal one is for
 * the caller to see, who spells the value again and compares. So `$other`, which no journal may hold, is read as
 * the map that it looks like: spelled again, that map is wrapped.
 *
 * @param depth how many containers the value stands inside
 * @throws LineProblem
 */
export function unspell(json: unknown, depth = 0): Value {
  return unspellAt(json, depth);
}

function unspellAt(json: unknown, depth: number): Value {
  if (typeof json !== "object" || json === null) return json as Value;
  if (!Array.isArray(json)) {
    const keys = Object.keys(json);
    if (keys.length === 1 && keys[0]!.startsWith("$")) {
      const inside = (json as Record<string, unknown>)[keys[0]!];
      return keys[0] === "$map" ? unspellMap(inside, depth) : unspellTagged(keys[0]!, inside);
    }
    return unspellMap(json, depth);
  }
  tooDeep(depth);
  return json.map((item) => unspellAt(item, depth + 1));
}

function unspellMap(json: unknown, depth: number): Value {
  tooDeep(depth);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new LineProblem("$map holds no map");
  const map: Record<string, Value> = {};
  for (const key of Object.keys(json)) {
    setOwn(map, key, unspellAt((json as Record<string, unknown>)[key], depth + 1));
  }
  return map;
}

function unspellTagged(tag: string, inside: unknown): Value {
  if (typeof inside === "string") {
    if (tag === "$bytes") {
      const bytes = fromHex(inside);
      if (bytes !== undefined) return bytes;
    }
    if (tag === "$int" && /^-?[0-9]{16,20}$/.test(inside)) {
      const integer = BigInt(inside);
      if (integer >= -(1n << 64n) && integer < 1n << 64n) return integer;
    }
    if (tag === "$float" && ODD_NUMBERS.has(inside)) return ODD_NUMBERS.get(inside)!;
    if (tag === "$other") return { $other: inside };
  }
  throw new LineProblem(`${JSON.stringify(tag).slice(0, 40)} spells no value here`);
}

const ODD_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["-0", -0],
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

function tooDeep(depth: number): void {
  if (depth >= MAX_DEPTH) throw new LineProblem(`values are nested deeper than ${MAX_DEPTH}`);
}
