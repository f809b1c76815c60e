import type { SavedGlobal } from "./appended.js";
import { MAX_MUTABLE_GLOBALS, PAGE_BYTES } from "./limits.js";
import { functionTypeOf, type ParsedModule, SectionId } from "./module.js";
import { ModuleReader } from "./module-reader.js";
import { Op } from "./opcodes.js";
import type { PricedImport, ResolvedOptions } from "./options.js";
import {
  byteLengthOf,
  describeType,
  type FunctionType,
  isFloat,
  sameType,
  typeOfLetters,
} from "./value-types.js";

/** Checks what only a valid module can be asked. Throws `ModuleRefused`. */
export function checkAgainst(module: ParsedModule, options: ResolvedOptions): void {
  const refuse = (section: number, name: string): ModuleReader => {
    const start = module.sections.get(section)?.start ?? 0;
    return new ModuleReader(module.bytes, name, start);
  };
  for (const { module: from, name, typeIndex, offset } of module.imports) {
    const reader: ModuleReader = refuse(SectionId.import, "import section");
    const rule = ruleFor(options, from, name);
    if (rule === undefined)
      reader.refuse("unknown-import", `it imports ${from}.${name}, which nobody provides`, offset);
    const type = module.types[typeIndex]!;
    if (rule.type !== undefined && !sameType(type, typeOfLetters(rule.type))) {
      const wanted = describeType(typeOfLetters(rule.type));
      reader.refuse(
        "unknown-import",
        `it imports ${from}.${name} as ${describeType(type)}; it is ${wanted}`,
        offset,
      );
    }
  }
  const { memory } = module;
  if (memory !== undefined && memory.initialPages > options.memoryCapPages) {
    refuse(SectionId.memory, "memory section").refuse(
      "too-large",
      `a memory of ${memory.initialPages} pages; ${options.memoryCapPages} are allowed`,
      memory.offset,
    );
  }
  const saved = savedGlobals(module);
  if (saved.length > MAX_MUTABLE_GLOBALS) {
    refuse(SectionId.global, "global section").refuse("too-large", `${saved.length} mutable globals`);
  }
  checkData(module);
}

export const ruleFor = (options: ResolvedOptions, module: string, name: string): PricedImport | undefined =>
  options.imports.find((rule) => rule.module === module && rule.name === name);

export const savedGlobals = (module: ParsedModule): readonly SavedGlobal[] =>
  module.globals.flatMap(({ type, isMutable }, index) => (isMutable ? [{ index, type }] : []));

export const savedBytes = (saved: readonly SavedGlobal[]): number =>
  saved.reduce((sum, { type }) => sum + byteLengthOf(type), 0);

export const takesFloats = (module: ParsedModule, index: number): boolean =>
  functionTypeOf(module, index).params.some(isFloat);

/** Data goes to constant places below the first top: what lay above would be there at one peer and not at another. */
function checkData(module: ParsedModule): void {
  const range = module.sections.get(SectionId.data);
  if (range === undefined) return;
  const reader = new ModuleReader(module.bytes, "data section", range.start, range.end);
  const limit = (module.memory?.initialPages ?? 0) * PAGE_BYTES;
  for (let rest = reader.count(); rest > 0; rest--) {
    const at = reader.at;
    const isPassive = reader.u32() === 1;
    const offset = isPassive ? 0 : constantOffset(reader);
    const length = reader.u32();
    reader.skip(length);
    if (!isPassive && offset + length > limit) {
      reader.refuse("invalid", "data that lies outside the memory", at);
    }
  }
}

function constantOffset(reader: ModuleReader): number {
  const at = reader.at;
  const isConstant = reader.u8() === Op.i32Const;
  const offset = isConstant ? reader.s33() : 0;
  if (!isConstant || reader.u8() !== Op.end) {
    reader.refuse("unsupported", "data at a place that is no plain constant", at);
  }
  return offset < 0 ? offset + 2 ** 32 : offset;
}

/** The module's types, and those that the transform adds behind them. */
export class TypeSpace {
  readonly added: FunctionType[] = [];
  readonly #indices = new Map<string, number>();
  readonly #ownCount: number;

  constructor(own: readonly FunctionType[]) {
    this.#ownCount = own.length;
    own.forEach((type, index) => {
      this.#indices.set(keyOf(type), index);
    });
  }

  indexOf(type: FunctionType): number {
    const key = keyOf(type);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.#ownCount + this.added.push(type) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }
}

const keyOf = ({ params, results }: FunctionType): string => `${params.join()}>${results.join()}`;
