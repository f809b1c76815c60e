import { refuseGame } from "../core/base/errors.js";
import { STATE_DEPTH } from "./limits.js";
import { pathStep } from "./path.js";
import { describe } from "./state-check.js";
import { isTypedArray, TYPED_ARRAY_TYPES, type TypedArray, typedArrayNumber } from "./state-typed-array.js";

/** Doubles, then floats, then the rest by width: no view needs padding, and what may hold a NaN stands in front. */
const PLACES: readonly unknown[] = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
];

/** Where each view of an arena state lies in its block. */
export class ArenaLayout {
  readonly byteLength: number;
  /** How many doubles the block begins with, and how many floats follow them. */
  readonly doubles: number;
  readonly floats: number;
  readonly #places = new Map<TypedArray, number>();
  /** What `setup` returned, with the views as it filled them. */
  readonly #plan: unknown;

  /** Throws `GAME_INVALID` where `plan` holds anything but views of this arena in plain objects and arrays. */
  constructor(views: ReadonlySet<TypedArray>, plan: unknown) {
    const ordered = [...views].sort((a, b) => PLACES.indexOf(a.constructor) - PLACES.indexOf(b.constructor));
    let at = 0;
    for (const view of ordered) {
      this.#places.set(view, at);
      at += view.byteLength;
    }
    this.byteLength = at;
    this.doubles = countOf(ordered, Float64Array);
    this.floats = countOf(ordered, Float32Array);
    this.#plan = plan;
    if (views.has(plan as TypedArray))
      refuse("state", "is a view; put it into an object, as in { x: arena.f64(64) }");
    this.over(new ArrayBuffer(at));
  }

  /** The block as `setup` filled it. */
  initial(): ArrayBuffer {
    const block = new ArrayBuffer(this.byteLength);
    for (const [view, at] of this.#places) {
      new Uint8Array(block).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at);
    }
    return block;
  }

  /**
   * The state as views of a block. The objects around the views are frozen: they are not saved, so that a write to
   * them must fail rather than be lost.
   */
  over(block: ArrayBuffer): unknown {
    return this.#over(this.#plan, block, "state", 0);
  }

  #over(node: unknown, block: ArrayBuffer, path: string, depth: number): unknown {
    if (isTypedArray(node)) {
      const at = this.#places.get(node);
      if (at === undefined) refuse(path, "is a typed array that does not come from the arena");
      return new TYPED_ARRAY_TYPES[typedArrayNumber(node)]!(block, at, node.length);
    }
    if (typeof node !== "object" || node === null) refuse(path, `is ${describe(node)}`);
    if (depth === STATE_DEPTH) refuse(path, "stands in a cycle");
    if (Array.isArray(node)) {
      return Object.freeze(node.map((item, i) => this.#over(item, block, `${path}[${i}]`, depth + 1)));
    }
    if (Object.getPrototypeOf(node) !== Object.prototype) refuse(path, `is ${describe(node)}`);
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(node)) {
      copy[key] = this.#over(item, block, path + pathStep(key), depth + 1);
    }
    return Object.freeze(copy);
  }
}

function countOf(views: readonly TypedArray[], type: unknown): number {
  let count = 0;
  for (const view of views) if (view.constructor === type) count += view.length;
  return count;
}

function refuse(path: string, problem: string): never {
  refuseGame(
    `${path} ${problem}; a state that uses the arena holds nothing but its views (keep a number in arena.f64(1))`,
  );
}
