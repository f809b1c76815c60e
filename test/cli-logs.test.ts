import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { here, inviteOf, Running, scratch, until } from "./cli/harness.js";

function chatty(code: string): string {
  const folder = join(scratch(), "game");
  mkdirSync(folder);
  writeFileSync(join(folder, "player.lua"), code);
  return folder;
}

const SAYS = `
print("made", self.slot)
function on_tick()
  if echo.chronos() == 3 then echo.log("in tick\\nthree") end
end
function on_input()
  if echo.chronos() == 5 then print("asked") end
end`;

const MUCH = "function on_tick() for i = 1, 40 do print(i) end end";

const logLines = (stderr: string): readonly string[] =>
  stderr.split("\n").filter((line) => line.startsWith("tick ") && line.includes(": "));

test("EN-909 simulate tells what one peer's game logs in final ticks, each line once", async () => {
  const { stderr } = await here("simulate", chatty(SAYS), "--ticks", "30", "--net", "mobile");
  expect(logLines(stderr)).toEqual([
    "tick 0, slot 0, player.lua:2: made 0",
    "tick 0, slot 1, player.lua:2: made 1",
    "tick 5, slot 0, player.lua:7: asked",
    "tick 3, slot 0, player.lua:4: in tick; three",
    "tick 3, slot 1, player.lua:4: in tick; three",
  ]);
});

test("EN-909 check tells what the last recorded run logs, up to the error that ends it", async () => {
  const sound = await here("check", chatty(SAYS), "--ticks", "10");
  expect(sound.code).toBe(0);
  expect(logLines(sound.stderr)).toEqual([
    "tick 0, slot 0, player.lua:2: made 0",
    "tick 0, slot 1, player.lua:2: made 1",
    "tick 3, slot 0, player.lua:4: in tick; three",
    "tick 3, slot 1, player.lua:4: in tick; three",
    "tick 5, slot 0, player.lua:7: asked",
    "tick 5, slot 1, player.lua:7: asked",
  ]);
  const broken = await here("check", chatty("function on_tick() print('before') error('so') end"));
  expect(broken.code).toBe(1);
  expect(logLines(broken.stderr)).toContain("tick 1, slot 0, player.lua:1: before");
});

test("EN-909 what is more is counted, and --json says nothing of it", async () => {
  const game = chatty(MUCH);
  const { stderr } = await here("simulate", game, "--ticks", "10", "--peers", "2");
  expect(logLines(stderr)).toHaveLength(100);
  // Two slots of 40 lines in each of 10 ticks.
  expect(stderr).toContain("\n… and 700 more lines; --journal DIR keeps them all\n");
  expect((await here("check", game, "--ticks", "5")).stderr).toMatch(
    /… and 300 more lines; simulate --journal/,
  );
  const folder = scratch();
  expect((await here("simulate", game, "--ticks", "10", "--journal", folder)).stderr).toContain(
    `… and 700 more lines; the traces in ${folder} hold them all`,
  );
  for (const command of ["simulate", "check"]) {
    expect((await here(command, game, "--ticks", "10", "--json")).stderr).toBe("");
  }
});

test("EN-909 --watch tells it when the picture is gone", async () => {
  const args = ["simulate", chatty(SAYS), "--ticks", "10", "--watch"];
  const { stderr } = await new Running(args, { terminal: true }).ended;
  const after = stderr.slice(stderr.lastIndexOf("\x1b[?1049l"));
  expect(logLines(after)).toContain("tick 3, slot 1, player.lua:4: in tick; three");
  expect(logLines(stderr).length).toBe(logLines(after).length);
});

test("EN-909 host and join tell it while they play", async () => {
  const host = new Running(["host", chatty(SAYS), "--bind", "127.0.0.1", "--ticks", "3000"]);
  const invite = await until(host, () => /^(echo-net:\S+)$/m.exec(host.output)?.[1]);
  const joined = new Running(["join", invite]);
  for (const peer of [host, joined]) {
    await until(peer, () =>
      peer.errors.includes("tick 3, slot 1, player.lua:4: in tick; three\n") ? true : undefined,
    );
  }
  host.interrupt();
  await Promise.all([host.ended, joined.ended]);
  const quiet = new Running(["host", chatty(SAYS), "--bind", "127.0.0.1", "--ticks", "10", "--json"]);
  await new Running(["join", await inviteOf(quiet)]).ended;
  expect((await quiet.ended).stderr).not.toContain("tick 3");
});
