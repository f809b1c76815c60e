import { pathStep } from "./path.js";
import { STATE_DEPTH } from "./state-tags.js";
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
  return new StateCheck(thorough).visit(root, "state", 0);
}

type Found = StateProblem | undefined;

class StateCheck {
  readonly #thorough: boolean;
  /** Every object and buffer met, and where. */
  readonly #seen = new Map<object, string>();

  constructor(thorough: boolean) {
    this.#thorough = thorough;
  }

  visit(value: unknown, path: string, depth: number): Found {
    if (typeof value === "function" || typeof value === "symbol") {
      return { path, problem: `is ${describe(value)}; a state is plain data` };
    }
    if (typeof value !== "object" || value === null) return undefined;
    if (depth === STATE_DEPTH) return { path, problem: `stands more than ${STATE_DEPTH} levels deep` };
    return this.#claim(value, path) ?? this.#container(value, path, depth + 1);
  }

  /** A restored state is a tree: an object in two places would come back as two. */
  #claim(value: object, path: string): Found {
    const first = this.#seen.get(value);
    if (first !== undefined) {
      return { path, problem: `is the same object as ${first}; each object of a state stands in one place` };
    }
    this.#seen.set(value, path);
    return undefined;
  }

  #container(value: object, path: string, depth: number): Found {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) return this.#array(value, path, depth);
    if (prototype === Object.prototype || prototype === null) return this.#object(value, path, depth);
    if (prototype === Map.prototype) return this.#map(value as Map<unknown, unknown>, path, depth);
    if (prototype === Set.prototype) return this.#set(value as Set<unknown>, path, depth);
    if (isTypedArray(value) && typedArrayNumber(value) >= 0) {
      if (value.byteLength !== value.buffer.byteLength)
        return { path, problem: "is a view of a part of a buffer" };
      return this.#claim(value.buffer, path) ?? this.#bookkeeping(value, value.length, path);
    }
    const hint = "a state is made of plain objects, arrays, Map, Set, typed arrays and plain values";
    return { path, problem: `is ${describe(value)}; ${hint}` };
  }

  #array(value: readonly unknown[], path: string, depth: number): Found {
    for (let i = 0; i < value.length; i++) {
      const here = `${path}[${i}]`;
      if (!(i in value))
        return { path: here, problem: "is a hole in its array; put undefined or null there" };
      const found = this.visit(value[i], here, depth);
      if (found !== undefined) return found;
    }
    return this.#bookkeeping(value, value.length, path);
  }

  #object(value: object, path: string, depth: number): Found {
    for (const key of Object.keys(value)) {
      const here = path + pathStep(key);
      if (this.#thorough && Object.getOwnPropertyDescriptor(value, key)!.get !== undefined) {
        return { path: here, problem: "is a getter; a state holds values" };
      }
      const found = this.visit((value as Record<string, unknown>)[key], here, depth);
      if (found !== undefined) return found;
    }
    return this.#bookkeeping(value, undefined, path);
  }

  #map(value: ReadonlyMap<unknown, unknown>, path: string, depth: number): Found {
    for (const [key, item] of value) {
      const here = `${path}.get(${typeof key === "string" ? JSON.stringify(key) : describe(key)})`;
      if (typeof key === "object" && key !== null) {
        return { path, problem: `has ${describe(key)} as a key; keys of a Map in a state are plain values` };
      }
      const found = this.visit(key, here, depth) ?? this.visit(item, here, depth);
      if (found !== undefined) return found;
    }
    return this.#bookkeeping(value, 0, path);
  }

  #set(value: ReadonlySet<unknown>, path: string, depth: number): Found {
    let i = 0;
    for (const item of value) {
      const found = this.visit(item, `${path}<${i++}>`, depth);
      if (found !== undefined) return found;
    }
    return this.#bookkeeping(value, 0, path);
  }

  /** What is neither an item nor an ordinary property would not come back. `items` are listed among the keys. */
  #bookkeeping(value: object, items: number | undefined, path: string): Found {
    if (!this.#thorough) return undefined;
    if (Object.getOwnPropertySymbols(value).length > 0) {
      return { path, problem: "has a symbol as a key; only names are saved" };
    }
    if (!Object.isExtensible(value)) {
      return { path, problem: "is frozen or sealed; a restored state would not be" };
    }
    if (items !== undefined && Object.keys(value).length !== items) {
      return { path, problem: "has named properties beside its items; they would be lost" };
    }
    if (items === undefined && Object.getOwnPropertyNames(value).length !== Object.keys(value).length) {
      return { path, problem: "has a hidden property; only enumerable ones are saved" };
    }
    return undefined;
  }
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
      return `${String(value)}`;
  }
}
