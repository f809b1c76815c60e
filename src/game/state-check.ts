import { LISTED_ITEMS, STATE_DEPTH } from "./limits.js";
import { pathStep } from "./path.js";
import { isTypedArray, typedArrayNumber } from "./state-typed-array.js";

/** Where a state cannot be saved, and why, in words. */
export interface StateProblem {
  /** Begins with `state`: `state.ships[1].owner`. */
  readonly path: string;
  /** Goes on from the path: `is a Player; …`. */
  readonly problem: string;
}

/**
 * Finds what no saved state can hold: functions, symbols, class instances, cycles, shared references, holes.
 * `thorough` also looks for what a save would silently lose: accessors, symbol keys, hidden, frozen and extra
 * properties.
 */
export function findStateProblem(root: unknown, thorough: boolean): StateProblem | undefined {
  const check = new StateCheck(thorough);
  const problem = check.visit(root, 0);
  if (problem === undefined) return undefined;
  if (check.shared === undefined) return { path: check.path, problem };
  const first = new StateCheck(false, check.shared);
  first.visit(root, 0);
  return { path: check.path, problem: `is the same object as ${first.path}; ${problem}` };
}

/** What is wrong with the node at the present path. */
type Problem = string | undefined;

class StateCheck {
  readonly #thorough: boolean;
  /** Every object and buffer met. */
  readonly #seen = new Set<object>();
  /** Steps from the root to the node in hand. */
  readonly #steps: Step[] = [];
  readonly #wanted: object | undefined;
  /** The object that was met a second time. */
  shared: object | undefined;

  /** `wanted`: stop at this object, to tell where it stands first. */
  constructor(thorough: boolean, wanted?: object) {
    this.#thorough = thorough;
    this.#wanted = wanted;
  }

  get path(): string {
    return `state${this.#steps.map(shownStep).join("")}`;
  }

  visit(value: unknown, depth: number): Problem {
    if (typeof value === "function" || typeof value === "symbol") {
      return `is ${describe(value)}; a state is plain data`;
    }
    if (typeof value !== "object" || value === null) return undefined;
    if (depth === STATE_DEPTH) return `stands more than ${STATE_DEPTH} levels deep, or in a cycle`;
    return this.#claim(value) ?? this.#container(value, depth + 1);
  }

  /** A restored state is a tree: an object in two places would come back as two. */
  #claim(value: object): Problem {
    if (value === this.#wanted) return "is the one";
    if (this.#seen.has(value)) {
      this.shared = value;
      return "each object of a state stands in one place";
    }
    this.#seen.add(value);
    return undefined;
  }

  #container(value: object, depth: number): Problem {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) return this.#array(value, depth);
    if (prototype === Object.prototype || prototype === null) return this.#object(value, depth);
    if (prototype === Map.prototype) return this.#map(value as Map<unknown, unknown>, depth);
    if (prototype === Set.prototype) return this.#set(value as Set<unknown>, depth);
    if (isTypedArray(value) && typedArrayNumber(value) >= 0) {
      if (value.byteLength !== value.buffer.byteLength) return "is a view of a part of a buffer";
      // Listing the keys of a long one takes a thousand times as long as saving it.
      const isListed = value.length <= LISTED_ITEMS;
      return this.#claim(value.buffer) ?? (isListed ? this.#losses(value, value.length) : undefined);
    }
    const hint = "a state is made of plain objects, arrays, Map, Set, typed arrays and plain values";
    return `is ${describe(value)}; ${hint}`;
  }

  /** Looks at what is one step further; the path keeps the step where something is wrong there. */
  #below(kind: Step["kind"], key: unknown, value: unknown, depth: number): Problem {
    this.#steps.push({ kind, key });
    const problem = this.visit(value, depth);
    if (problem === undefined) this.#steps.pop();
    return problem;
  }

  #array(value: readonly unknown[], depth: number): Problem {
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      const problem = isLeaf(item) ? undefined : this.#below("index", i, item, depth);
      if (problem !== undefined) return problem;
      if (item === undefined && !(i in value)) {
        this.#steps.push({ kind: "index", key: i });
        return "is a hole in its array; put undefined or null there";
      }
    }
    return this.#losses(value, value.length);
  }

  #object(value: object, depth: number): Problem {
    for (const key of Object.keys(value)) {
      if (this.#thorough && Object.getOwnPropertyDescriptor(value, key)!.get !== undefined) {
        this.#steps.push({ kind: "name", key });
        return "is a getter; a state holds values";
      }
      const item = (value as Record<string, unknown>)[key];
      const problem = isLeaf(item) ? undefined : this.#below("name", key, item, depth);
      if (problem !== undefined) return problem;
    }
    return this.#losses(value, undefined);
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): Problem {
    for (const [key, item] of value) {
      if (typeof key === "object" && key !== null) {
        return `has ${describe(key)} as a key; the keys of a Map in a state are plain values`;
      }
      const problem = this.visit(key, depth) ?? this.#below("key", key, item, depth);
      if (problem !== undefined) return problem;
    }
    return this.#losses(value, 0);
  }

  #set(value: ReadonlySet<unknown>, depth: number): Problem {
    let i = 0;
    for (const item of value) {
      const problem = this.#below("index", i++, item, depth);
      if (problem !== undefined) return problem;
    }
    return this.#losses(value, 0);
  }

  /** What is neither an item nor an ordinary property would not come back. `items` are listed among the keys. */
  #losses(value: object, items: number | undefined): Problem {
    if (!this.#thorough) return undefined;
    if (Object.getOwnPropertySymbols(value).length > 0) return "has a symbol as a key; only names are saved";
    if (!Object.isExtensible(value)) return "is frozen or sealed; a restored state would not be";
    const keys = Object.keys(value).length;
    if (items === undefined && Object.getOwnPropertyNames(value).length !== keys) {
      return "has a hidden property; only enumerable ones are saved";
    }
    if (items !== undefined && keys !== items)
      return "has named properties beside its items; they would be lost";
    return undefined;
  }
}

/** Leaves that are always in order, told quickly: most of a state. */
const isLeaf = (value: unknown): boolean =>
  typeof value === "number" || typeof value === "string" || typeof value === "boolean" || value === undefined;

interface Step {
  readonly kind: "name" | "index" | "key";
  readonly key: unknown;
}

function shownStep({ kind, key }: Step): string {
  if (kind === "name") return pathStep(key as string);
  if (kind === "index") return `[${key}]`;
  return `.get(${typeof key === "string" ? JSON.stringify(key) : describe(key)})`;
}

/** A value in a message for a person. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "object": {
      if (value === null) return "null";
      const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
      return typeof name === "string" && name !== "" ? `a ${name}` : "an instance of a nameless class";
    }
    case "function":
      return value.name === "" ? "a function" : `the function ${value.name}`;
    case "symbol":
      return "a symbol";
    default:
      return String(value);
  }
}
