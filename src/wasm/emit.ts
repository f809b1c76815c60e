import type { CodeWriter } from "./code-writer.js";
import { Op } from "./opcodes.js";
import { F32, F64 } from "./value-types.js";

/** The block type of a block without results. */
export const NOTHING = 0x40;

/** Where the transform's own globals stand. */
export interface OwnGlobals {
  /** i64: what is left to spend; below 0 the module traps. */
  readonly fuel: number;
  /** i32: estimated bytes of stack in use. */
  readonly depth: number;
  /** i64: bytes of memory that the module has, a multiple of a page. */
  readonly top: number;
}

/** Traps where the condition on the stack holds. */
export function emitTrapIf(writer: CodeWriter): void {
  writer.op(Op.if);
  writer.u8(NOTHING);
  writer.op(Op.unreachable);
  writer.op(Op.end);
}

/** Takes the number on the stack, an i64, from the fuel; traps where too little is left. `scratch`: an i64 local. */
export function emitSpend(writer: CodeWriter, globals: OwnGlobals, scratch: number): void {
  writer.op(Op.localSet, scratch);
  writer.op(Op.globalGet, globals.fuel);
  writer.op(Op.localGet, scratch);
  writer.op(Op.i64Sub);
  emitSettle(writer, globals, scratch);
}

/** As `emitSpend`, of a constant; returns where in the writer the constant's bytes begin. */
export function emitCharge(writer: CodeWriter, globals: OwnGlobals, scratch: number, cost: number): number {
  writer.op(Op.globalGet, globals.fuel);
  writer.i64Const(cost);
  const costAt = writer.length - 1;
  writer.op(Op.i64Sub);
  emitSettle(writer, globals, scratch);
  return costAt;
}

function emitSettle(writer: CodeWriter, globals: OwnGlobals, scratch: number): void {
  writer.op(Op.localTee, scratch);
  writer.op(Op.globalSet, globals.fuel);
  writer.op(Op.localGet, scratch);
  writer.i64Const(0);
  writer.op(Op.i64LtS);
  emitTrapIf(writer);
}

interface Shape {
  /** The canonical NaN as a constant, in every lane. */
  readonly constant: readonly number[];
  readonly equal: number;
  readonly choose: number;
}

const NAN_32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];
const V128_CONST = [0xfd, 0x0c];
const BITSELECT = 0xfd052;

const SHAPES: Readonly<Record<string, Shape>> = {
  f32: { constant: [Op.f32Const, ...NAN_32], equal: Op.f32Eq, choose: Op.select },
  f64: { constant: [Op.f64Const, ...NAN_64], equal: Op.f64Eq, choose: Op.select },
  f32x4: {
    constant: [...V128_CONST, ...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
    equal: 0xfd041,
    choose: BITSELECT,
  },
  f64x2: { constant: [...V128_CONST, ...NAN_64, ...NAN_64], equal: 0xfd047, choose: BITSELECT },
};

/** Replaces a NaN in the local by the one canonical NaN and leaves the result on the stack, where it already is. */
export function emitCanonical(writer: CodeWriter, shape: string, local: number): void {
  const { constant, equal, choose } = SHAPES[shape]!;
  for (const byte of constant) writer.u8(byte);
  writer.op(Op.localGet, local);
  writer.op(Op.localGet, local);
  emitOpcode(writer, equal);
  emitOpcode(writer, choose);
}

/** An instruction without immediates, whether or not it stands behind a prefix. */
export function emitOpcode(writer: CodeWriter, code: number): void {
  if (code < 0x100) {
    writer.u8(code);
  } else {
    writer.u8(Math.floor(code / 0x1000));
    writer.varint(code % 0x1000);
  }
}

/** Pushes a local's value, with a canonical NaN where it is a float. */
export function emitCleanLocal(writer: CodeWriter, type: number, local: number): void {
  writer.op(Op.localGet, local);
  if (type === F32) emitCanonical(writer, "f32", local);
  else if (type === F64) emitCanonical(writer, "f64", local);
}
