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
 * Finds what no saved state can hold: functions, symbols, class instances, cycles, shared references, holes; and
 * what a save would silently lose: accessors, symbol keys, hidden, read-only, frozen and extra properties, buffers
 * that are shared or can grow.
 */
export function findStateProblem(root: unknown): StateProblem | undefined {
  const check = new StateCheck();
  const problem = check.visit(root, 0);
  if (problem === undefined) return undefined;
  const path = `state${check.path}`;
  if (check.shared === undefined) return { path, problem };
  const first = new StateCheck(check.shared);
  first.visit(root, 0);
  return { path, problem: `is the same object as state${first.path}; ${problem}` };
}

/** What is wrong with the node at the present path. */
type Problem = string | undefined;

class StateCheck {
  /** Every object and buffer met. */
  readonly #seen = new Set<object>();
  readonly #wanted: object | undefined;
  /** The object that was met a second time. */
  shared: object | undefined;
  /** From the root to where something is wrong, step by step from its end on the way back. */
  path = "";

  /** `wanted`: stop at this object, to tell where it stands first. */
  constructor(wanted?: object) {
    this.#wanted = wanted;
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
      const buffer: ArrayBufferLike & { readonly resizable?: boolean } = value.buffer;
      const isWhole = value.byteLength === buffer.byteLength;
      if (!isWhole || buffer.constructor !== ArrayBuffer || buffer.resizable)
        return "is a view of a part of a buffer, or of a shared or resizable one; keep its slice()";
      // Listing the keys of a long one takes a thousand times as long as saving it.
      const isListed = value.length <= LISTED_ITEMS;
      return this.#claim(buffer) ?? (isListed ? this.#losses(value, value.length) : undefined);
    }
    const hint = "a state is made of plain objects, arrays, Map, Set, typed arrays and plain values";
    return `is ${describe(value)}; ${hint}`;
  }

  /** Looks at what is one step further. */
  #below<Key>(shownStep: (key: Key) => string, key: Key, value: unknown, depth: number): Problem {
    const problem = this.visit(value, depth);
    return problem && this.#at(shownStep(key), problem);
  }

  #at(step: string, problem: string): Problem {
    this.path = step + this.path;
    return problem;
  }

  #array(value: readonly unknown[], depth: number): Problem {
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      const problem = isLeaf(item) ? undefined : this.#below(indexStep, i, item, depth);
      if (problem !== undefined) return problem;
      if (item === undefined && !(i in value))
        return this.#at(indexStep(i), "is a hole in its array; put undefined or null there");
    }
    return this.#losses(value, value.length);
  }

  #object(value: object, depth: number): Problem {
    const lost = this.#losses(value, undefined);
    if (lost !== undefined) return lost;
    for (const key of Object.keys(value)) {
      const { value: item, writable, configurable } = Object.getOwnPropertyDescriptor(value, key)!;
      if (!writable || !configurable)
        return this.#at(pathStep(key), "is a getter, a setter or read-only; a state holds plain values");
      const problem = isLeaf(item) ? undefined : this.#below(pathStep, key, item, depth);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): Problem {
    for (const [key, item] of value) {
      if (typeof key === "object" && key !== null) {
        return `has ${describe(key)} as a key; the keys of a Map in a state are plain values`;
      }
      const problem = this.visit(key, depth) ?? this.#below(keyStep, key, item, depth);
      if (problem !== undefined) return problem;
    }
    return this.#losses(value, 0);
  }

  #set(value: ReadonlySet<unknown>, depth: number): Problem {
    let i = 0;
    for (const item of value) {
      const problem = this.#below(indexStep, i++, item, depth);
      if (problem !== undefined) return problem;
    }
    return this.#losses(value, 0);
  }

  /** What is neither an item nor an ordinary property would not come back. `items` are listed among the keys. */
  #losses(value: object, items: number | undefined): Problem {
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

const indexStep = (index: number): string => `[${index}]`;

const keyStep = (key: unknown): string =>
  `.get(${typeof key === "string" ? JSON.stringify(key) : describe(key)})`;

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
