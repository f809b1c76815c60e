import { equalBytes } from "../core/base/bytes.js";
import { isMap, type Value, type ValueMap } from "../core/base/value.js";
import { pathStep } from "./path.js";

/** One place where two states differ. A side that has nothing there is undefined. */
export interface StateDifference {
  /** `ships[1].x`, `players.get("a").score`; empty for the root itself. */
  readonly path: string;
  readonly left: Value | undefined;
  readonly right: Value | undefined;
}

/** Differences between two `inspect()` trees, in the order of the left one; at most `limit`. */
export function diffTrees(left: Value, right: Value, limit = 20): readonly StateDifference[] {
  const found: StateDifference[] = [];
  visit(left, right, "", { found, limit });
  return found;
}

interface Search {
  readonly found: StateDifference[];
  readonly limit: number;
}

function visit(left: Value | undefined, right: Value | undefined, path: string, search: Search): void {
  if (search.found.length >= search.limit || isSame(left, right)) return;
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let i = 0; i < Math.max(left.length, right.length); i++)
      visit(left[i], right[i], `${path}[${i}]`, search);
  } else if (isMap(left) && isMap(right)) {
    visitTrees(left, right, path, search);
  } else {
    search.found.push({ path, left, right });
  }
}

function visitTrees(left: ValueMap, right: ValueMap, path: string, search: Search): void {
  const before = search.found.length;
  const leftKeys = Object.keys(left);
  const rightKeys = Object.keys(right);
  for (const key of new Set([...leftKeys, ...rightKeys]))
    visitChild(itemOf(left, key), itemOf(right, key), key, path, search);
  const sameOrder = leftKeys.every((key, i) => key === rightKeys[i]);
  if (search.found.length === before && !sameOrder) {
    search.found.push({ path, left: `keys ${leftKeys.join(", ")}`, right: `keys ${rightKeys.join(", ")}` });
  }
}

/** Undefined also for what every object inherits. */
const itemOf = (map: ValueMap, key: string): Value | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

function visitChild(
  left: Value | undefined,
  right: Value | undefined,
  key: string,
  path: string,
  search: Search,
): void {
  if (key === "<Map>" && isEntries(left) && isEntries(right)) {
    visitMaps(left, right, path, search);
  } else if (key === "<pending>") {
    visit(left, right, `${path}${path === "" ? "" : "."}${key}`, search);
  } else if (/^<\w+>$/.test(key)) {
    visit(left, right, path, search);
  } else {
    const step = pathStep(key);
    visit(left, right, path === "" && step.startsWith(".") ? key : path + step, search);
  }
}

type Entries = readonly (readonly [key: Value, item: Value])[];

/** A property of the game's own may bear the name, and a file of somebody else's anything. */
const isEntries = (value: Value | undefined): value is Entries =>
  Array.isArray(value) &&
  value.every((entry) => Array.isArray(entry) && entry.length === 2 && Object(entry[0]) !== entry[0]);

function visitMaps(left: Entries, right: Entries, path: string, search: Search): void {
  const before = search.found.length;
  const leftKeys = left.map(([key]) => shownKey(key));
  const rightKeys = right.map(([key]) => shownKey(key));
  const places = new Map(rightKeys.map((key, i) => [key, i]));
  for (const [i, key] of leftKeys.entries()) {
    visit(left[i]![1], right[places.get(key) ?? -1]?.[1], `${path}.get(${key})`, search);
    places.delete(key);
  }
  for (const [key, i] of places) visit(undefined, right[i]![1], `${path}.get(${key})`, search);
  if (search.found.length === before && leftKeys.some((key, i) => key !== rightKeys[i])) {
    search.found.push({ path, left: `keys ${leftKeys.join(", ")}`, right: `keys ${rightKeys.join(", ")}` });
  }
}

const shownKey = (key: Value): string => (typeof key === "string" ? JSON.stringify(key) : String(key));

function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (!(left instanceof Uint8Array) || !(right instanceof Uint8Array)) return Object.is(left, right);
  return equalBytes(left, right);
}
