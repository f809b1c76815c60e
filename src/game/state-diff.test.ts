import { describe, expect, test } from "vitest";
import type { Value } from "../core/base/value.js";
import { inspectTree } from "./inspect.js";
import { diffTrees } from "./state-diff.js";

const between = (left: unknown, right: unknown, limit?: number): unknown[] =>
  diffTrees(inspectTree(left, []), inspectTree(right, []), limit).map((found) => [
    found.path,
    found.left,
    found.right,
  ]);

describe("differences of states", () => {
  test("EN-760 name each place that differs", () => {
    const state = (x: number, name: string) => ({ ships: [{ x: 0 }, { x, "odd name": name }], wind: 1 });
    expect(between(state(1, "a"), state(1, "a"))).toEqual([]);
    expect(between(state(1, "a"), state(2, "b"))).toEqual([
      ["ships[1].x", 1, 2],
      ['ships[1]["odd name"]', "a", "b"],
    ]);
    expect(between([1, 2], [1])).toEqual([["[1]", 2, undefined]]);
    expect(between({ a: 1 }, { b: 1 })).toEqual([
      ["a", 1, undefined],
      ["b", undefined, 1],
    ]);
    expect(between({ a: 1 }, [1])).toEqual([["", { a: 1 }, [1]]]);
    expect(between({ a: -0 }, { a: 0 })).toEqual([["a", -0, 0]]);
    expect(between({ constructor: 1 }, { toString: 2 })).toEqual([
      ["constructor", 1, undefined],
      ["toString", undefined, 2],
    ]);
    expect(between({ a: undefined }, {})).toEqual([["a", "<undefined>", undefined]]);
  });

  test("EN-760 by key in Maps, by place in Sets and typed arrays", () => {
    const left = {
      players: new Map([
        ["a", { score: 1 }],
        ["b", { score: 2 }],
      ]),
      seen: new Set([1, 2]),
    };
    const right = {
      players: new Map([
        ["a", { score: 1 }],
        ["b", { score: 3 }],
      ]),
      seen: new Set([1, 5]),
    };
    expect(between(left, right)).toEqual([
      ['players.get("b").score', 2, 3],
      ["seen[1]", 2, 5],
    ]);
    expect(between(new Map([[1, 0]]), new Map([[2, 0]]))).toEqual([
      [".get(1)", 0, undefined],
      [".get(2)", undefined, 0],
    ]);
    expect(between({ x: Float32Array.of(1, 2) }, { x: Float32Array.of(1, 3) })).toEqual([["x[1]", 2, 3]]);
    expect(between({ x: Uint8Array.of(1) }, { x: Int8Array.of(1) })).toHaveLength(2);
  });

  test("EN-760 whatever stands under the names that mark a Map, a Set or a typed array", () => {
    expect(between({ "<Map>": [1] }, { "<Map>": [2] })).toEqual([["[0]", 1, 2]]);
    expect(between({ "<Map>": [[1]] }, { "<Map>": [[1, 2]] })).toEqual([["[0][1]", undefined, 2]]);
    const oddKey = (item: number): Value => ({ "<Map>": [[{ toString: 1 }, item]] });
    expect(diffTrees(oddKey(1), oddKey(2))).toEqual([{ path: "[0][1]", left: 1, right: 2 }]);
  });

  test("EN-761 the order of properties and Map entries is a difference where nothing else is", () => {
    expect(between({ p: { x: 1, y: 2 } }, { p: { y: 2, x: 1 } })).toEqual([["p", "keys x, y", "keys y, x"]]);
    const pair = (first: string, second: string) => ({
      m: new Map([
        [first, 1],
        [second, 1],
      ]),
    });
    expect(between(pair("a", "b"), pair("b", "a"))).toEqual([["m", 'keys "a", "b"', 'keys "b", "a"']]);
    expect(between({ x: 1, y: 2 }, { y: 3, x: 1 })).toEqual([["y", 2, 3]]);
  });

  test("EN-761 as many as asked for, the waiting events among them", () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    expect(
      between(
        numbers,
        numbers.map((n) => n + 1),
      ),
    ).toHaveLength(20);
    expect(
      between(
        numbers,
        numbers.map((n) => n + 1),
        1,
      ),
    ).toEqual([["[0]", 0, 1]]);
    const pending = [{ kind: "hit", entity: 0, payload: { power: 1 } }] as Value[];
    expect(diffTrees(inspectTree({ x: 1 }, []), inspectTree({ x: 1 }, pending))).toEqual([
      { path: "<pending>", left: undefined, right: pending },
    ]);
    const stronger = [{ kind: "hit", entity: 0, payload: { power: 2 } }] as Value[];
    expect(diffTrees(inspectTree([1], pending), inspectTree([2], stronger)).map(({ path }) => path)).toEqual([
      "[0]",
      "<pending>[0].payload.power",
    ]);
  });
});
