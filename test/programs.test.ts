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

const mistakes: readonly (readonly [what: string, right: string, wrong: string])[] = [
  ["a kind that is not declared", 'emit("fire", { angle: 0 })', 'emit("shoot", { angle: 0 })'],
  ["a field that is not declared", 'emit("fire", { angle: 0 })', 'emit("fire", { angel: 0 })'],
  ["a field of another type", 'emit("fire", { angle: 0 })', 'emit("fire", { angle: "0" })'],
  ["a handler for no kind", "move: (state, evt) =>", "walk: (state, evt) =>"],
  ["a payload field that is not there", "evt.payload.x", "evt.payload.z"],
  ["an effect that is not declared", 'ctx.effect("bang"', 'ctx.effect("bong"'],
  ["an effect's field of another type", "{ x, y }); },\n", '{ x, y: "1" }); },\n'],
  ["a state field that is not there", "s.vx; s.y", "s.wx; s.y"],
];
const fileOf = (mistake: number): string => `mistake${mistake}.ts`;

// One program for all: what takes time is the compiler's start.
const complaints = complaintsOf({
  "own.d.ts": READERS_OWN,
  "tag.ts": game,
  "play.ts": play,
  "tag.test.ts": `import { tag } from "./tag.js";\n${ownTest}`,
  ...Object.fromEntries(mistakes.map(([, right, wrong], i) => [fileOf(i), game.replace(right, wrong)])),
});

describe("the README's programs", () => {
  test("compile against the built package", () => {
    expect(complaints.filter((complaint) => !complaint.startsWith("mistake"))).toEqual([]);
  });

  test.each(mistakes.map(([what, right], i) => ({ what, right, file: fileOf(i) })))(
    "do not compile with $what",
    ({ right, file }) => {
      expect(game).toContain(right);
      expect(complaints.filter((complaint) => complaint.startsWith(`${file}:`))).not.toEqual([]);
    },
  );
});
