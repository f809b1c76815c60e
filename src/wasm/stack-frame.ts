import { CodeWriter } from "./code-writer.js";
import { emitTrapIf, NOTHING } from "./emit.js";
import { InstructionReader } from "./instructions.js";
import { MAX_FRAME_BYTES } from "./limits.js";
import type { FunctionBody } from "./module.js";
import { ModuleReader } from "./module-reader.js";
import { Op } from "./opcodes.js";
import { ModuleRefused } from "./refusal.js";
import type { Rewriting, TempLocals } from "./rewriting.js";
import { type FunctionType, I32, V128 } from "./value-types.js";

/** Estimated stack that a call takes besides its locals and operands, and that each of these takes. */
const FRAME_BYTES = 96;
const SLOT_BYTES = 8;
const VECTOR_BYTES = 16;
/** A function that calls nobody is not counted unless its frame may be larger than this. */
const LEAF_FRAME_BYTES = 16_384;

/** A function's parts once its code is rewritten. */
export interface FunctionParts {
  readonly body: FunctionBody;
  readonly type: FunctionType;
  readonly temps: TempLocals;
  readonly code: CodeWriter;
  /** Most operands on its stack. */
  readonly maxHeight: number;
}

/** Whether calls of the function are counted: not where it calls nobody and its frame is small. */
export function takesStack({ module }: Rewriting, body: FunctionBody, type: FunctionType): boolean {
  const { start, end } = body;
  const slotsAtMost = type.params.length + body.localCount + (end - start);
  if (slotsAtMost * VECTOR_BYTES > LEAF_FRAME_BYTES) return true;
  const scan = new InstructionReader(new ModuleReader(module.bytes, "code section", start, end));
  while (!scan.reader.finished) {
    scan.next();
    const { code } = scan.opcode;
    if (code === Op.call || code === Op.callIndirect || code === Op.memoryGrow) return true;
  }
  return false;
}

/** Locals and code. */
export function unframed({ module }: Rewriting, { body, temps, code }: FunctionParts): CodeWriter {
  const writer = new CodeWriter(code.length + 128);
  emitLocals(writer, module.bytes, body, temps);
  writer.copy(code.buffer, 0, code.length);
  return writer;
}

/** Locals and code, with the frame's estimated size added before the code and taken off after it. */
export function framed(rewriting: Rewriting, parts: FunctionParts): CodeWriter {
  const { module, globals, options, counts } = rewriting;
  const { body, type, temps, code } = parts;
  counts.deepFunctions++;
  const depth = temps.of(I32);
  const frameBytes = frameBytesOf(parts);
  if (frameBytes > MAX_FRAME_BYTES) {
    const what = `a function whose call takes ${frameBytes} bytes of stack`;
    throw new ModuleRefused("too-large", "code section", body.start, what);
  }
  const writer = new CodeWriter(code.length + 128);
  emitLocals(writer, module.bytes, body, temps);
  writer.op(Op.globalGet, globals.depth);
  writer.i32Const(frameBytes);
  writer.op(Op.i32Add);
  writer.op(Op.localTee, depth);
  writer.op(Op.globalSet, globals.depth);
  writer.op(Op.localGet, depth);
  writer.i32Const(options.stackBytes);
  writer.op(Op.i32GtU);
  emitTrapIf(writer);
  writer.op(Op.block);
  emitResultType(writer, rewriting, type.results);
  writer.copy(code.buffer, 0, code.length);
  writer.op(Op.globalGet, globals.depth);
  writer.i32Const(frameBytes);
  writer.op(Op.i32Sub);
  writer.op(Op.globalSet, globals.depth);
  writer.op(Op.end);
  return writer;
}

function frameBytesOf({ body, type, temps, maxHeight }: FunctionParts): number {
  const slots = type.params.length + body.localCount + temps.types.length + maxHeight;
  const hasVectors = body.hasVectors || type.params.includes(V128) || temps.types.includes(V128);
  return FRAME_BYTES + slots * (hasVectors ? VECTOR_BYTES : SLOT_BYTES);
}

function emitLocals(writer: CodeWriter, bytes: Uint8Array, body: FunctionBody, temps: TempLocals): void {
  const { localGroups } = body;
  writer.varint(localGroups.count + temps.types.length);
  writer.copy(bytes, localGroups.start, localGroups.end);
  for (const type of temps.types) {
    writer.varint(1);
    writer.u8(type);
  }
}

function emitResultType(writer: CodeWriter, rewriting: Rewriting, results: readonly number[]): void {
  if (results.length === 0) writer.u8(NOTHING);
  else if (results.length === 1) writer.u8(results[0]!);
  else writer.signed(rewriting.typeIndexOf({ params: [], results }));
}
