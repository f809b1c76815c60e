import { describe, expect, test } from "vitest";
import { blocksOf, complaintsOf } from "./programs/snippets.js";
import { textOf } from "./tidy/modules.js";

const [game, play, ownTest] = blocksOf(textOf("README.md"), "ts") as [string, string, string];

/** What the README's programs take from the reader's own code. */
const READERS_OWN = `
  import type { Keys } from "./tag.js";
  declare global {
    function readKeys(): Keys;
    function play(data: unknown, ageTicks: number): void;
    function stop(key: string): void;
    function draw(previous: unknown, current: unknown, alpha: number): void;
    const input: (slot: number, chronos: number) => Keys;
  }`;

const program = (tag: string): Record<string, string> => ({
  "virtual/own.d.ts": READERS_OWN,
  "virtual/tag.ts": tag,
  "virtual/play.ts": play,
  "virtual/tag.test.ts": `import { tag } from "./tag.js";\n${ownTest}`,
});

describe("the README's programs", () => {
  test("compile against the built package", () => {
    expect(complaintsOf(program(game))).toEqual([]);
  });

  test.each([
    ["a kind that is not declared", 'emit("fire", { angle: 0 })', 'emit("shoot", { angle: 0 })'],
    ["a field that is not declared", 'emit("fire", { angle: 0 })', 'emit("fire", { angel: 0 })'],
    ["a field of another type", 'emit("fire", { angle: 0 })', 'emit("fire", { angle: "0" })'],
    ["a handler for no kind", "move: (state, evt) =>", "walk: (state, evt) =>"],
    ["a payload field that is not there", "evt.payload.x", "evt.payload.z"],
    ["an effect that is not declared", 'ctx.effect("bang"', 'ctx.effect("bong"'],
    ["an effect's field of another type", "{ x, y }); },\n", '{ x, y: "1" }); },\n'],
    ["a state field that is not there", "s.vx; s.y", "s.wx; s.y"],
  ])("do not compile with %s", (_, right, wrong) => {
    expect(game).toContain(right);
    expect(complaintsOf(program(game.replace(right, wrong)))).not.toEqual([]);
  });
});
