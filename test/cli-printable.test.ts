import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Ended, here, inviteOf, jsonOf, Running, scratch } from "./cli/harness.js";

/** Sets the clipboard, clears the screen, turns the writing around, begins a line of its own. */
const ATTACK = "\x1b]52;c;YQ==\x07\x1b[2J\x9b2J\u202e";
const LUA_ATTACK = [...Buffer.from(ATTACK)].map((byte) => `\\${byte}`).join("");
const SPELLED = "\\x1b]52;c;YQ==\\x07\\x1b[2J\\x9b2J\\u202e";
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}]/u;

function hostile(code: string): string {
  const folder = join(scratch(), "game");
  mkdirSync(folder);
  writeFileSync(join(folder, "player.lua"), code);
  return folder;
}

const THROWS = `function on_tick() error("${LUA_ATTACK}") end`;

function expectSpelled({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).toContain(SPELLED);
  expect(stdout).not.toMatch(OBEYED);
  expect(stderr).not.toMatch(OBEYED);
}

test("EN-908 what a script throws reaches no terminal as it is", async () => {
  const game = hostile(THROWS);
  expectSpelled(await here("simulate", game, "--ticks", "10"));
  expectSpelled(await here("check", game, "--ticks", "10"));
  expectSpelled(await here("check", hostile(`error("${LUA_ATTACK}")`)));
  const asJson = await here("check", game, "--ticks", "10", "--json");
  expect(asJson.stdout).not.toMatch(OBEYED);
  expect(jsonOf(asJson).cause).toContain(ATTACK);
});

test("EN-908 nor does it from a peer's game, while it is played", async () => {
  const host = new Running(["host", hostile(THROWS), "--bind", "127.0.0.1", "--ticks", "20", "--json"]);
  const joined = await new Running(["join", await inviteOf(host)]).ended;
  await host.ended;
  expect(joined.code).toBe(0);
  expect(joined.stderr).toMatch(/^tick \d+: on_tick of slot 0 threw: /m);
  expectSpelled(joined);
});

test("EN-908 components are drawn spelled out, and the user's own drawing in its colours alone", async () => {
  const game = hostile(`self.name = "${LUA_ATTACK}\\nslot 7"`);
  const watch = (): Promise<Ended> =>
    new Running(["simulate", game, "--ticks", "10", "--watch"], { terminal: true }).ended;
  const plain = await watch();
  expect(plain.code).toBe(0);
  expect(plain.stderr).toContain(`slot 0  name ${SPELLED}\\x0aslot 7`);
  expect(plain.stderr).not.toContain("\x1b]52");
  writeFileSync(
    join(game, "draw.mjs"),
    'export const draw = ([one]) => "\\x1b[31mdrawn " + one.components.name;',
  );
  const drawn = await watch();
  expect(drawn.stderr).toContain(`\x1b[31mdrawn ${SPELLED}\x1b[0m`);
  expect(drawn.stderr).not.toContain("\x1b]52");
});

test("EN-908 files are named and told of in what can be printed", async () => {
  const file = join(scratch(), "j.jsonl");
  writeFileSync(file, `{"type":"session","${ATTACK}":1}\n`);
  const read = await here("replay", file);
  expect(read.code).toBe(3);
  expect(read.stderr).not.toMatch(OBEYED);
  const inputs = join(scratch(), "inputs.jsonl");
  writeFileSync(inputs, ATTACK);
  const refused = await here("simulate", hostile(""), "--inputs", inputs);
  expect(refused.code).toBe(3);
  expect(refused.stderr).not.toMatch(OBEYED);
});
