import { assemble, type Code, leb, list, uleb } from "./assembler.js";

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const i32 = (value: number): Code => [0x41, ...leb(value)];
const END: Code = [0x0b];
const EMPTY = 0x40;

/** Adds one to local 0 as often as it says. */
const add = (times: number): Code =>
  Array.from({ length: times }, () => [...get(0), ...i32(1), 0x6a, ...set(0)]).flat();

/** Every way to branch, over and over, each function exported by a name of its own. */
export function control(): Uint8Array<ArrayBuffer> {
  return assemble({
    functions: [
      // Sums 1 to n in a loop.
      {
        type: "i>i",
        locals: "i",
        export: "sum",
        code: [
          [0x02, EMPTY, 0x03, EMPTY],
          [...get(0), 0x45, 0x0d, 1],
          [...get(1), ...get(0), 0x6a, ...set(1)],
          [...get(0), ...i32(1), 0x6b, ...set(0), 0x0c, 0],
          [...END, ...END, ...get(1)],
        ].flat(),
      },
      // Recursion, with `return` from within blocks.
      {
        type: "i>i",
        export: "fibonacci",
        code: [
          [0x02, EMPTY, ...get(0), ...i32(2), 0x48, 0x04, EMPTY, ...get(0), 0x0f, ...END, ...END],
          [...get(0), ...i32(1), 0x6b, 0x10, 1, ...get(0), ...i32(2), 0x6b, 0x10, 1, 0x6a],
        ].flat(),
      },
      // A switch whose cases fall through.
      {
        type: "i>i",
        export: "choose",
        code: [
          [0x02, EMPTY, 0x02, EMPTY, 0x02, EMPTY, ...get(0), 0x0e, 2, 0, 1, 2, ...END],
          [...add(1), ...END, ...add(10), ...END, ...add(100), ...get(0)],
        ].flat(),
      },
      // If and else with a result, then code that nothing reaches.
      {
        type: "i>i",
        export: "dead",
        code: [
          [...get(0), 0x04, 0x7f, ...i32(7), 0x05, ...i32(9), ...END, 0x0f],
          [0x00, 0x6a, 0x1a, 0x03, 0x7f, 0x00, 0x6a, 0x0c, 1, ...END, 0x1a],
        ].flat(),
      },
      // Two results, through a block that takes one and has them too.
      { type: "i>iI", export: "pair", code: [...get(0), 0x02, ...uleb(1), ...get(0), 0xac, ...END, 0x0f] },
      { type: ">iI", export: "fixed", code: [...i32(3), 0x42, 4] },
      // By the table; what lies outside it traps.
      { type: "ii>i", export: "indirect", code: [...get(0), ...get(1), 0x11, 0, 0] },
      // Straight on for long: more than one charge pays for.
      { type: "i>i", export: "straight", code: [...add(300), ...get(0)] },
      // Runs on without an end.
      { type: ">", export: "endless", code: [0x03, EMPTY, 0x0c, 0, ...END] },
      { type: "i>i", export: "deeper", code: [...get(0), ...i32(1), 0x6a, 0x10, 9] },
    ],
    memory: [0, 1],
    raw: { 4: list([[0x70, 0, 3]]), 9: list([[0, 0x41, 0, 0x0b, 3, 0, 1, 2]]) },
  });
}

/** Calls itself without end with frames as large as they come: `light`, and `run` with many locals and operands. */
export function recursion(): Uint8Array<ArrayBuffer> {
  const operands = Array.from({ length: 300 }, () => [0x42, 1]).flat();
  const folded = Array.from({ length: 300 }, () => 0x7c);
  return assemble({
    functions: [
      {
        type: "i>I",
        locals: "IFv".repeat(500),
        export: "run",
        code: [...operands, ...get(0), 0x10, 0, ...folded],
      },
      { type: "i>i", export: "light", code: [...get(0), 0x10, 1, ...i32(1), 0x6a] },
      { type: ">", export: "wide", locals: "I".repeat(4000), code: [] },
    ],
  });
}
