import type { OwnGlobals } from "./emit.js";
import type { ParsedModule } from "./module.js";
import type { ResolvedOptions } from "./options.js";
import type { FunctionType } from "./value-types.js";

/** Where everything that the transform adds stands, and what it counts. */
export interface Rewriting {
  readonly module: ParsedModule;
  readonly options: ResolvedOptions;
  readonly globals: OwnGlobals;
  readonly growFunction: number;
  readonly bulkFunction: number;
  functionAt(index: number): number;
  typeIndexOf(type: FunctionType): number;
  readonly counts: RewriteCounts;
}

export interface RewriteCounts {
  /** Float instructions whose NaN is made canonical, and those whose NaN nobody can see. */
  canonicalSites: number;
  skippedSites: number;
  charges: number;
  guardedStores: number;
  /** Functions whose calls are counted as stack. */
  deepFunctions: number;
}

/** The locals that the transform adds to one function, made as they are asked for. */
export class TempLocals {
  readonly types: number[] = [];
  readonly #first: number;
  readonly #places = new Map<number, number>();

  /** `first`: how many parameters and locals the function has. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The local of a type; those of one type are told apart by `ordinal`, below 4. */
  of(type: number, ordinal = 0): number {
    const key = type * 4 + ordinal;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#first + this.types.push(type) - 1;
      this.#places.set(key, place);
    }
    return place;
  }
}
