import { ruleFor, savedGlobals, TypeSpace, takesFloats } from "./additions.js";
import {
  BULK_TYPE,
  bulkBody,
  exportBody,
  GLOBALS_TYPE,
  GROW_TYPE,
  growBody,
  importBody,
  loadGlobalsBody,
  NESTED_TYPE,
  nestedBody,
  saveGlobalsBody,
} from "./appended.js";
import { CodeWriter } from "./code-writer.js";
import { copyElements, copyExpression } from "./expressions.js";
import { PAGE_BYTES } from "./limits.js";
import { functionTypeOf, type ModuleExport, type ParsedModule, SectionId } from "./module.js";
import { ModuleReader } from "./module-reader.js";
import { Op } from "./opcodes.js";
import type { ResolvedOptions } from "./options.js";
import { rewriteFunction } from "./rewrite-function.js";
import type { RewriteCounts, Rewriting } from "./rewriting.js";
import { type FunctionType, I32, I64 } from "./value-types.js";

/** The order in which sections stand in a file: two are out of the order of their numbers. */
const ORDER: readonly number[] = [
  SectionId.type,
  SectionId.import,
  SectionId.function,
  SectionId.table,
  SectionId.memory,
  SectionId.global,
  SectionId.export,
  SectionId.start,
  SectionId.element,
  SectionId.dataCount,
  SectionId.code,
  SectionId.data,
];

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const KIND_GLOBAL = 3;

interface AddedFunction {
  readonly type: FunctionType;
  readonly body: CodeWriter;
}

/** Writes the prepared module: everything that is added stands behind what was there, so that no index shifts. */
export function buildModule(
  module: ParsedModule,
  options: ResolvedOptions,
  capPages: number,
  counts: RewriteCounts,
): Uint8Array {
  return new ModuleBuilder(module, options, capPages, counts).build();
}

class ModuleBuilder {
  readonly #module: ParsedModule;
  readonly #options: ResolvedOptions;
  readonly #capPages: number;
  readonly #counts: RewriteCounts;
  readonly #types: TypeSpace;
  readonly #added: AddedFunction[] = [];
  readonly #exports: ModuleExport[] = [];
  readonly #firstAdded: number;

  constructor(module: ParsedModule, options: ResolvedOptions, capPages: number, counts: RewriteCounts) {
    this.#module = module;
    this.#options = options;
    this.#capPages = capPages;
    this.#counts = counts;
    this.#types = new TypeSpace(module.types);
    this.#firstAdded = module.imports.length + module.functions.length;
  }

  build(): Uint8Array {
    const module = this.#module;
    const own = module.globals.length;
    const globals = { fuel: own, depth: own + 1, top: own + 2 };
    // The stand-ins of the imports come first, in the imports' own order.
    module.imports.forEach(({ module: from, name }, index) => {
      const type = functionTypeOf(module, index);
      this.#add(type, importBody(globals, index, type, ruleFor(this.#options, from, name)!.fuel));
    });
    const { guardStores } = this.#options;
    const growFunction = this.#add(GROW_TYPE, growBody(globals, this.#capPages));
    const bulkFunction = this.#add(BULK_TYPE, bulkBody(globals, guardStores));
    const saved = savedGlobals(module);
    this.#export("echo:save", KIND_FUNCTION, this.#add(GLOBALS_TYPE, saveGlobalsBody(saved)));
    this.#export("echo:load", KIND_FUNCTION, this.#add(GLOBALS_TYPE, loadGlobalsBody(saved)));
    this.#export("echo:nested", KIND_FUNCTION, this.#add(NESTED_TYPE, nestedBody(globals)));
    this.#export("echo:memory", KIND_MEMORY, 0);
    for (const [name, index] of Object.entries(globals)) this.#export(`echo:${name}`, KIND_GLOBAL, index);
    const exports = [...module.exports.map((one) => this.#standIn(one)), ...this.#exports];

    const rewriting: Rewriting = {
      module,
      options: this.#options,
      globals,
      growFunction,
      bulkFunction,
      functionAt: this.#functionAt,
      typeIndexOf: (type) => this.#types.indexOf(type),
      counts: this.#counts,
    };
    const bodies = module.bodies.map((body, i) =>
      rewriteFunction(rewriting, body, module.types[module.functions[i]!]!),
    );
    const contents = new Map<number, CodeWriter>([
      [SectionId.function, this.#functionSection()],
      [SectionId.memory, this.#memorySection()],
      [SectionId.global, this.#globalSection()],
      [SectionId.export, exportSection(exports)],
      [SectionId.code, codeSection([...bodies, ...this.#added.map(({ body }) => body)])],
      // Last, since everything before may have added types.
      [SectionId.type, this.#typeSection()],
    ]);
    if (module.start !== undefined)
      contents.set(SectionId.start, startSection(this.#functionAt(module.start)));
    const elements = this.#reader(SectionId.element);
    if (elements !== undefined) {
      const writer = new CodeWriter();
      copyElements(elements, writer, this.#functionAt);
      contents.set(SectionId.element, writer);
    }
    return this.#assembled(contents);
  }

  #add(type: FunctionType, body: CodeWriter): number {
    return this.#firstAdded + this.#added.push({ type, body }) - 1;
  }

  #export(name: string, kind: number, index: number): void {
    this.#exports.push({ name, kind, index, offset: 0 });
  }

  /** Imports are reached through their stand-ins alone. */
  readonly #functionAt = (index: number): number =>
    index < this.#module.imports.length ? this.#firstAdded + index : index;

  #standIn(exported: ModuleExport): ModuleExport {
    const { kind, index } = exported;
    if (kind !== KIND_FUNCTION) return exported;
    const own = this.#functionAt(index);
    if (!takesFloats(this.#module, index)) return { ...exported, index: own };
    const type = functionTypeOf(this.#module, index);
    return { ...exported, index: this.#add(type, exportBody(own, type)) };
  }

  #reader(id: number): ModuleReader | undefined {
    const range = this.#module.sections.get(id);
    return range && new ModuleReader(this.#module.bytes, `section ${id}`, range.start, range.end);
  }

  /** A section's items as they were, behind a new number of them. */
  #itemsOf(id: number, addedCount: number): CodeWriter {
    const writer = new CodeWriter();
    const reader = this.#reader(id);
    if (reader === undefined) {
      writer.varint(addedCount);
    } else {
      writer.varint(reader.u32() + addedCount);
      writer.copy(reader.bytes, reader.at, reader.end);
    }
    return writer;
  }

  #typeSection(): CodeWriter {
    const { added } = this.#types;
    const writer = this.#itemsOf(SectionId.type, added.length);
    for (const { params, results } of added) {
      writer.u8(0x60);
      for (const list of [params, results]) {
        writer.varint(list.length);
        for (const type of list) writer.u8(type);
      }
    }
    return writer;
  }

  #functionSection(): CodeWriter {
    const writer = this.#itemsOf(SectionId.function, this.#added.length);
    for (const { type } of this.#added) writer.varint(this.#types.indexOf(type));
    return writer;
  }

  /** The cap and the pages behind it, allocated once: growing then moves a number and rolls back with it. */
  #memorySection(): CodeWriter {
    const pages = this.#capPages + this.#options.ioPages;
    const writer = new CodeWriter();
    writer.varint(1);
    writer.u8(1);
    writer.varint(pages);
    writer.varint(pages);
    return writer;
  }

  #globalSection(): CodeWriter {
    const module = this.#module;
    const writer = new CodeWriter();
    writer.varint(module.globals.length + 3);
    for (const { type, isMutable, initial } of module.globals) {
      writer.u8(type);
      writer.u8(isMutable ? 1 : 0);
      const reader = new ModuleReader(module.bytes, "global section", initial.start, initial.end);
      copyExpression(reader, writer, this.#functionAt);
    }
    const own = (type: number, value: number): void => {
      writer.u8(type);
      writer.u8(1);
      if (type === I64) writer.i64Const(value);
      else writer.i32Const(value);
      writer.op(Op.end);
    };
    own(I64, this.#options.startFuel);
    own(I32, 0);
    own(I64, (module.memory?.initialPages ?? 0) * PAGE_BYTES);
    return writer;
  }

  #assembled(contents: ReadonlyMap<number, CodeWriter>): Uint8Array {
    const { bytes, names } = this.#module;
    const file = new CodeWriter(bytes.length * 2);
    for (const byte of HEADER) file.u8(byte);
    for (const id of ORDER) {
      const content = contents.get(id);
      const range = this.#module.sections.get(id);
      if (content !== undefined) {
        file.u8(id);
        file.sized(content);
      } else if (range !== undefined) {
        copySection(file, id, bytes, range.start, range.end);
      }
    }
    if (names !== undefined) copySection(file, SectionId.custom, bytes, names.start, names.end);
    return file.finish();
  }
}

function copySection(file: CodeWriter, id: number, bytes: Uint8Array, start: number, end: number): void {
  file.u8(id);
  file.varint(end - start);
  file.copy(bytes, start, end);
}

function exportSection(exports: readonly ModuleExport[]): CodeWriter {
  const writer = new CodeWriter();
  writer.varint(exports.length);
  for (const { name, kind, index } of exports) {
    writer.utf8(name);
    writer.u8(kind);
    writer.varint(index);
  }
  return writer;
}

function startSection(index: number): CodeWriter {
  const writer = new CodeWriter(8);
  writer.varint(index);
  return writer;
}

function codeSection(bodies: readonly CodeWriter[]): CodeWriter {
  const writer = new CodeWriter();
  writer.varint(bodies.length);
  for (const body of bodies) writer.sized(body);
  return writer;
}
