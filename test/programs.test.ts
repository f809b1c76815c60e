import { writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { scratch } from "./cli/harness.js";
import { Player } from "./programs/player.js";
import { blocksOf, complaintsOf } from "./programs/snippets.js";
import { root, textOf } from "./tidy/modules.js";

const [game, play, ownTest] = blocksOf(textOf("README.md"), "ts") as [string, string, string];

const mistakes: readonly (readonly [what: string, right: string, wrong: string])[] = [
  ["a kind that is not declared", 'emit("fire", { angle: 0 })', 'emit("shoot", { angle: 0 })'],
  ["a field that is not declared", 'emit("fire", { angle: 0 })', 'emit("fire", { angel: 0 })'],
  ["a field of another type", 'emit("fire", { angle: 0 })', 'emit("fire", { angle: "0" })'],
  ["a handler for no kind", "move: (state, evt) =>", "walk: (state, evt) =>"],
  ["a payload field that is not there", "evt.payload.x", "evt.payload.z"],
  ["an effect that is not declared", 'ctx.effect("bang"', 'ctx.effect("bong"'],
  ["an effect's field of another type", "evt.envelopeHash, { x, y }", 'evt.envelopeHash, { x, y: "1" }'],
  ["a state field that is not there", "s.vx / 8", "s.wx / 8"],
];
const fileOf = (mistake: number): string => `mistake${mistake}.ts`;
const wrongOption = "mistake-option.ts";

// One program for all: what takes time is the compiler's start.
const complaints = complaintsOf({
  "tag.ts": game,
  "play.ts": play,
  "tag.test.ts": ownTest,
  [wrongOption]: play.replace("players: 2", 'players: "2"'),
  ...Object.fromEntries(mistakes.map(([, right, wrong], i) => [fileOf(i), game.replace(right, wrong)])),
});

/** The README's programs as a reader has them, bundled with the built package. Gives play's path. */
function written(): string {
  const folder = scratch();
  writeFileSync(`${folder}/tag.ts`, game);
  writeFileSync(`${folder}/play.ts`, play.replace("port: 7777", "port: 0"));
  const outfile = `${folder}/play.mjs`;
  const alias = { "echo-net": `${root}dist/index.js`, "echo-net/udp": `${root}dist/transports/udp/index.js` };
  buildSync({
    ...{ entryPoints: [`${folder}/play.ts`], outfile, alias, logLevel: "error" },
    ...{ bundle: true, format: "esm", platform: "node" },
  });
  return outfile;
}

describe("the README's programs", () => {
  test("play a match over UDP with one another, to the end", async () => {
    const file = written();
    const host = new Player(file);
    const invite = await host.said(/play\.ts (echo-net:\S+)/);
    const guest = new Player(file, invite);
    await Promise.all([host.said(/(player 0: 0)/), guest.said(/(player 1: 0)/)]);
    guest.press("d");
    host.press(" ");
    await guest.said(/(O)/);
    host.press("q");
    expect(await host.ended).toBe(0);
    expect(await guest.ended).toBe(0);
    expect(host.output).toMatch(/Bye\.\n$/);
    expect(guest.output).toMatch(/The match ended: left\.\n$/);
  });

  test("say what is wrong with an invite, in one line", async () => {
    const guest = new Player(written(), "echo-net:nowhere");
    expect(await guest.ended).toBe(1);
    expect(guest.errors).toMatch(/^this is no invite: .*\n$/);
  });

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

  test("do not compile with a kind that is not declared, in the place of which those that are get named", () => {
    const told = complaints.filter((complaint) => complaint.startsWith(`${fileOf(0)}:`)).join("\n");
    for (const kind of ["move", "fire", "take"]) expect(told).toContain(`"${kind}"`);
  });

  // Of a call that fits no overload, some compilers tell what is wrong with the last one alone.
  test("do not compile with an option of another type, of which the compiler speaks last", () => {
    expect(play).toContain("players: 2");
    const told = complaints.find((complaint) => complaint.startsWith(`${wrongOption}:`));
    expect(told).toMatch(/Type 'string' is not assignable to type 'number'\.$/);
  });
});
