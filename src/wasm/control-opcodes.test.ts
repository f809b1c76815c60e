import { describe, expect, test } from "vitest";
import { assemble, type Code, leb, list, op, uleb } from "../../test/wasm/assembler.js";
import { InstructionReader } from "./instructions.js";
import { ModuleReader } from "./module-reader.js";
import { OPCODES } from "./opcodes.js";
import { parseModule } from "./parse.js";
import { prepare } from "./prepare.js";

const EMPTY = 0x40;
const I32 = 0x7f;
const END: Code = [0x0b];
const get = (local: number): Code => [0x20, local];
const i32 = (value: number): Code => [0x41, ...leb(value)];

/**
 * The instructions whose operands follow from what surrounds them, each in a function `run(i32, i32) -> i32` that
 * comes to its end in another way for other arguments; local 2 is a further i32, global 0 too.
 */
const PROGRAMS: Readonly<Record<string, Code>> = {
  unreachable: [...get(0), 0x04, EMPTY, 0x00, ...END, ...get(1)],
  nop: [0x01, ...get(0), 0x01],
  block: [0x02, I32, ...get(0), ...get(1), 0x0d, 0, ...i32(5), 0x6a, ...END],
  loop: [0x03, I32, ...get(0), ...i32(1), 0x6a, 0x22, 0, ...i32(9), 0x48, 0x0d, 0, ...get(0), ...END],
  if: [...get(0), 0x04, EMPTY, ...i32(3), 0x21, 2, ...END, ...get(2)],
  else: [...get(0), 0x04, I32, ...i32(3), 0x05, ...get(1), ...END],
  end: [0x02, EMPTY, 0x02, EMPTY, ...END, ...END, ...get(1)],
  br: [0x02, I32, ...get(0), 0x0c, 0, 0x0b],
  br_if: [0x02, EMPTY, ...get(0), 0x0d, 0, ...i32(4), 0x0f, ...END, ...get(1)],
  br_table: [
    ...[0x02, EMPTY, 0x02, EMPTY, 0x02, EMPTY, ...get(0), 0x0e, 2, 2, 0, 1, ...END],
    ...[...i32(10), 0x0f, ...END, ...i32(20), 0x0f, ...END, ...i32(30)],
  ],
  return: [...get(0), 0x04, EMPTY, ...get(1), 0x0f, ...END, ...i32(-1)],
  call: [...get(0), ...get(1), 0x10, 1],
  call_indirect: [...get(0), ...i32(7), ...get(1), 0x11, 0, 0],
  drop: [...get(0), ...get(1), 0x1a],
  select: [...get(0), ...i32(8), ...get(1), 0x1b],
  select_typed: [...get(0), ...i32(8), ...get(1), 0x1c, 1, I32],
  "local.get": get(1),
  "local.set": [...get(1), 0x21, 2, ...get(2)],
  "local.tee": [...get(1), 0x22, 2, ...get(2), 0x6c],
  "global.get": [0x23, 0, ...get(0), 0x6a],
  "global.set": [...get(0), 0x24, 0, 0x23, 0],
  "table.get": [...get(0), 0x25, 0, 0xd1],
  "ref.null": [0xd0, 0x70, 0xd1],
  "ref.is_null": [...get(1), 0x25, 0, 0xd1],
  "ref.func": [0xd2, 1, 0xd1],
  "memory.grow": [...get(0), 0x40, 0, 0x3f, 0, ...i32(100), 0x6c, 0x6a],
  "data.drop": [...op(0xfc009), 0, ...get(0), ...get(1), 0x6a],
  "elem.drop": [...op(0xfc00d), 1, ...get(0), ...i32(7), ...get(1), 0x11, 0, 0],
};

const ARGUMENTS = [-1, 0, 1, 2, 3, 100_000];

const moduleOf = (code: Code): Uint8Array<ArrayBuffer> =>
  assemble({
    functions: [
      { type: "ii>i", locals: "i", export: "run", code },
      { type: "ii>i", code: [...get(0), ...get(1), 0x6b] },
    ],
    memory: [1, 1, 4],
    globals: [{ type: "i", isMutable: true, code: i32(11) }],
    raw: {
      4: list([[0x70, 0, 3]]),
      // In the table from 1 on; passive; only declared.
      9: list([
        [0, 0x41, 1, 0x0b, 1, 1],
        [1, 0, 2, 0, 1],
        [3, 0, 1, 1],
      ]),
      11: list([[1, ...uleb(4), 1, 2, 3, 4]]),
      12: [1],
    },
  });

type Run = (a: number, b: number) => number;
const runOf = (bytes: Uint8Array): Run =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).exports.run as Run;

function outcome(run: Run, a: number, b: number): number | "trap" {
  try {
    return run(a, b);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return "trap";
    throw error;
  }
}

/** Names of all instructions of a module's own functions. */
function namesIn(bytes: Uint8Array, functions: number): Set<string> {
  const names = new Set<string>();
  for (const { start, end } of parseModule(bytes).bodies.slice(0, functions)) {
    const instruction = new InstructionReader(new ModuleReader(bytes, "code section", start, end));
    while (!instruction.reader.finished) {
      instruction.next();
      names.add(instruction.opcode.name);
    }
  }
  return names;
}

describe("the instructions of control, variables and references", () => {
  test("are those that no other table runs", () => {
    const others = [...OPCODES.values()].filter(
      ({ type, name }) => type === undefined || ["memory.grow", "data.drop", "elem.drop"].includes(name),
    );
    expect(Object.keys(PROGRAMS).sort()).toEqual(others.map(({ name }) => name).sort());
  });

  test.each(Object.entries(PROGRAMS))("EN-1010 %s does what it did", (name, code) => {
    const bytes = moduleOf(code);
    expect(namesIn(bytes, 1)).toContain(name);
    expect(WebAssembly.validate(bytes)).toBe(true);
    const prepared = prepare(bytes).bytes as Uint8Array<ArrayBuffer>;
    const [before, after] = [runOf(bytes), runOf(prepared)];
    const pairs = ARGUMENTS.flatMap((a) => ARGUMENTS.map((b) => [a, b] as const));
    const expected = pairs.map(([a, b]) => outcome(before, a, b));
    expect(pairs.map(([a, b]) => outcome(after, a, b))).toEqual(expected);
    // Told apart from a function that is no use: some arguments give other results.
    if (!["ref.null", "ref.func", "ref.is_null", "table.get"].includes(name)) {
      expect(new Set(expected).size).toBeGreaterThan(1);
    }
  });

  test.each(["data.drop", "elem.drop"])("EN-1017 %s is nowhere in what comes out", (name) => {
    const bytes = moduleOf(PROGRAMS[name]!);
    expect(namesIn(bytes, 2)).toContain(name);
    // Prepared modules are not prepared again, for the names that they export: others are given to them here.
    const renamed = Buffer.from(prepare(bytes).bytes).toString("latin1").replaceAll("echo:", "once.");
    const names = namesIn(Uint8Array.from(Buffer.from(renamed, "latin1")), 2);
    expect(names).not.toContain(name);
    expect(names).toContain("nop");
  });
});
