import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { counter, here, jsonOf, orbits, scratch, splash, there } from "./cli/harness.js";

const game = (name: string): string => counter.replace("counter", name);

describe("check", () => {
  test.each([
    ["counter", counter],
    ["splash", splash],
    ["orbits", orbits],
  ])("EN-930 finds nothing in %s", async (_, path) => {
    const ended = await here("check", path, "--ticks", "120", "--players", "3", "--json");
    expect(ended.code).toBe(0);
    const nothing = { chronos: null, path: null, cause: null };
    const events = expect.any(Number);
    expect(jsonOf(ended)).toEqual({ ok: true, ticks: 120, seed: 1, players: 3, ...nothing, events });
    expect(jsonOf(ended).events).toBeGreaterThan(100);
  });

  test.each([
    ["outside", /^seen$/],
    ["outside-set", /^order\[\d\]$/],
  ])("EN-930 finds what %s keeps outside, and where it shows", async (name, path) => {
    const ended = await here("check", game(name), "--json");
    expect(ended.code).toBe(1);
    const found = jsonOf(ended);
    expect(found.ok).toBe(false);
    expect(found.path).toMatch(path);
    expect(found.cause).toMatch(/outside/);
    expect(found.chronos).toBeGreaterThan(0);
  });

  test("EN-930 names the line of the game's own code that threw", () => {
    const { code, stdout } = there(["check", game("failing"), "--players", "1"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failing does not hold: tick 6\.\n/);
    expect(stdout).toMatch(
      /\non\.move of slot 0 threw: no such place \(test\/cli\/games\/failing\.ts:11:34\)\.\n$/,
    );
  });

  test("EN-930 says so where no player did anything", async () => {
    const { code, stdout } = await here("check", game("idle"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^idle holds: .*\nBut no player did anything: .*\n$/);
    expect(jsonOf(await here("check", game("idle"), "--json"))).toMatchObject({ ok: true, events: 0 });
  });

  test("EN-997 finds a power that is no whole number, written as an operator", async () => {
    const { code, stdout } = await here("check", game("power"));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^power does not hold: tick 7\.\nstep threw: .*\*\*.*echo-net\/math.*\n$/);
  });

  /** A game with something at the top of its file, and in its step. */
  function gameWith(top: string, step: string): string {
    const path = `${scratch()}/game.ts`;
    const code = `import { defineGame, event, t } from "echo-net";
      ${top}
      export default defineGame({
        name: "written", version: "1",
        events: { go: event({ x: t.u8 }, { predict: "repeat" }) },
        setup: () => ({ n: 0, v: 0 }),
        on: { go: (state, evt) => { state.n += evt.payload.x; } },
        step: (state, ctx) => { ${step} },
        input: (_: unknown, emit, _state, _slot, ctx) => emit("go", { x: ctx.random.int(9) }),
      });`;
    writeFileSync(path, code);
    return path;
  }

  test.each([
    ["const { sin } = Math;", "state.v = sin(state.n);", "Math.sin"],
    ["const random = Math.random;", "state.v = random();", "Math.random"],
    ["const Moment = Date;", "state.v = new Moment().getFullYear();", "Date"],
    ["class Moment extends Date {}", "state.v = new Moment().getFullYear();", "Date"],
    ["const { now } = Date;", "state.v = Math.floor(now() / 1e11);", "Date.now"],
    ["const Moment = Date;", "state.v = Math.floor(Moment.now() / 1e11);", "Date.now"],
  ])("EN-998 finds what a module took hold of when it was loaded: %s", async (top, step, name) => {
    const works = `${top} if (Math.sin(0) !== 0 || !(new Date(5) instanceof Date)) throw new Error("broken");`;
    const ended = await here("check", gameWith(works, step), "--ticks", "20", "--json");
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).cause).toContain(`step threw: ${name} `);
    expect([Math.sin(0.5), Date.now() > 0, new Date(5).getTime()]).toEqual([Math.sin(0.5), true, 5]);
  });

  test.each([
    ["chance", "const table = [0, 1].map(() => Math.random());", "state.v = table[ctx.chronos % 2]!;"],
    ["a clock", "const started = performance.now();", "state.v = started;"],
    [
      "a cache whose key leaves something out",
      "const kept = new Map<number, number>();",
      "const key = ctx.chronos % 7; if (!kept.has(key)) kept.set(key, state.n); state.v = kept.get(key)!;",
    ],
  ])("EN-999 finds what a module keeps from its loading on: %s", async (_, top, step) => {
    const ended = await here("check", gameWith(top, step), "--ticks", "60", "--json");
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({
      path: "v",
      cause: expect.stringMatching(/^loaded a second time .* outside its state/),
    });
  });

  test("EN-999 and a game that declares itself otherwise each time", async () => {
    const path = gameWith("const version = String(performance.now());", "state.v++;");
    writeFileSync(path, readFileSync(path, "utf8").replace('version: "1"', "version"));
    const ended = await here("check", path, "--ticks", "20", "--json");
    expect(jsonOf(ended).cause).toMatch(/^loaded a second time, the game has another version/);
  });

  test("EN-930 finds a game that reads the clock, and says so in words", async () => {
    const ended = await here("check", game("clock"));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^clock does not hold: tick 7\.\nstep threw: .*Date\.now.*\n$/);
    expect(ended.stderr).toBe("");
  });
});

test("EN-836 the commands tell what code that is put off throws", async () => {
  const folder = scratch();
  const late = `${folder}/game.ts`;
  const step = "async () => { await 0; throw new Error('too late'); }";
  const idle = readFileSync(game("idle"), "utf8");
  writeFileSync(late, idle.replace("  input:", `  step: () => void (${step})(),\n  input:`));
  await here("simulate", game("idle"), "--ticks", "60", "--journal", folder);
  for (const argv of [
    ["check", late],
    ["simulate", late, "--ticks", "60"],
    ["replay", `${folder}/peer0.jsonl`, "--game", late],
  ]) {
    const { code, stderr } = await here(...argv);
    expect(stderr).toMatch(/^echo-net \w+: .*puts off.* threw: too late.*tick.*$/m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  }
});
