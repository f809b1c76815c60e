import { type FunctionType, typeOfLetters } from "./value-types.js";

/** What follows an instruction's number. */
export type Immediate =
  | "none"
  | "block"
  | "label"
  | "labels"
  | "index"
  | "indices"
  | "types"
  | "reference"
  | "memory"
  | "lane"
  | "memory-lane"
  | "i32"
  | "i64"
  | "bytes-4"
  | "bytes-8"
  | "bytes-16";

export interface Opcode {
  /** The byte, or prefix × 0x1000 + number for those behind a prefix. */
  readonly code: number;
  readonly name: string;
  readonly immediate: Immediate;
  /** Operands and results; undefined where they follow from what surrounds the instruction. */
  readonly type: FunctionType | undefined;
  /** The shape of a float result whose NaN bits the engine may choose: `f32`, `f64`, `f32x4`, `f64x2`. */
  readonly makesNaN: string | undefined;
  /** The shape of float operands whose NaN bits leave no trace in the result. */
  readonly forgetsNaN: string | undefined;
  /** Bytes that a store writes. */
  readonly stores: number | undefined;
}

/** Instructions that the transform itself writes or looks for. */
export const Op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  i64GtS: 0x55,
  i64GtU: 0x56,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  refFunc: 0xd2,
  memoryInit: 0xfc008,
  dataDrop: 0xfc009,
  memoryCopy: 0xfc00a,
  memoryFill: 0xfc00b,
  elemDrop: 0xfc00d,
} as const;

/** First code, what all names begin with, names of consecutive codes (`-` skips one), type, immediate. */
type Row = readonly [first: number, prefix: string, names: string, type: string, immediate?: Immediate];

const COMPARE = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const COMPARE_FLOAT = "eq ne lt gt le ge";
const INTEGER = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOAT_ONE = "abs neg ceil floor trunc nearest sqrt";
const FLOAT_TWO = "add sub mul div min max copysign";
/** A type that depends on what surrounds the instruction. */
const OPEN = "";

const ROWS: readonly Row[] = [
  [Op.unreachable, "", "unreachable nop", OPEN],
  [Op.block, "", "block loop if", OPEN, "block"],
  [Op.else, "", "else", OPEN],
  [Op.end, "", "end", OPEN],
  [Op.br, "", "br br_if", OPEN, "label"],
  [Op.brTable, "", "br_table", OPEN, "labels"],
  [Op.return, "", "return", OPEN],
  [Op.call, "", "call", OPEN, "index"],
  [Op.callIndirect, "", "call_indirect", OPEN, "indices"],
  [Op.drop, "", "drop select", OPEN],
  [Op.selectTyped, "", "select_typed", OPEN, "types"],
  [Op.localGet, "", "local.get local.set local.tee global.get global.set table.get", OPEN, "index"],
  [0x28, "", "i32.load", "i>i", "memory"],
  [0x29, "", "i64.load", "i>I", "memory"],
  [0x2a, "", "f32.load", "i>f", "memory"],
  [0x2b, "", "f64.load", "i>F", "memory"],
  [0x2c, "i32.", "load8_s load8_u load16_s load16_u", "i>i", "memory"],
  [0x30, "i64.", "load8_s load8_u load16_s load16_u load32_s load32_u", "i>I", "memory"],
  [0x36, "", "i32.store", "ii>", "memory"],
  [0x37, "", "i64.store", "iI>", "memory"],
  [0x38, "", "f32.store", "if>", "memory"],
  [0x39, "", "f64.store", "iF>", "memory"],
  [0x3a, "i32.", "store8 store16", "ii>", "memory"],
  [0x3c, "i64.", "store8 store16 store32", "iI>", "memory"],
  [Op.memorySize, "", "memory.size", ">i", "index"],
  [Op.memoryGrow, "", "memory.grow", "i>i", "index"],
  [Op.i32Const, "", "i32.const", ">i", "i32"],
  [Op.i64Const, "", "i64.const", ">I", "i64"],
  [Op.f32Const, "", "f32.const", ">f", "bytes-4"],
  [Op.f64Const, "", "f64.const", ">F", "bytes-8"],
  [0x45, "i32.", "eqz", "i>i"],
  [0x46, "i32.", COMPARE, "ii>i"],
  [0x50, "i64.", "eqz", "I>i"],
  [0x51, "i64.", COMPARE, "II>i"],
  [0x5b, "f32.", COMPARE_FLOAT, "ff>i"],
  [0x61, "f64.", COMPARE_FLOAT, "FF>i"],
  [0x67, "i32.", "clz ctz popcnt", "i>i"],
  [0x6a, "i32.", INTEGER, "ii>i"],
  [0x79, "i64.", "clz ctz popcnt", "I>I"],
  [0x7c, "i64.", INTEGER, "II>I"],
  [0x8b, "f32.", FLOAT_ONE, "f>f"],
  [0x92, "f32.", FLOAT_TWO, "ff>f"],
  [0x99, "f64.", FLOAT_ONE, "F>F"],
  [0xa0, "f64.", FLOAT_TWO, "FF>F"],
  [0xa7, "i32.", "wrap_i64", "I>i"],
  [0xa8, "i32.", "trunc_f32_s trunc_f32_u", "f>i"],
  [0xaa, "i32.", "trunc_f64_s trunc_f64_u", "F>i"],
  [0xac, "i64.", "extend_i32_s extend_i32_u", "i>I"],
  [0xae, "i64.", "trunc_f32_s trunc_f32_u", "f>I"],
  [0xb0, "i64.", "trunc_f64_s trunc_f64_u", "F>I"],
  [0xb2, "f32.", "convert_i32_s convert_i32_u", "i>f"],
  [0xb4, "f32.", "convert_i64_s convert_i64_u", "I>f"],
  [0xb6, "f32.", "demote_f64", "F>f"],
  [0xb7, "f64.", "convert_i32_s convert_i32_u", "i>F"],
  [0xb9, "f64.", "convert_i64_s convert_i64_u", "I>F"],
  [0xbb, "f64.", "promote_f32", "f>F"],
  [0xbc, "i32.", "reinterpret_f32", "f>i"],
  [0xbd, "i64.", "reinterpret_f64", "F>I"],
  [0xbe, "f32.", "reinterpret_i32", "i>f"],
  [0xbf, "f64.", "reinterpret_i64", "I>F"],
  [0xc0, "i32.", "extend8_s extend16_s", "i>i"],
  [0xc2, "i64.", "extend8_s extend16_s extend32_s", "I>I"],
  [0xd0, "ref.", "null", OPEN, "reference"],
  [0xd1, "ref.", "is_null", OPEN],
  [Op.refFunc, "ref.", "func", OPEN, "index"],
  [0xfc000, "i32.", "trunc_sat_f32_s trunc_sat_f32_u", "f>i"],
  [0xfc002, "i32.", "trunc_sat_f64_s trunc_sat_f64_u", "F>i"],
  [0xfc004, "i64.", "trunc_sat_f32_s trunc_sat_f32_u", "f>I"],
  [0xfc006, "i64.", "trunc_sat_f64_s trunc_sat_f64_u", "F>I"],
  [Op.memoryInit, "memory.", "init", "iii>", "indices"],
  [Op.dataDrop, "data.", "drop", ">", "index"],
  [Op.memoryCopy, "memory.", "copy", "iii>", "indices"],
  [Op.memoryFill, "memory.", "fill", "iii>", "index"],
  [Op.elemDrop, "elem.", "drop", ">", "index"],
  [0xfc010, "table.", "size", ">i", "index"],
  [
    0xfd000,
    "v128.load",
    " 8x8_s 8x8_u 16x4_s 16x4_u 32x2_s 32x2_u 8_splat 16_splat 32_splat 64_splat",
    "i>v",
    "memory",
  ],
  [0xfd00b, "v128.", "store", "iv>", "memory"],
  [0xfd00c, "v128.", "const", ">v", "bytes-16"],
  [0xfd00d, "i8x16.", "shuffle", "vv>v", "bytes-16"],
  [0xfd00e, "i8x16.", "swizzle", "vv>v"],
  [0xfd00f, "", "i8x16.splat i16x8.splat i32x4.splat", "i>v"],
  [0xfd012, "", "i64x2.splat", "I>v"],
  [0xfd013, "", "f32x4.splat", "f>v"],
  [0xfd014, "", "f64x2.splat", "F>v"],
  [0xfd015, "i8x16.", "extract_lane_s extract_lane_u", "v>i", "lane"],
  [0xfd017, "i8x16.", "replace_lane", "vi>v", "lane"],
  [0xfd018, "i16x8.", "extract_lane_s extract_lane_u", "v>i", "lane"],
  [0xfd01a, "i16x8.", "replace_lane", "vi>v", "lane"],
  [0xfd01b, "i32x4.", "extract_lane", "v>i", "lane"],
  [0xfd01c, "i32x4.", "replace_lane", "vi>v", "lane"],
  [0xfd01d, "i64x2.", "extract_lane", "v>I", "lane"],
  [0xfd01e, "i64x2.", "replace_lane", "vI>v", "lane"],
  [0xfd01f, "f32x4.", "extract_lane", "v>f", "lane"],
  [0xfd020, "f32x4.", "replace_lane", "vf>v", "lane"],
  [0xfd021, "f64x2.", "extract_lane", "v>F", "lane"],
  [0xfd022, "f64x2.", "replace_lane", "vF>v", "lane"],
  [0xfd023, "i8x16.", COMPARE, "vv>v"],
  [0xfd02d, "i16x8.", COMPARE, "vv>v"],
  [0xfd037, "i32x4.", COMPARE, "vv>v"],
  [0xfd041, "f32x4.", COMPARE_FLOAT, "vv>v"],
  [0xfd047, "f64x2.", COMPARE_FLOAT, "vv>v"],
  [0xfd04d, "v128.", "not", "v>v"],
  [0xfd04e, "v128.", "and andnot or xor", "vv>v"],
  [0xfd052, "v128.", "bitselect", "vvv>v"],
  [0xfd053, "v128.", "any_true", "v>i"],
  [0xfd054, "v128.", "load8_lane load16_lane load32_lane load64_lane", "iv>v", "memory-lane"],
  [0xfd058, "v128.", "store8_lane store16_lane store32_lane store64_lane", "iv>", "memory-lane"],
  [0xfd05c, "v128.", "load32_zero load64_zero", "i>v", "memory"],
  [0xfd05e, "f32x4.", "demote_f64x2_zero", "v>v"],
  [0xfd05f, "f64x2.", "promote_low_f32x4", "v>v"],
  [0xfd060, "i8x16.", "abs neg popcnt", "v>v"],
  [0xfd063, "i8x16.", "all_true bitmask", "v>i"],
  [0xfd065, "i8x16.", "narrow_i16x8_s narrow_i16x8_u", "vv>v"],
  [0xfd067, "f32x4.", "ceil floor trunc nearest", "v>v"],
  [0xfd06b, "i8x16.", "shl shr_s shr_u", "vi>v"],
  [0xfd06e, "i8x16.", "add add_sat_s add_sat_u sub sub_sat_s sub_sat_u", "vv>v"],
  [0xfd074, "f64x2.", "ceil floor", "v>v"],
  [0xfd076, "i8x16.", "min_s min_u max_s max_u", "vv>v"],
  [0xfd07a, "f64x2.", "trunc", "v>v"],
  [0xfd07b, "i8x16.", "avgr_u", "vv>v"],
  [0xfd07c, "i16x8.", "extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u", "v>v"],
  [0xfd07e, "i32x4.", "extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u", "v>v"],
  [0xfd080, "i16x8.", "abs neg", "v>v"],
  [0xfd082, "i16x8.", "q15mulr_sat_s", "vv>v"],
  [0xfd083, "i16x8.", "all_true bitmask", "v>i"],
  [0xfd085, "i16x8.", "narrow_i32x4_s narrow_i32x4_u", "vv>v"],
  [0xfd087, "i16x8.extend_", "low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u", "v>v"],
  [0xfd08b, "i16x8.", "shl shr_s shr_u", "vi>v"],
  [0xfd08e, "i16x8.", "add add_sat_s add_sat_u sub sub_sat_s sub_sat_u", "vv>v"],
  [0xfd094, "f64x2.", "nearest", "v>v"],
  [0xfd095, "i16x8.", "mul min_s min_u max_s max_u - avgr_u", "vv>v"],
  [0xfd09c, "i16x8.extmul_", "low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u", "vv>v"],
  [0xfd0a0, "i32x4.", "abs neg", "v>v"],
  [0xfd0a3, "i32x4.", "all_true bitmask", "v>i"],
  [0xfd0a7, "i32x4.extend_", "low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u", "v>v"],
  [0xfd0ab, "i32x4.", "shl shr_s shr_u", "vi>v"],
  [0xfd0ae, "i32x4.", "add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s", "vv>v"],
  [0xfd0bc, "i32x4.extmul_", "low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u", "vv>v"],
  [0xfd0c0, "i64x2.", "abs neg", "v>v"],
  [0xfd0c3, "i64x2.", "all_true bitmask", "v>i"],
  [0xfd0c7, "i64x2.extend_", "low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u", "v>v"],
  [0xfd0cb, "i64x2.", "shl shr_s shr_u", "vi>v"],
  [0xfd0ce, "i64x2.", "add - - sub - - - mul eq ne lt_s gt_s le_s ge_s", "vv>v"],
  [0xfd0dc, "i64x2.extmul_", "low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u", "vv>v"],
  [0xfd0e0, "f32x4.", "abs neg - sqrt", "v>v"],
  [0xfd0e4, "f32x4.", "add sub mul div min max pmin pmax", "vv>v"],
  [0xfd0ec, "f64x2.", "abs neg - sqrt", "v>v"],
  [0xfd0f0, "f64x2.", "add sub mul div min max pmin pmax", "vv>v"],
  [0xfd0f8, "i32x4.", "trunc_sat_f32x4_s trunc_sat_f32x4_u", "v>v"],
  [0xfd0fa, "f32x4.", "convert_i32x4_s convert_i32x4_u", "v>v"],
  [0xfd0fc, "i32x4.", "trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero", "v>v"],
  [0xfd0fe, "f64x2.", "convert_low_i32x4_s convert_low_i32x4_u", "v>v"],
];

const MAKES_NAN =
  /^(f32|f64|f32x4|f64x2)\.(?:ceil|floor|trunc|nearest|sqrt|add|sub|mul|div|min|max|(?:demote|promote)_(?:low_)?(f\d\d(?:x\d)?).*)$/;
const COMPARES = /^(f32|f64|f32x4|f64x2)\.(?:eq|ne|lt|gt|le|ge)$/;
const TRUNCATES = /\.trunc_(?:sat_)?(f\d\d(?:x\d)?)_/;
const STORES = /\.store(\d*)/;

function describeOpcode(code: number, name: string, letters: string, immediate: Immediate): Opcode {
  const arithmetic = MAKES_NAN.exec(name);
  const type = letters === OPEN ? undefined : typeOfLetters(letters);
  const stores = STORES.exec(name);
  const whole = name.startsWith("v128") ? 16 : Number(name.slice(1, 3)) / 8;
  return {
    code,
    name,
    immediate,
    type,
    makesNaN: arithmetic?.[1],
    forgetsNaN:
      arithmetic?.[2] ??
      arithmetic?.[1] ??
      COMPARES.exec(name)?.[1] ??
      TRUNCATES.exec(name)?.[1] ??
      undefined,
    stores: stores === null ? undefined : stores[1] === "" ? whole : Number(stores[1]) / 8,
  };
}

/** Every instruction that a module may hold, by its code. */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  ROWS.flatMap(([first, prefix, names, type, immediate = "none"]) =>
    names
      .split(" ")
      .map((name, i): Opcode => describeOpcode(first + i, prefix + name, type, immediate))
      .filter(({ name }) => !name.endsWith("-"))
      .map((opcode): [number, Opcode] => [opcode.code, opcode]),
  ),
);
