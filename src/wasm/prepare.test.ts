import { describe, expect, test } from "vitest";
import { assemble, type Code, leb, list, uleb } from "../../test/wasm/assembler.js";
import { control, recursion } from "../../test/wasm/programs.js";
import { PATH_OPS_MAX } from "./limits.js";
import type { PrepareOptions } from "./options.js";
import { prepare } from "./prepare.js";

type Exports = Record<string, any>;

const instance = (bytes: Uint8Array, imports: WebAssembly.Imports = {}): Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), imports).exports;

const prepared = (
  bytes: Uint8Array,
  options: PrepareOptions = {},
  imports: WebAssembly.Imports = {},
): Exports => instance(prepare(bytes, options).bytes, imports);

/** What a call gives and what it costs. */
function spent(
  exports: Exports,
  name: string,
  ...values: readonly unknown[]
): { result: unknown; fuel: number } {
  const before = exports["echo:fuel"].value as bigint;
  exports["echo:depth"].value = 0;
  let result: unknown;
  try {
    result = exports[name](...values);
  } catch (error) {
    result = error instanceof WebAssembly.RuntimeError ? "trap" : error;
  }
  return { result, fuel: Number(before - exports["echo:fuel"].value) };
}

describe("a prepared module", () => {
  test.each(["sum", "fibonacci", "choose", "dead", "pair", "straight"])(
    "EN-1001 computes what it did: %s",
    (name) => {
      const [before, after] = [instance(control()), prepared(control())];
      for (const value of [0, 1, 2, 3, 10]) expect(after[name](value)).toEqual(before[name](value));
      expect(after["echo:depth"].value).toBe(0);
    },
  );

  test("EN-1001 computes what it did: indirect, traps included", () => {
    const [before, after] = [instance(control()), prepared(control())];
    for (const which of [0, 1, 2]) expect(after.indirect(6, which)).toBe(before.indirect(6, which));
    expect(() => before.indirect(6, 3)).toThrow(WebAssembly.RuntimeError);
    expect(() => after.indirect(6, 3)).toThrow(WebAssembly.RuntimeError);
  });

  test("EN-1004 keeps what it exported, and adds names that begin with echo:", () => {
    const names = Object.keys(prepared(control()));
    expect(names.filter((name) => !name.startsWith("echo:"))).toEqual(Object.keys(instance(control())));
    expect(names.filter((name) => name.startsWith("echo:")).sort()).toEqual(
      ["depth", "fuel", "load", "memory", "nested", "save", "top"].map((name) => `echo:${name}`),
    );
  });

  test("EN-1005 has a fingerprint of its bytes, its options and the transform", () => {
    const of = (bytes: Uint8Array, options?: PrepareOptions): string =>
      prepare(bytes, options).report.fingerprint;
    expect(of(control())).toBe(of(control()));
    const others = [
      of(control()),
      of(assemble({})),
      of(control(), { memoryCapPages: 255 }),
      of(control(), { stackBytes: 1000 }),
      of(control(), { guardStores: false }),
      of(control(), { imports: [{ module: "a", name: "b" }] }),
      of(control(), { imports: [{ module: "a", name: "b", fuel: 5 }] }),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

describe("fuel", () => {
  test("EN-1011 is spent alike by equal calls, and by more the more is done", () => {
    const [one, other] = [prepared(control()), prepared(control())];
    const costs = [1, 10, 100, 1000].map((count) => spent(one, "sum", count).fuel);
    expect(costs).toEqual([1, 10, 100, 1000].map((count) => spent(other, "sum", count).fuel));
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(costs[3]! - costs[2]!).toBe(900 * 12);
  });

  test("EN-1011 ends what would never end, at one place", () => {
    const exports = prepared(control());
    for (const budget of [0n, 1000n, 1_000_000n]) {
      exports["echo:fuel"].value = budget;
      expect(spent(exports, "endless")).toEqual({ result: "trap", fuel: Number(budget) + 1 });
    }
  });

  test("EN-1012 is charged again on every path longer than that of one charge", () => {
    const { fuel } = spent(prepared(control()), "straight", 0);
    expect(fuel).toBe(40 + PATH_OPS_MAX * Math.floor(1201 / PATH_OPS_MAX));
    // A path that jumps over the place where the straight one is charged.
    const long = Array.from({ length: 200 }, () => [0x01, 0x41, 0, 0x1a]).flat();
    const jumping = [0x02, 0x40, 0x0c, 0, ...long, 0x0b, ...long];
    const jumps = assemble({ functions: [{ type: ">", export: "run", code: [...jumping, ...jumping] }] });
    expect(spent(prepared(jumps), "run").fuel).toBeGreaterThanOrEqual(40 + 800 - PATH_OPS_MAX);
  });

  test("EN-1013 is charged for bulk memory by its length, for growing by the page, for imports as they say", () => {
    const fill = (bytes: number): Code => [0x41, 0, 0x41, 1, 0x41, ...leb(bytes), 0xfc, 11, 0];
    const bytes = assemble({
      imports: [{ module: "host", name: "dear", type: ">" }],
      functions: [
        { type: ">", export: "small", code: fill(8) },
        { type: ">", export: "large", code: fill(8008) },
        { type: "i>i", export: "grow", code: [0x20, 0, 0x40, 0] },
        { type: ">", export: "call", code: [0x10, 0] },
      ],
      memory: [0, 1],
    });
    const rules = { imports: [{ module: "host", name: "dear", type: ">", fuel: 5000 }] };
    const exports = prepared(bytes, rules, { host: { dear: () => {} } });
    expect(spent(exports, "large").fuel - spent(exports, "small").fuel).toBe(1000);
    expect(spent(exports, "grow", 3).fuel - spent(exports, "grow", 1).fuel).toBe(2 * 1024);
    expect(spent(exports, "call").fuel).toBe(5001);
  });
});

describe("depth", () => {
  test("EN-1014 ends a recursion without end by a trap, never by the platform's own limit", () => {
    const exports = prepared(control());
    expect(spent(exports, "deeper", 0).result).toBe("trap");
    expect(exports["echo:depth"].value).toBeGreaterThan(262_144);
    expect(exports["echo:fuel"].value).toBeGreaterThan(0n);
    // The same with frames that are as large as they come.
    const large = prepared(recursion());
    expect(spent(large, "run", 1).result).toBe("trap");
    expect(large["echo:depth"].value).toBeGreaterThan(262_144);
    expect(spent(large, "wide").result).toBe(undefined);
    expect(large["echo:depth"].value).toBe(0);
  });
});

describe("memory", () => {
  const bytes = assemble({
    functions: [
      { type: "i>i", export: "grow", code: [0x20, 0, 0x40, 0] },
      { type: ">i", export: "size", code: [0x3f, 0] },
      { type: "iI>", export: "store", code: [0x20, 0, 0x20, 1, 0x37, 0, ...uleb(8)] },
      { type: "i>I", export: "load", code: [0x20, 0, 0x29, 0, 0] },
      { type: "iii>", export: "fill", code: [0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 11, 0] },
      { type: "iii>", export: "copy", code: [0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 10, 0, 0] },
      { type: "iii>", export: "init", code: [0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 8, 0, 0] },
      { type: ">", export: "drop", code: [0xfc, 9, 0] },
    ],
    memory: [1, 1, 3],
    raw: { 11: list([[1, 4, 1, 2, 3, 4]]), 12: [1] },
  });

  test("EN-1015 grows by a number within the least of its maximum and the cap", () => {
    const [before, after] = [instance(bytes), prepared(bytes)];
    for (const pages of [1, 0, 1, 1, -1, 70_000]) expect(after.grow(pages)).toBe(before.grow(pages));
    expect(after.size()).toBe(3);
    expect(prepared(bytes, { memoryCapPages: 2 }).grow(2)).toBe(-1);
    expect(Number(after["echo:top"].value)).toBe(3 * 65_536);
    expect(prepare(bytes).report).toMatchObject({ initialPages: 1, capPages: 3, ioStart: 3 * 65_536 });
  });

  test("EN-1016 traps where something is written above its top, as in a memory of that size", () => {
    const [before, after] = [instance(bytes), prepared(bytes)];
    for (const [name, ...values] of [
      ["store", 65_520, 1n],
      ["store", 65_521, 1n],
      ["store", -1, 1n],
      ["store", 100_000, 1n],
      ["fill", 65_500, 1, 36],
      ["fill", 65_500, 1, 37],
      ["fill", -1, 1, 0],
      ["copy", 65_530, 0, 6],
      ["copy", 65_530, 0, 7],
      ["init", 65_532, 0, 4],
      ["init", 65_533, 0, 4],
    ] as const) {
      const attempt = (exports: Exports): unknown => {
        try {
          return exports[name](...values);
        } catch {
          return "trap";
        }
      };
      expect([name, values, attempt(after)]).toEqual([name, values, attempt(before)]);
    }
    const memory = new Uint8Array(after["echo:memory"].buffer);
    expect(memory.subarray(65_536).every((byte) => byte === 0)).toBe(true);
    // Reading there finds zeros and nothing else.
    expect(after.load(100_000)).toBe(0n);
  });

  test("EN-1017 keeps data segments: dropping one is no state", () => {
    const after = prepared(bytes);
    after.drop();
    after.init(0, 0, 4);
    expect(after.load(0)).toBe(0x04030201n);
  });
});

describe("floats between module and host", () => {
  const payload = 0x7ff8_0000_dead_beefn;
  const bits = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0]!;
  const odd = new Float64Array(new BigUint64Array([payload]).buffer)[0]!;
  const imports = { host: { odd: () => odd } };

  test("EN-1018 let one NaN in, by results of imports and arguments of exports, however they are reached", () => {
    const bytes = assemble({
      imports: [{ module: "host", name: "odd", type: ">F" }],
      functions: [
        { type: ">I", export: "direct", code: [0x10, 0, 0xbd] },
        { type: ">I", export: "indirect", code: [0x41, 0, 0x11, 0, 0, 0xbd] },
        { type: "F>I", export: "argument", code: [0x20, 0, 0xbd] },
      ],
      raw: { 4: list([[0x70, 0, 1]]), 9: list([[0, 0x41, 0, 0x0b, 1, 0]]) },
    });
    const exports = prepared(bytes, { imports: [{ module: "host", name: "odd" }] }, imports);
    for (const result of [exports.direct(), exports.indirect(), exports.argument(odd)]) {
      expect(BigInt.asUintN(64, result)).toBe(0x7ff8_0000_0000_0000n);
    }
    expect(exports.argument(1.5)).toBe(bits(1.5));
  });
});

test("EN-1019 mutable globals are saved and loaded bit by bit, whatever their type", () => {
  const constants: Record<string, Code> = {
    i: [0x41, ...leb(-7)],
    I: [0x42, ...leb(-(2n ** 62n))],
    f: [0x43, 1, 2, 0xa0, 0x7f],
    F: [0x44, 1, 2, 3, 4, 5, 6, 0xf4, 0x7f],
    v: [0xfd, 12, ...Array.from({ length: 16 }, (_, i) => i + 1)],
  };
  const types = Object.keys(constants);
  const zeros: Record<string, Code> = { i: [0x41, 0], I: [0x42, 0], f: [0x43, 0, 0, 0, 0] };
  zeros.F = [0x44, ...Array<number>(8).fill(0)];
  zeros.v = [0xfd, 12, ...Array<number>(16).fill(0)];
  const bytes = assemble({
    functions: [{ type: ">", export: "clear", code: types.flatMap((type, i) => [...zeros[type]!, 0x24, i]) }],
    globals: types.map((type) => ({ type, isMutable: true, code: constants[type]! })),
  });
  const { report } = prepare(bytes);
  expect(report).toMatchObject({ mutableGlobals: 5, globalBytes: 40, ioStart: 0 });
  const exports = prepared(bytes);
  const memory = new Uint8Array(exports["echo:memory"].buffer);
  const saved = (): Uint8Array => {
    exports["echo:save"](0);
    return memory.slice(0, 40);
  };
  const first = saved();
  expect([...first.subarray(12, 24)]).toEqual([1, 2, 0xa0, 0x7f, 1, 2, 3, 4, 5, 6, 0xf4, 0x7f]);
  exports.clear();
  expect([...saved()]).toEqual(Array(40).fill(0));
  memory.set(first);
  exports["echo:load"](0);
  expect([...saved()]).toEqual([...first]);
});
