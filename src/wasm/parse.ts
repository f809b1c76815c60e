import { equalBytes } from "../core/base/bytes.js";
import { CodeWriter } from "./code-writer.js";
import { copyElements, copyExpression } from "./expressions.js";
import { InstructionReader } from "./instructions.js";
import { MAX_LOCALS } from "./limits.js";
import type {
  FunctionBody,
  ImportedFunction,
  ModuleExport,
  ModuleGlobal,
  ParsedModule,
  Range,
} from "./module.js";
import { SectionId } from "./module.js";
import { ModuleReader } from "./module-reader.js";
import { Op } from "./opcodes.js";
import { type FunctionType, isReference, V128 } from "./value-types.js";

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SectionId).map(([name, id]) => [id, `${name} section`]),
);

/** Reads a module and refuses, by throwing `ModuleRefused`, what could not run alike everywhere. */
export function parseModule(bytes: Uint8Array): ParsedModule {
  const file: ModuleReader = new ModuleReader(bytes, "file");
  if (bytes.length < HEADER.length || !equalBytes(bytes.subarray(0, HEADER.length), HEADER)) {
    file.refuse("malformed", "it does not begin as WebAssembly of version 1 does");
  }
  file.skip(HEADER.length);
  const sections = new Map<number, Range>();
  let names: Range | undefined;
  while (!file.finished) {
    const at = file.at;
    const id = file.u8();
    const name = NAMES.get(id);
    if (name === undefined) file.refuse("unsupported", `a section of unknown kind ${id}`, at);
    const length = file.u32();
    const start = file.at;
    if (length > file.end - start) file.refuse("malformed", `the ${name} breaks off`, at);
    file.skip(length);
    if (id === SectionId.tag) file.refuse("exception-handling", "it declares exceptions", at);
    if (id !== SectionId.custom) sections.set(id, { start, end: file.at });
    else if (new ModuleReader(bytes, name, start, file.at).name() === "name") names = { start, end: file.at };
  }
  const open = (id: number): ModuleReader => {
    const { start, end } = sections.get(id) ?? { start: bytes.length, end: bytes.length };
    return new ModuleReader(bytes, NAMES.get(id)!, start, end);
  };
  const listOf = <Item>(id: number, item: (reader: ModuleReader) => Item): Item[] => {
    const reader = open(id);
    return sections.has(id) ? Array.from({ length: reader.count() }, () => item(reader)) : [];
  };
  const types = listOf(SectionId.type, readType);
  const imports = listOf(SectionId.import, readImport);
  const functions = listOf(SectionId.function, (reader) => reader.u32());
  listOf(SectionId.table, readTable);
  const memories = listOf(SectionId.memory, readMemory);
  if (memories.length > 1) open(SectionId.memory).refuse("several-memories", `${memories.length} memories`);
  const globals = listOf(SectionId.global, readGlobal);
  const exports = listOf(SectionId.export, readExport);
  const start = sections.has(SectionId.start) ? open(SectionId.start).u32() : undefined;
  if (sections.has(SectionId.element))
    copyElements(open(SectionId.element), new CodeWriter(), (index) => index);
  const bodies = listOf(SectionId.code, readBody);
  return {
    bytes,
    sections,
    names,
    types,
    imports,
    functions,
    memory: memories[0],
    globals,
    exports,
    start,
    bodies,
  };
}

function readType(reader: ModuleReader): FunctionType {
  const at = reader.at;
  const form = reader.u8();
  if (form !== 0x60)
    reader.refuse("garbage-collection", `a type that is no function's (0x${form.toString(16)})`, at);
  const list = (): number[] => Array.from({ length: reader.count() }, () => reader.valueType());
  return { params: list(), results: list() };
}

function readImport(reader: ModuleReader): ImportedFunction {
  const offset = reader.at;
  const module = reader.name();
  const name = reader.name();
  const kind = reader.u8();
  if (kind === 0) return { module, name, typeIndex: reader.u32(), offset };
  if (kind === 2) readMemory(reader);
  if (kind === 4) reader.refuse("exception-handling", `it imports an exception, ${module}.${name}`, offset);
  const what = ["function", "table", "memory", "global"][kind] ?? `thing of kind ${kind}`;
  reader.refuse(
    "unknown-import",
    `it imports a ${what}, ${module}.${name}; only functions are provided`,
    offset,
  );
}

function readTable(reader: ModuleReader): void {
  const at = reader.at;
  if (reader.bytes[at] === 0x40)
    reader.refuse("garbage-collection", "a table with a value to begin with", at);
  reader.valueType();
  readLimits(reader, "a table");
}

function readMemory(reader: ModuleReader): { initialPages: number; maximumPages: number; offset: number } {
  const offset = reader.at;
  const { least, most } = readLimits(reader, "a memory");
  return { initialPages: least, maximumPages: most, offset };
}

function readLimits(reader: ModuleReader, what: string): { readonly least: number; readonly most: number } {
  const at = reader.at;
  const flags = reader.u8();
  if ((flags & 2) !== 0) reader.refuse("shared-memory", `${what} that threads share`, at);
  if ((flags & 4) !== 0) reader.refuse("memory64", `${what} with addresses of 64 bits`, at);
  if (flags > 1) reader.refuse("unsupported", `${what} of kind ${flags}`, at);
  const least = reader.u32();
  return { least, most: flags === 1 ? reader.u32() : Number.POSITIVE_INFINITY };
}

function readGlobal(reader: ModuleReader): ModuleGlobal {
  const at = reader.at;
  const type = reader.valueType();
  const mutability = reader.u8();
  if (mutability > 1) reader.refuse("shared-memory", "a global that threads share", at);
  if (mutability === 1 && isReference(type)) {
    reader.refuse(
      "mutable-reference",
      "a mutable global that holds a reference, which no snapshot could",
      at,
    );
  }
  const start = reader.at;
  copyExpression(reader, new CodeWriter(), (index) => index);
  return { type, isMutable: mutability === 1, initial: { start, end: reader.at } };
}

function readExport(reader: ModuleReader): ModuleExport {
  const offset = reader.at;
  const name = reader.name();
  if (name.startsWith("echo:")) {
    reader.refuse(
      "reserved-name",
      `the export ${JSON.stringify(name)}; names that begin with "echo:" are taken`,
      offset,
    );
  }
  return { name, kind: reader.u8(), index: reader.u32(), offset };
}

function readBody(reader: ModuleReader): FunctionBody {
  const at = reader.at;
  const length = reader.u32();
  const bodyStart = reader.at;
  reader.skip(length);
  const body = new ModuleReader(reader.bytes, reader.section, bodyStart, reader.at);
  const count = body.count();
  const groupsStart = body.at;
  let localCount = 0;
  let hasVectors = false;
  for (let rest = count; rest > 0; rest--) {
    localCount += body.u32();
    hasVectors = body.valueType() === V128 || hasVectors;
  }
  if (localCount > MAX_LOCALS) body.refuse("too-large", `a function with ${localCount} locals`, at);
  const start = body.at;
  const localGroups = { start: groupsStart, end: start, count };
  const instruction = new InstructionReader(body);
  while (!body.finished) instruction.next();
  if (start === body.end || instruction.opcode.code !== Op.end) {
    body.refuse("malformed", "a function does not end", at);
  }
  return { start, end: body.end, localGroups, localCount, hasVectors };
}
