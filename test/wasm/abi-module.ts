import { assemble, type Code, leb, list, type ModulePlan, uleb } from "./assembler.js";

/** What the module below declares; kinds are numbered in this order. */
export const DECLARATION = {
  name: "trials",
  version: "1",
  events: {
    add: { fields: { n: "u8" } },
    boom: {},
    deep: {},
    flood: {},
    grow: {},
    pass: {},
    spin: {},
    stop: {},
    wrong: {},
  },
  device: { n: "u8" },
  view: { sum: "u32" },
};

const get = (local: number): Code => [0x20, local];
const i32 = (value: number): Code => [0x41, ...leb(value)];
const EMPTY = 0x40;
const END: Code = [0x0b];
const RETURN: Code = [0x0f];
/** Functions, imports counted: declare, emit, random, view, then the module's own. */
const DEEP = 4;
const SUM = 0;
const STEPS = 1;
const HALTED = 2;
const TEXT_AT = 1024;

/** Adds to the sum. */
const add = (value: Code): Code => [0x23, SUM, ...value, 0x6a, 0x24, SUM];

/** A game by hand whose events do what goes wrong in modules, after they have changed something. */
export function trialsPlan(declaration: unknown = DECLARATION): ModulePlan {
  const json = [...Buffer.from(JSON.stringify(declaration))];
  const cases: readonly Code[] = [
    [...add([...get(4), 0x2d, 0, 0])],
    [...i32(100), ...i32(7), 0x36, 2, 0, ...add(i32(1000)), 0x00],
    [...add(i32(1000)), ...i32(0), 0x10, DEEP, 0x1a],
    // Emits without an end.
    [...add(i32(1000)), 0x03, EMPTY, ...i32(0), ...i32(0), ...i32(1), 0x10, 1, 0x0c, 0, ...END],
    // Grows, and leaves something where it was not before; then counts what it finds further on.
    [...i32(2), 0x40, 0, 0x1a, ...add([...i32(180_000), 0x28, 2, 0]), ...i32(180_000), ...i32(5), 0x36, 2, 0],
    [...i32(0), ...i32(0), ...i32(3), 0x3a, 0, 0, 0x10, 1],
    [...add(i32(1000)), 0x03, EMPTY, 0x0c, 0, ...END],
    [...i32(1), 0x24, HALTED],
    // Emits what fits no declaration.
    [...add(i32(1000)), ...i32(0), ...i32(0), ...i32(3), 0x10, 1],
  ];
  // `pass`: leaves an event `add` of 3 for the next tick.
  const pass: Code = [...i32(0), ...i32(3), 0x3a, 0, 0, ...i32(0), ...i32(0), ...i32(1), 0x10, 1];
  const bodies = cases.map((code, i) => (i === 5 ? pass : code));
  const onEvent = [
    ...bodies.flatMap(() => [0x02, EMPTY]),
    [...get(0), 0x0e, ...uleb(bodies.length - 1), ...bodies.keys(), 0],
    ...bodies.flatMap((code) => [...END, ...code, ...RETURN]),
  ].flat();
  return {
    imports: [
      { module: "echo", name: "declare", type: "ii>" },
      { module: "echo", name: "emit", type: "iii>" },
      { module: "echo", name: "random", type: "i>i" },
      { module: "echo", name: "view", type: "ii>" },
    ],
    functions: [
      { type: "i>i", code: [...get(0), ...i32(1), 0x6a, 0x10, DEEP] },
      { type: ">i", export: "echo_abi", code: i32(1) },
      { type: ">", export: "echo_declare", code: [...i32(TEXT_AT), ...i32(json.length), 0x10, 0] },
      { type: "i>", export: "echo_setup", code: [...i32(50), ...i32(9), 0x10, 2, 0x36, 2, 0] },
      {
        type: ">",
        export: "echo_step",
        code: [
          0x23,
          HALTED,
          0x04,
          EMPTY,
          0x00,
          ...END,
          0x23,
          STEPS,
          0x44,
          0,
          0,
          0,
          0,
          0,
          0,
          0xf8,
          0x3f,
          0xa0,
          0x24,
          STEPS,
        ],
      },
      { type: "iiiiii>", export: "echo_on_event", code: onEvent },
      // Writes all over its memory, and emits the device's number; without a device it never ends.
      {
        type: "iii>",
        export: "echo_input",
        code: [
          [...get(2), ...i32(0), 0x48, 0x04, EMPTY, 0x03, EMPTY, 0x0c, 0, ...END, ...END],
          [...i32(0), ...i32(255), ...i32(512), 0xfc, 11, 0, ...add(i32(5)), ...i32(3), 0x40, 0, 0x1a],
          [...i32(0), ...get(1), ...get(2), 0x10, 1],
        ].flat(),
      },
      {
        type: ">",
        export: "echo_view",
        code: [...i32(200), 0x23, SUM, 0x36, 2, 0, ...i32(200), ...i32(4), 0x10, 3],
      },
    ],
    memory: [1, 1, 8],
    globals: [
      { type: "i", isMutable: true, code: i32(0) },
      { type: "F", isMutable: true, code: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] },
      { type: "i", isMutable: true, code: i32(0) },
    ],
    raw: { 11: list([[0, ...i32(TEXT_AT), 0x0b, ...uleb(json.length), ...json]]) },
  };
}

export const trials = (declaration?: unknown): Uint8Array<ArrayBuffer> => assemble(trialsPlan(declaration));

/** The same without some exports. */
export function trialsWithout(names: readonly string[], declaration?: unknown): Uint8Array<ArrayBuffer> {
  const plan = trialsPlan(declaration);
  const functions = plan.functions!.map((one) =>
    one.export !== undefined && names.includes(one.export) ? { ...one, export: undefined as never } : one,
  );
  return assemble({ ...plan, functions });
}
