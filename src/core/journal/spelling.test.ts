import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Value } from "../base/value.js";
import { encode } from "../envelope/codec.js";
import { spell, spellBounded } from "./spelling.js";
import { unspell } from "./unspell.js";

const read = (text: string): Value => unspell(JSON.parse(text));

const key = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    "__proto__",
    "$",
    "$map",
    "$bytes",
    "$int",
    "$float",
    "$other",
    "constructor",
    "toString",
    "0",
    "10",
  ),
);
const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    null,
    true,
    false,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
  fc.string({ unit: "grapheme" }),
  fc.uint8Array({ maxLength: 20 }),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

describe("the spelling of values", () => {
  test("EN-610 gives back a value with the same canonical bytes, and spells that one alike", () => {
    fc.assert(
      fc.property(value, (original) => {
        const text = spell(original);
        const back = read(text);
        expect(encode(back)).toEqual(encode(original));
        expect(spell(back)).toBe(text);
      }),
      { seed: 610, numRuns: 3000 },
    );
  });

  test("EN-610 gives values of one canonical form one text", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, leaf), { maxLength: 6 }), (entries) => {
        const unique = [...new Map(entries)];
        expect(spell(Object.fromEntries([...unique].reverse()))).toBe(spell(Object.fromEntries(unique)));
      }),
      { seed: 611, numRuns: 1000 },
    );
    expect(spell(7n)).toBe(spell(7));
    expect(spell(1.0)).toBe("1");
  });

  test.each<[string, Value]>([
    ['{"$bytes":"00ff"}', new Uint8Array([0, 255])],
    ['{"$int":"9007199254740992"}', 2n ** 53n],
    ["9007199254740991", 2n ** 53n - 1n],
    ['{"$int":"-18446744073709551616"}', -(2n ** 64n)],
    ['{"$float":"-0"}', -0],
    ['{"$float":"nan"}', Number.NaN],
    ['{"$float":"inf"}', Number.POSITIVE_INFINITY],
    ['{"$float":"-inf"}', Number.NEGATIVE_INFINITY],
    ["1e+21", 1e21],
    ['"\\u0001\\"é\u2028"', '\u0001"é\u2028'],
    ['{"a":[],"b":1}', { b: 1, a: [] }],
  ])("EN-611 spells as %s what it reads from it", (text, original) => {
    expect(spell(original)).toBe(text);
    expect(encode(read(text))).toEqual(encode(original));
  });

  test("EN-612 wraps a map with a key that starts with $, and keeps __proto__ an entry like any other", () => {
    const odd = JSON.parse('{"$bytes":"00","__proto__":{"polluted":true},"a":1}') as Value;
    expect(spell(odd)).toBe('{"$map":{"$bytes":"00","__proto__":{"polluted":true},"a":1}}');
    const back = read(spell(odd)) as Record<string, unknown>;
    expect(Object.keys(back)).toEqual(["$bytes", "__proto__", "a"]);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(spell({ $: 1 })).toBe('{"$map":{"$":1}}');
  });

  test.each([
    '{"$bytes":"0"}',
    '{"$bytes":"0G"}',
    '{"$bytes":1}',
    '{"$int":"18446744073709551616"}',
    '{"$int":"1e30"}',
    '{"$float":"1"}',
    '{"$map":[]}',
    '{"$map":null}',
    '{"$unknown":"x"}',
    "[".repeat(33) + "]".repeat(33),
  ])("EN-611 refuses %s", (text) => {
    expect(() => read(text)).toThrow();
  });

  test.each([
    '{"$int":"0009007199254740992"}',
    '{"$int":"9007199254740991"}',
    '{"$bytes":"00","a":1}',
    '{"$map":{"a":1}}',
    '{"$other":"function"}',
    "-0",
    "1.0",
    "1e400",
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '"\\u0041"',
    '"\\ud800"',
    "[1, 2]",
  ])("EN-610 spells what %s reads as in another way", (text) => {
    expect(spell(read(text))).not.toBe(text);
  });

  test("EN-614 spells what is no value, half characters and cycles too", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const text = spell([undefined, () => 0, Symbol("s"), "\ud800", cycle] as unknown as Value);
    expect(text).toContain(
      '[{"$other":"undefined"},{"$other":"function"},{"$other":"symbol"},"\ufffd",{"self":',
    );
    expect(text).toContain('{"$other":"depth"}');
    expect(() => JSON.parse(text)).not.toThrow();
  });

  test("EN-614 leaves out what lies behind as many values as are allowed", () => {
    expect(spellBounded([1, [2, 3], { a: 4 }], 7)).toBe('[1,[2,3],{"a":4}]');
    expect(spellBounded([1, [2, 3], { a: 4 }], 4)).toBe('[1,[2,3],{"$other":"size"}]');
    expect(spellBounded([1, [2, 3], { a: 4 }], 3)).toBe('[1,[2,{"$other":"size"}],{"$other":"size"}]');
    const web: Record<string, unknown> = {};
    web.left = web;
    web.right = web;
    const text = spellBounded(web, 1000);
    expect(text.length).toBeLessThan(50_000);
    expect(() => JSON.parse(text)).not.toThrow();
  });
});
