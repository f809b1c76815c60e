import type { FunctionType } from "./value-types.js";

/** Numbers of sections, as modules spell them. */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** A range of the module's bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly typeIndex: number;
  readonly offset: number;
}

export interface ModuleGlobal {
  readonly type: number;
  readonly isMutable: boolean;
  /** The expression that it begins with, `end` included. */
  readonly initial: Range;
}

export interface ModuleExport {
  readonly name: string;
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number;
  readonly index: number;
  readonly offset: number;
}

export interface FunctionBody extends Range {
  /** The groups of locals as they stand, without their number. */
  readonly localGroups: Range & { readonly count: number };
  readonly localCount: number;
  readonly hasVectors: boolean;
}

/** What a module's sections say, as far as the transform needs it. */
export interface ParsedModule {
  readonly bytes: Uint8Array;
  /** Contents of the sections that are there, custom ones apart. */
  readonly sections: ReadonlyMap<number, Range>;
  /** The `name` section's content with its name: what stack traces show. */
  readonly names: Range | undefined;
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportedFunction[];
  /** The types of the functions that the module defines. */
  readonly functions: readonly number[];
  readonly memory:
    | { readonly initialPages: number; readonly maximumPages: number; readonly offset: number }
    | undefined;
  readonly globals: readonly ModuleGlobal[];
  readonly exports: readonly ModuleExport[];
  readonly start: number | undefined;
  readonly bodies: readonly FunctionBody[];
}

/** The type of a function, imported ones first. */
export function functionTypeOf(module: ParsedModule, index: number): FunctionType {
  const imported = module.imports[index];
  return module.types[imported?.typeIndex ?? module.functions[index - module.imports.length]!]!;
}
