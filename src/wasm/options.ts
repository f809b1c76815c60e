import { IMPORT_FUEL, MEMORY_CAP_PAGES, STACK_BYTES, START_FUEL } from "./limits.js";

/** A function that a module may import. */
export interface ImportRule {
  readonly module: string;
  readonly name: string;
  /** Its type in letters, as `iI>f`: i and I integers of 32 and 64 bits, f and F floats. Any where left out. */
  readonly type?: string;
  /** What a call costs; `IMPORT_FUEL` where left out. */
  readonly fuel?: number;
}

export interface PrepareOptions {
  /** What the module may import: everything that it is given must be deterministic. Nothing by default. */
  readonly imports?: readonly ImportRule[];
  /** Pages of 64 KiB that memory may grow to, 1 to 65,000; 256 by default. */
  readonly memoryCapPages?: number;
  /** Pages behind the cap for what is handed in, outside every snapshot; at least 1, the default. */
  readonly ioPages?: number;
  /** Estimated bytes of stack that nested calls may take; 262,144 by default. */
  readonly stackBytes?: number;
  /**
   * Whether a store above the memory's present size traps, as WebAssembly says. Without it such a store would go
   * unseen by snapshots: leave it out only for modules that are trusted not to do so. True by default.
   */
  readonly guardStores?: boolean;
  /** Fuel of the start function; 200,000,000 by default. */
  readonly startFuel?: number;
}

export interface PricedImport extends ImportRule {
  readonly fuel: number;
}

export interface ResolvedOptions {
  readonly imports: readonly PricedImport[];
  readonly memoryCapPages: number;
  readonly ioPages: number;
  readonly stackBytes: number;
  readonly guardStores: boolean;
  readonly startFuel: number;
}

export const resolveOptions = (options: PrepareOptions): ResolvedOptions => ({
  imports: (options.imports ?? []).map((rule) => ({ ...rule, fuel: rule.fuel ?? IMPORT_FUEL })),
  memoryCapPages: options.memoryCapPages ?? MEMORY_CAP_PAGES,
  ioPages: options.ioPages ?? 1,
  stackBytes: options.stackBytes ?? STACK_BYTES,
  guardStores: options.guardStores ?? true,
  startFuel: options.startFuel ?? START_FUEL,
});
