import { describe, expect, test } from "vitest";
import { assemble, type Code, leb, list, op, uleb } from "../../test/wasm/assembler.js";
import { OPCODES, type Opcode } from "./opcodes.js";
import { prepare } from "./prepare.js";
import { F32, F64, I32, I64, V128 } from "./value-types.js";

/** Where operands lie, sixteen bytes each, and where the result goes. */
const OPERANDS_AT = 256;
const RESULT_AT = 1024;
/** Bytes from 0 on that any operand leads to. */
const REACH = 5120;
const LOADS: Record<number, number> = { [I32]: 0x28, [I64]: 0x29, [F32]: 0x2a, [F64]: 0x2b, [V128]: 0xfd000 };
const STORES: Record<number, number> = {
  [I32]: 0x36,
  [I64]: 0x37,
  [F32]: 0x38,
  [F64]: 0x39,
  [V128]: 0xfd00b,
};

const i32 = (value: number): Code => [0x41, ...leb(value | 0)];
const access = (code: number, offset: number): Code => [...op(code), 0, ...uleb(offset)];

function immediateOf({ immediate, name }: Opcode): Code {
  switch (immediate) {
    case "memory":
      return [0, 8];
    case "memory-lane":
      return [0, 8, 1];
    case "lane":
    case "index":
      return [/^(?:i64x2|f64x2)/.test(name) ? 1 : 0];
    case "indices":
      return [0, 0];
    case "i32":
      return leb(-123456);
    case "i64":
      return leb(-(2n ** 55n));
    case "bytes-4":
      return [1, 2, 3, 0x40];
    case "bytes-8":
      return [1, 2, 3, 4, 5, 6, 7, 0x40];
    case "bytes-16":
      return Array.from({ length: 16 }, (_, i) => (i * 7) % 32);
    default:
      return [];
  }
}

/** A module whose `run` loads operands from memory, runs one instruction on them and stores what it gives. */
function moduleOf(opcode: Opcode): Uint8Array<ArrayBuffer> {
  const { params, results } = opcode.type!;
  const operands = params.flatMap((type, i) => [...i32(0), ...access(LOADS[type]!, OPERANDS_AT + 16 * i)]);
  const run = [...operands, ...op(opcode.code), ...immediateOf(opcode)];
  const stored = results.length === 0 ? [] : access(STORES[results[0]!]!, RESULT_AT);
  return assemble({
    functions: [
      { type: ">", export: "run", code: [...(results.length === 0 ? [] : i32(0)), ...run, ...stored] },
    ],
    memory: [1, 1, 4],
    exports: [{ name: "memory", kind: 2, index: 0 }],
    raw: {
      4: list([[0x70, 0, 3]]),
      9: list([[1, 0, 1, 0]]),
      11: list([[1, 5, 9, 8, 7, 6, 5]]),
      12: [1],
    },
  });
}

const INTEGERS = [0n, 1n, -1n, 5n, 40n, 0x8000_0000n, 0x7fff_ffffn, -(2n ** 63n), 0x0123_4567_89ab_cdefn];
const FLOATS = [0, -0, 1.5, -2.5, 1e10, -1e-40, Infinity, -Infinity, NaN, 3e9, 2 ** 63, 5e-324];

/** Operand values of a type, as sixteen bytes; `turn` picks others for the second operand. */
function valuesOf(type: number, isAddress: boolean): Uint8Array[] {
  const make = (write: (view: DataView) => void): Uint8Array => {
    const bytes = new Uint8Array(16);
    write(new DataView(bytes.buffer));
    return bytes;
  };
  if (isAddress) return [0, 16, 300, 2000].map((at) => make((view) => view.setUint32(0, at, true)));
  if (type === F32) return FLOATS.map((value) => make((view) => view.setFloat32(0, value, true)));
  if (type === F64) return FLOATS.map((value) => make((view) => view.setFloat64(0, value, true)));
  if (type !== V128) return INTEGERS.map((value) => make((view) => view.setBigInt64(0, value, true)));
  const lanes32 = (at: number) => (view: DataView) => {
    for (let i = 0; i < 4; i++) view.setFloat32(4 * i, FLOATS[(at + i) % FLOATS.length]!, true);
  };
  const lanes64 = (at: number) => (view: DataView) => {
    for (let i = 0; i < 2; i++) view.setFloat64(8 * i, FLOATS[(at + i) % FLOATS.length]!, true);
  };
  const bits = (at: number) => (view: DataView) => {
    for (let i = 0; i < 16; i++) view.setUint8(i, (at * 31 + i * 37) & 255);
  };
  return [0, 2, 5, 8].flatMap((at) => [make(lanes32(at)), make(lanes64(at)), make(bits(at))]);
}

interface Runnable {
  readonly memory: Uint8Array;
  readonly run: () => void;
}

function instanceOf(bytes: Uint8Array<ArrayBuffer>): Runnable {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer, 0, 65_536);
  return { memory, run: exports.run as () => void };
}

/** Everything that the instruction did to the memory that its operands reach, or that it trapped. */
function outcome({ memory, run }: Runnable, operands: readonly Uint8Array[]): Uint8Array | "trap" {
  memory.fill(0, 0, REACH).set([11, 22, 33, 44, 55, 66, 77, 88], 308);
  operands.forEach((bytes, i) => {
    memory.set(bytes, OPERANDS_AT + 16 * i);
  });
  try {
    run();
    return memory.slice(0, REACH);
  } catch {
    return "trap";
  }
}

/** Puts the canonical NaN where the result has any: what the engine chose does not count. */
function settled(page: Uint8Array, shape: string): Uint8Array {
  const view = new DataView(page.buffer, RESULT_AT, 16);
  const width = shape.startsWith("f64") ? 8 : 4;
  for (let at = 0; at < (shape.includes("x") ? 16 : width); at += width) {
    if (width === 4 && Number.isNaN(view.getFloat32(at, true))) view.setUint32(at, 0x7fc0_0000, true);
    if (width === 8 && Number.isNaN(view.getFloat64(at, true)))
      view.setBigUint64(at, 0x7ff8_0000_0000_0000n, true);
  }
  return page;
}

/** The bytes in hex: one text compares faster than thousands of numbers. */
const shown = (page: Uint8Array | "trap"): string =>
  page === "trap" ? page : Buffer.from(page).toString("hex");

const typed = [...OPCODES.values()].filter(
  ({ type, name }) => type !== undefined && !["memory.grow", "data.drop", "elem.drop"].includes(name),
);

describe("the instructions", () => {
  test("are those of WebAssembly 2.0 without references", () => {
    expect(typed.filter(({ code }) => code < 0xfd000)).toHaveLength(168);
    expect(typed.filter(({ code }) => code >= 0xfd000)).toHaveLength(236);
  });

  test.each(typed.map((opcode) => [opcode.name, opcode] as const))(
    "EN-1010 %s does what it did, with one NaN",
    (_, opcode) => {
      const bytes = moduleOf(opcode);
      expect(WebAssembly.validate(bytes)).toBe(true);
      const prepared = prepare(bytes).bytes as Uint8Array<ArrayBuffer>;
      const [original, rewritten] = [instanceOf(bytes), instanceOf(prepared)];
      const { params } = opcode.type!;
      const isAddress = opcode.immediate.startsWith("memory") || opcode.name.startsWith("memory.");
      const values = params.map((type, i) =>
        valuesOf(type, isAddress && (i === 0 || opcode.name.startsWith("memory."))),
      );
      const rounds = Math.max(1, ...values.map(({ length }) => length));
      for (let round = 0; round < rounds * 3; round++) {
        const operands = values.map(
          (list, i) => list[(round + i * Math.floor(round / rounds)) % list.length]!,
        );
        const [before, after] = [outcome(original, operands), outcome(rewritten, operands)];
        const expected =
          before === "trap" || opcode.makesNaN === undefined ? before : settled(before, opcode.makesNaN);
        expect(shown(after)).toBe(shown(expected));
      }
    },
  );
});
