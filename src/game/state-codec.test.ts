import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { REMEMBERED_SHAPES, SHAPE_KEYS, STATE_DEPTH } from "./limits.js";
import { findStateProblem } from "./state-check.js";
import { StateReader } from "./state-reader.js";
import { StateWriter, UnsavableState } from "./state-writer.js";

const SEED = 7021;

function bytesOf(state: unknown, writer = new StateWriter()): Uint8Array {
  writer.reset();
  writer.write(state);
  return writer.finish();
}

function readBack(bytes: Uint8Array, reader = new StateReader()): unknown {
  reader.bytes.open(bytes);
  const state = reader.read();
  expect(reader.bytes.finished).toBe(true);
  return state;
}

const copyOf = (state: unknown): unknown => readBack(bytesOf(state));

/** A tree as nested lists of everything that tells it apart, order included. */
function traitsOf(node: unknown): unknown {
  if (typeof node === "number") return Object.is(node, -0) ? "-0" : node;
  if (typeof node === "bigint") return `${node}n`;
  if (typeof node !== "object" || node === null) return node;
  const type = Object.getPrototypeOf(node)?.constructor.name ?? "bare";
  if (node instanceof Map) return [type, [...node].map(([key, item]) => [traitsOf(key), traitsOf(item)])];
  if (node instanceof Set || Array.isArray(node) || ArrayBuffer.isView(node)) {
    return [type, Array.from(node as Iterable<unknown>, traitsOf)];
  }
  return [type, Object.entries(node).map(([key, item]) => [key, traitsOf(item)])];
}

const leaf = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -300, max: 300 }),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
);

const typedArray = fc.oneof(
  fc.uint8Array({ maxLength: 9 }),
  fc.int16Array({ maxLength: 9 }),
  fc.uint32Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
);

const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom(
    "x",
    "y",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "10",
    "2",
    "ключ",
    "\ud800",
  ),
);

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 40, size: "small" }),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map(objectOf),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 3 }).map((entries) => objectOf(entries, true)),
    fc.array(fc.tuple(leaf, tie("tree")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("tree"), { maxLength: 4 }).map((items) => new Set(items)),
    typedArray,
  ),
}));

function objectOf(entries: readonly (readonly [string, unknown])[], bare = false): object {
  const object: object = bare ? Object.create(null) : {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}

describe("the state codec", () => {
  test("EN-710 gives back any tree, order and all", () => {
    const writer = new StateWriter();
    const reader = new StateReader();
    fc.assert(
      fc.property(tree, (state) => {
        const bytes = bytesOf(state, writer);
        const copy = readBack(bytes, reader);
        expect(traitsOf(copy)).toEqual(traitsOf(state));
        expect(findStateProblem(copy)).toBeUndefined();
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  test("EN-711 gives equal trees equal bytes, whatever was written before, and other trees other bytes", () => {
    const used = new StateWriter();
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(tree, (state) => {
        const bytes = bytesOf(state, used);
        expect(bytes).toEqual(bytesOf(readBack(bytes)));
        const text = bytes.toString();
        const traits = JSON.stringify(traitsOf(state), (_, value) => (value === undefined ? "undef" : value));
        expect(seen.get(text) ?? traits).toBe(traits);
        seen.set(text, traits);
      }),
      { seed: SEED + 1, numRuns: 3000 },
    );
    expect(seen.size).toBeGreaterThan(1000);
  });

  test("EN-712 sees the order of properties, and of Map and Set entries", () => {
    expect(bytesOf({ x: 1, y: 2 })).not.toEqual(bytesOf({ y: 2, x: 1 }));
    expect(
      bytesOf(
        new Map([
          [1, 0],
          [2, 0],
        ]),
      ),
    ).not.toEqual(
      bytesOf(
        new Map([
          [2, 0],
          [1, 0],
        ]),
      ),
    );
    expect(bytesOf(new Set([1, 2]))).not.toEqual(bytesOf(new Set([2, 1])));
    expect(Object.keys(copyOf({ b: 1, a: 2, 7: 3 }) as object)).toEqual(["7", "b", "a"]);
  });

  test("EN-713 keeps −0 apart from 0, and makes one NaN of all", () => {
    expect(Object.is(copyOf(-0), -0)).toBe(true);
    expect(bytesOf(-0)).not.toEqual(bytesOf(0));
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_1234n]).buffer);
    expect(bytesOf(odd[0])).toEqual(bytesOf(Number.NaN));
    expect(bytesOf(odd)).toEqual(bytesOf(new Float64Array([Number.NaN])));
    const oddFloat = new Float32Array(new Uint32Array([0xffc0_1234, 0x3f80_0000]).buffer);
    expect(bytesOf(oddFloat)).toEqual(bytesOf(new Float32Array([Number.NaN, 1])));
  });

  test("EN-714 writes the keys of alike objects once", () => {
    const ships = (count: number): unknown =>
      Array.from({ length: count }, () => ({ position: 1, velocity: 2 }));
    const keys = "position".length + "velocity".length;
    expect(bytesOf(ships(1)).length).toBeGreaterThan(keys);
    expect(bytesOf(ships(31)).length - bytesOf(ships(1)).length).toBe(30 * 3);
  });

  test("EN-715 changes of shape from save to save leave no trace", () => {
    const writer = new StateWriter();
    const states = [
      { list: [{ a: 1 }, { b: 2, c: { d: 3 } }], tail: { a: 1 } },
      { list: [{ b: 2, c: { d: 3 } }, { a: 1 }], tail: { c: 1 } },
      { list: [{ b: 2, c: { e: 3 } }], tail: { a: 1 } },
      { tail: {}, list: [] },
      { list: [{ a: 1, b: 2 }, { a: 1 }, Object.assign(Object.create(null), { a: 1 })] },
    ];
    for (const state of [...states, ...states.reverse(), ...states]) {
      const bytes = bytesOf(state, writer);
      expect(bytes).toEqual(bytesOf(state));
      expect(traitsOf(readBack(bytes))).toEqual(traitsOf(state));
    }
  });

  test("EN-715 nor do more shapes than are remembered, or dictionaries", () => {
    const writer = new StateWriter();
    const reader = new StateReader();
    for (let i = 0; i < 3; i++) {
      const many = Array.from({ length: REMEMBERED_SHAPES + 200 }, (_, n) => ({
        [`k${n + i}`]: n,
        common: n,
      }));
      const dictionary = Object.fromEntries(
        Array.from({ length: SHAPE_KEYS + 1 + i }, (_, n) => [`${n},0`, { n }]),
      );
      const state = { many, dictionary };
      expect(readBack(bytesOf(state, writer), reader)).toEqual(state);
      expect(bytesOf(state, writer)).toEqual(bytesOf(state));
    }
  });

  test("EN-716 a key named __proto__ is a key", () => {
    const state = JSON.parse('{"__proto__": {"admin": true}, "x": {"__proto__": 1}}');
    const copy = copyOf(state) as Record<string, unknown>;
    expect(Object.keys(copy)).toEqual(["__proto__", "x"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect((copy as { admin?: boolean }).admin).toBeUndefined();
    expect(traitsOf(copy)).toEqual(traitsOf(state));
  });
});

class Player {
  score = 0;
}

const shared = { x: 1 };
const buffer = new ArrayBuffer(16);
const growing = new (ArrayBuffer as new (length: number, options: object) => ArrayBuffer)(8, {
  maxByteLength: 16,
});
const nested = (levels: number): unknown => (levels === 0 ? {} : { in: nested(levels - 1) });
const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

const UNSAVABLE: readonly (readonly [state: unknown, path: string, words: string])[] = [
  [{ act: () => 0 }, "state.act", "the function act"],
  [{ list: [1, Symbol("x")] }, "state.list[1]", "a symbol"],
  [{ ships: [{ owner: new Player() }] }, "state.ships[0].owner", "a Player"],
  [{ at: new Date(0) }, "state.at", "a Date"],
  [{ "a b": new WeakMap() }, 'state["a b"]', "a WeakMap"],
  [new Map<unknown, unknown>([["k", new Player()]]), 'state.get("k")', "a Player"],
  [new Map([[{}, 1]]), "state", "as a key"],
  [new Set([{ f() {} }]), "state[0].f", "the function f"],
  [{ hole: Object.assign([1], { 2: 3 }) }, "state.hole[1]", "a hole"],
  [cyclic, "state.self", "the same object as state;"],
  [{ left: { self: cyclic } }, "state.left.self.self", "the same object as state.left.self;"],
  [nested(STATE_DEPTH), `state${".in".repeat(STATE_DEPTH)}`, "levels deep"],
  [{ view: new Uint8Array(buffer, 8) }, "state.view", "a view of a part of a buffer"],
  [{ raw: new DataView(buffer) }, "state.raw", "a DataView"],
];

const LOST: readonly (readonly [state: unknown, path: string, words: string])[] = [
  [{ a: { deep: shared }, b: [shared] }, "state.b[0]", "the same object as state.a.deep;"],
  [{ a: new Uint8Array(buffer), b: new Int8Array(buffer) }, "state.b", "the same object as state.a;"],
  [
    {
      get x() {
        return 1;
      },
    },
    "state.x",
    "a getter",
  ],
  [{ set x(_: number) {} }, "state.x", "a setter"],
  [Object.defineProperty({ x: 1 }, "x", { writable: false }), "state.x", "read-only"],
  [{ at: Object.defineProperty({ x: 1 }, "x", { configurable: false }) }, "state.at.x", "read-only"],
  [{ raw: new Uint8Array(new SharedArrayBuffer(8)) }, "state.raw", "shared or resizable"],
  [{ raw: new Uint8Array(growing) }, "state.raw", "shared or resizable"],
  [{ [Symbol("s")]: 1 }, "state", "a symbol as a key"],
  [{ point: Object.freeze({ x: 1 }) }, "state.point", "frozen"],
  [{ list: Object.assign([1], { note: "n" }) }, "state.list", "named properties"],
  [Object.defineProperty({}, "hidden", { value: 1 }), "state", "hidden property"],
  [{ list: new (class Stack extends Array {})() }, "state.list", "a Stack"],
  [Object.assign(new Map(), { note: 1 }), "state", "named properties"],
];

describe("what no state can hold", () => {
  test.each(UNSAVABLE)("EN-717 is refused with its path, at every save: %#", (state, path, words) => {
    expect(() => bytesOf(state)).toThrow(UnsavableState);
    const found = findStateProblem(state);
    expect(found?.path).toBe(path);
    expect(found?.problem).toContain(words);
  });

  test.each(LOST)("EN-718 is refused with its path by a thorough look: %#", (state, path, words) => {
    const found = findStateProblem(state);
    expect(found?.path).toBe(path);
    expect(found?.problem).toContain(words);
  });

  test("EN-718 a thorough look lists no long typed array's keys, which would take longer than a frame", () => {
    const listed = vi.spyOn(Object, "keys");
    expect(findStateProblem({ short: new Uint8Array(16), grid: new Uint8Array(65_536) })).toBeUndefined();
    const most = Math.max(...listed.mock.results.map(({ value }) => (value as readonly string[]).length));
    listed.mockRestore();
    expect(most).toBe(16);
  });

  test("EN-717 a writer goes on after a refusal as if nothing had been", () => {
    const writer = new StateWriter();
    const good = { a: { x: 1 }, b: { y: 2 } };
    const before = bytesOf(good, writer);
    for (const [bad] of UNSAVABLE) {
      expect(() => bytesOf({ b: { z: 1 }, bad }, writer)).toThrow(UnsavableState);
      expect(bytesOf(good, writer)).toEqual(before);
    }
  });
});
