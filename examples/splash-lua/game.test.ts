import { readFileSync } from "node:fs";
import { loadLuaGame } from "echo-net/lua";
import { checkDeterminism, createTestMatch, type TestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { Solo } from "../../test/lua/solo.js";
import { FOLDER } from "./stage.js";

const game = await loadLuaGame(FOLDER);

describe("bots", () => {
  test("play whole rounds: everything that can happen does", () => {
    const solo = new Solo(game, 4);
    const [kinds, effects] = [new Set<string>(), new Set<string>()];
    for (let tick = 1; tick <= 7_200; tick++) {
      const events = [0, 1, 2, 3].flatMap((slot) =>
        solo.input(undefined, slot).map(({ kind, payload }, id) => solo.event(kind, payload, slot, id)),
      );
      expect(solo.sim.inputFaults).toEqual([]);
      solo.run(1, events).forget(tick - 1);
      expect(solo.faults).toEqual([]);
      for (const { kind } of events) kinds.add(kind);
      for (const { name } of solo.sim.effects) effects.add(name);
    }
    expect([...kinds].sort()).toEqual(["cheer", "dive", "drop", "steer", "take"]);
    expect([...effects].sort()).toEqual(["bump", "burst", "soaked", "taken", "won"]);
    expect(solo.self(255).round).toBeGreaterThan(1);
  });

  test.each([2, 4])("of %i players leave nothing outside the state", async (players) => {
    expect(await checkDeterminism(game, { ticks: 100, seed: 1, players })).toEqual({
      ok: true,
    });
  });
});

test("a device steers, drops, takes and cheers", () => {
  const solo = new Solo(game, 2).run(1);
  const emitted = (device: object): unknown[] =>
    solo.input(device).map(({ kind, payload }) => [kind, payload]);
  expect(emitted({})).toEqual([["steer", { heading: "stay" }]]);
  expect(emitted({ x: 1, y: 1 })).toEqual([["steer", { heading: "right" }]]);
  expect(emitted({ y: -1, drop: true, take: true, cheer: "Ha!" })).toEqual([
    ["steer", { heading: "up" }],
    ["drop", {}],
    ["cheer", { word: "Ha!" }],
  ]);
});

test("of two who reach for one pickup in one tick a dive beats a hand, and a lower slot a higher one", () => {
  const match = createTestMatch(game, { peers: 3, journal: true, inputDelayTicks: 2, input: () => ({}) });
  for (let i = 0; i < 120; i++) {
    match.peers[0]!.emit("take", { cell: 17 });
    match.peers[1]!.emit(i < 60 ? "dive" : "take", { cell: 17 });
    match.runTicks(1);
  }
  match.settle();
  match.assertAgreed();
  const claims = linesOf(match).filter(({ kind }) => kind === "take" || kind === "dive");
  const outcomes = claims.flatMap((claim) => {
    const [one, other, ...more] = claims.filter(({ chronos }) => chronos === claim.chronos);
    if (other === undefined || one!.author === other.author || more.length > 0) return [];
    const rival = claim === one ? other : one!;
    return `${claim.kind} of ${claim.author} against ${rival.kind}: ${claim.reason ?? "enters"}`;
  });
  expect(outcomes.length).toBeGreaterThan(40);
  expect(new Set(outcomes)).toEqual(
    new Set([
      "take of 0 against dive: paradox",
      "dive of 1 against take: enters",
      "take of 0 against take: enters",
      "take of 1 against take: paradox",
    ]),
  );
});

interface Line {
  readonly type: string;
  readonly chronos: number;
  readonly author: number;
  readonly kind: string;
  readonly reason?: string;
}

const linesOf = (match: TestMatch): Line[] =>
  match.peers[0]!.journal.trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

test("the README names exactly what renderers see", () => {
  const solo = new Solo(game, 4);
  const seen = new Map<string, Set<string>>();
  for (let tick = 1; tick <= 1_200; tick++) {
    const events = [0, 1, 2, 3].flatMap((slot) =>
      solo.input(undefined, slot).map(({ kind, payload }, id) => solo.event(kind, payload, slot, id)),
    );
    solo.run(1, events).forget(tick - 1);
    if (tick % 30 > 0) continue;
    for (const { script, components } of solo.view()) {
      const names = seen.get(script) ?? seen.set(script, new Set()).get(script)!;
      for (const name of Object.keys(components)) names.add(name);
    }
  }
  const told = new Map<string, Set<string>>([["bot", new Set()]]);
  const guide = readFileSync(`${FOLDER}README.md`, "utf8");
  let script = "";
  for (const [, first, second] of guide.matchAll(/^\| (?:`(\w+)`)? ?\| (`\w+`(?:, `\w+`)*) \|/gm)) {
    script = first ?? script;
    const names = told.get(script) ?? told.set(script, new Set()).get(script)!;
    for (const [, name] of second!.matchAll(/`(\w+)`/g)) names.add(name!);
  }
  const sorted = (all: Map<string, Set<string>>): unknown[] =>
    [...all].map(([name, names]) => [name, [...names].sort()]).sort();
  expect(sorted(seen)).toEqual(sorted(told));
});
