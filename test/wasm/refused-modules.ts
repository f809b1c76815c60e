import type { ModuleRefusal } from "../../src/wasm/refusal.js";
import { assemble, type Code, leb, list, type ModulePlan, text, uleb } from "./assembler.js";

/** A module that runs this code, beside a memory, a table and an element segment. */
export const running = (...code: readonly Code[]): ModulePlan => ({
  functions: [{ type: ">", export: "run", code: code.flat() }],
  memory: [0, 1],
  raw: { 4: list([[0x70, 0, 1]]), 9: list([[1, 0, 1, 0]]) },
});
export const zero = [0x41, 0];

/** Modules that `prepare` refuses, with reason and section. */
export const REFUSED: readonly (readonly [
  what: string,
  reason: ModuleRefusal,
  section: string,
  plan: ModulePlan,
])[] = [
  ["an atomic load", "threads", "code", running(zero, [0xfe, 0x10, 2, 0], [0x1a])],
  ["an atomic fence", "threads", "code", running([0xfe, 0x03, 0])],
  ["a shared memory", "shared-memory", "memory", { memory: [3, 1, 1] }],
  [
    "an imported shared memory",
    "shared-memory",
    "import",
    { raw: { 2: list([[...text("env"), ...text("memory"), 2, 3, 1, 1]]) } },
  ],
  [
    "relaxed SIMD",
    "relaxed-simd",
    "code",
    running(
      [0xfd, 12, ...Array(16).fill(0)],
      [0xfd, 12, ...Array(16).fill(0)],
      [0xfd, ...uleb(0x100)],
      [0x1a],
    ),
  ],
  ["table.set", "table-mutation", "code", running(zero, [0xd0, 0x70], [0x26, 0])],
  ["table.grow", "table-mutation", "code", running([0xd0, 0x70], zero, [0xfc, 15, 0], [0x1a])],
  ["table.fill", "table-mutation", "code", running(zero, [0xd0, 0x70], zero, [0xfc, 17, 0])],
  ["table.copy", "table-mutation", "code", running(zero, zero, zero, [0xfc, 14, 0, 0])],
  ["table.init", "table-mutation", "code", running(zero, zero, zero, [0xfc, 12, 0, 0])],
  [
    "an unknown import",
    "unknown-import",
    "import",
    { imports: [{ module: "env", name: "now", type: ">F" }] },
  ],
  [
    "an import of another type",
    "unknown-import",
    "import",
    { imports: [{ module: "echo", name: "random", type: "F>i" }] },
  ],
  [
    "an imported memory",
    "unknown-import",
    "import",
    { raw: { 2: list([[...text("env"), ...text("memory"), 2, 0, 1]]) } },
  ],
  [
    "an imported global",
    "unknown-import",
    "import",
    { raw: { 2: list([[...text("env"), ...text("g"), 3, 0x7f, 0]]) } },
  ],
  ["a try block", "exception-handling", "code", running([0x06, 0x40], [0x19], [0x0b])],
  ["a try table", "exception-handling", "code", running([0x1f, 0x40, 0], [0x0b])],
  [
    "a declared exception",
    "exception-handling",
    "file",
    { types: [[0x60, 0, 0]], raw: { 13: list([[0, 0]]) } },
  ],
  ["a 64-bit memory", "memory64", "memory", { memory: [4, 1] }],
  [
    "two memories",
    "several-memories",
    "memory",
    {
      raw: {
        5: list([
          [0, 1],
          [0, 1],
        ]),
      },
    },
  ],
  ["an access that names a memory", "several-memories", "code", running(zero, [0x28, 0x42, 0, 0], [0x1a])],
  ["a struct type", "garbage-collection", "type", { types: [[0x5f, 0]] }],
  ["an instruction of GC", "garbage-collection", "code", running(zero, [0xfb, 0x1c], [0x1a])],
  ["call_ref", "garbage-collection", "code", running([0xd2, 0], [0x14, 0])],
  ["a tail call", "tail-calls", "code", running([0x12, 0])],
  ["a mutable reference", "mutable-reference", "global", { raw: { 6: list([[0x70, 1, 0xd0, 0x70, 0x0b]]) } }],
  [
    "a reserved name",
    "reserved-name",
    "export",
    { functions: [{ type: ">", export: "echo:fuel", code: [] }] },
  ],
  ["a memory above the cap", "too-large", "memory", { memory: [0, ...uleb(257)] }],
  [
    "a function with too many locals",
    "too-large",
    "code",
    { functions: [{ type: ">", code: [], locals: "i".repeat(8001) }] },
  ],
  [
    "a function with too large a frame",
    "too-large",
    "code",
    { functions: [{ type: ">", code: [0x10, 0], locals: "v".repeat(5000) }] },
  ],
  [
    "data outside the memory",
    "invalid",
    "data",
    { memory: [0, 1], raw: { 11: list([[0, 0x41, ...leb(65_535), 0x0b, 2, 1, 2]]) } },
  ],
  ["an unknown section", "unsupported", "file", { raw: {} }],
];

export const refusedBytes = (what: string, plan: ModulePlan): Uint8Array<ArrayBuffer> => {
  const bytes = assemble(plan);
  return what === "an unknown section" ? Uint8Array.from([...bytes, 77, 0]) : bytes;
};
