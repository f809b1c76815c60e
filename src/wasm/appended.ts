import { CodeWriter } from "./code-writer.js";
import {
  emitCharge,
  emitCleanLocal,
  emitOpcode,
  emitSpend,
  emitTrapIf,
  NOTHING,
  type OwnGlobals,
} from "./emit.js";
import { PAGE_BYTES, PAGE_FUEL } from "./limits.js";
import { Op } from "./opcodes.js";
import { byteLengthOf, F32, F64, type FunctionType, I32, I64, V128 } from "./value-types.js";

const PAGE_SHIFT = 16;
/** Bytes that one unit of fuel copies or fills, as a power of two. */
const BULK_SHIFT = 3;

/** The body of a function that the transform adds: locals of these types, then the code. */
function body(locals: readonly number[], write: (writer: CodeWriter) => void): CodeWriter {
  const writer = new CodeWriter(64);
  writer.varint(locals.length);
  for (const type of locals) {
    writer.varint(1);
    writer.u8(type);
  }
  write(writer);
  writer.op(Op.end);
  return writer;
}

function emitExtended(writer: CodeWriter, local: number): void {
  writer.op(Op.localGet, local);
  writer.op(Op.i64ExtendI32U);
}

/** The memory's present size in pages, from its size in bytes. */
export function emitPages(writer: CodeWriter, globals: OwnGlobals): void {
  writer.op(Op.globalGet, globals.top);
  writer.i64Const(PAGE_SHIFT);
  writer.op(Op.i64ShrU);
  writer.op(Op.i32WrapI64);
}

export const GROW_TYPE: FunctionType = { params: [I32], results: [I32] };
export const BULK_TYPE: FunctionType = { params: [I32, I32], results: [] };
export const GLOBALS_TYPE: FunctionType = { params: [I32], results: [] };

/** `memory.grow`: within the cap, by moving the top. */
export const growBody = (globals: OwnGlobals, capPages: number): CodeWriter =>
  body([I64, I64], (writer) => {
    emitExtended(writer, 0);
    writer.i64Const(PAGE_SHIFT);
    writer.op(Op.i64Shl);
    writer.op(Op.globalGet, globals.top);
    writer.op(Op.i64Add);
    writer.op(Op.localTee, 1);
    writer.i64Const(capPages * PAGE_BYTES);
    writer.op(Op.i64GtU);
    writer.op(Op.if);
    writer.u8(NOTHING);
    writer.i32Const(-1);
    writer.op(Op.return);
    writer.op(Op.end);
    emitExtended(writer, 0);
    writer.i64Const(PAGE_FUEL);
    writer.op(Op.i64Mul);
    emitSpend(writer, globals, 2);
    emitPages(writer, globals);
    writer.op(Op.localGet, 1);
    writer.op(Op.globalSet, globals.top);
  });

/** Before bulk memory instructions: takes target and length, spends by length, traps above the top where `guarded`. */
export const bulkBody = (globals: OwnGlobals, guarded: boolean): CodeWriter =>
  body([I64], (writer) => {
    emitExtended(writer, 1);
    writer.i64Const(BULK_SHIFT);
    writer.op(Op.i64ShrU);
    emitSpend(writer, globals, 2);
    if (!guarded) return;
    emitExtended(writer, 0);
    emitExtended(writer, 1);
    writer.op(Op.i64Add);
    writer.op(Op.globalGet, globals.top);
    writer.op(Op.i64GtU);
    emitTrapIf(writer);
  });

/** How a global's value moves to and from memory: its bits, whichever type. */
const MOVES: Readonly<Record<number, { readonly load: number; readonly store: number }>> = {
  [I32]: { load: 0x28, store: 0x36 },
  [I64]: { load: 0x29, store: 0x37 },
  [F32]: { load: 0x2a, store: 0x38 },
  [F64]: { load: 0x2b, store: 0x39 },
  [V128]: { load: 0xfd000, store: 0xfd00b },
};

export interface SavedGlobal {
  readonly index: number;
  readonly type: number;
}

/** Writes all mutable globals to the address given, one after the other. */
export const saveGlobalsBody = (saved: readonly SavedGlobal[]): CodeWriter =>
  body([], (writer) => {
    let offset = 0;
    for (const { index, type } of saved) {
      writer.op(Op.localGet, 0);
      writer.op(Op.globalGet, index);
      emitAccess(writer, MOVES[type]!.store, offset);
      offset += byteLengthOf(type);
    }
  });

/** Reads back what `saveGlobalsBody` wrote. */
export const loadGlobalsBody = (saved: readonly SavedGlobal[]): CodeWriter =>
  body([], (writer) => {
    let offset = 0;
    for (const { index, type } of saved) {
      writer.op(Op.localGet, 0);
      emitAccess(writer, MOVES[type]!.load, offset);
      writer.op(Op.globalSet, index);
      offset += byteLengthOf(type);
    }
  });

function emitAccess(writer: CodeWriter, code: number, offset: number): void {
  emitOpcode(writer, code);
  writer.varint(0);
  writer.varint(offset);
}

export const NESTED_TYPE: FunctionType = { params: [], results: [I32] };

/** The estimated stack in use: a host calls a function sooner than it reads a global. */
export const nestedBody = (globals: OwnGlobals): CodeWriter =>
  body([], (writer) => writer.op(Op.globalGet, globals.depth));

/** Stands for an import wherever the module names it: charges, and lets in only the canonical NaN. */
export function importBody(globals: OwnGlobals, index: number, type: FunctionType, fuel: number): CodeWriter {
  const { params, results } = type;
  const scratch = params.length;
  return body([I64, ...results], (writer) => {
    emitCharge(writer, globals, scratch, fuel);
    params.forEach((_, local) => {
      writer.op(Op.localGet, local);
    });
    writer.op(Op.call, index);
    for (let i = results.length - 1; i >= 0; i--) writer.op(Op.localSet, scratch + 1 + i);
    results.forEach((result, i) => {
      emitCleanLocal(writer, result, scratch + 1 + i);
    });
  });
}

/** Stands for an exported function that takes floats, whose NaNs the host's engine chose. */
export const exportBody = (index: number, { params }: FunctionType): CodeWriter =>
  body([], (writer) => {
    params.forEach((type, local) => {
      emitCleanLocal(writer, type, local);
    });
    writer.op(Op.call, index);
  });
