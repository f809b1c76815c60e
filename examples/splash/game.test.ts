import { checkDeterminism, createTestMatch, type TestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { cellAt } from "./board.js";
import splash, { draw, type Keys } from "./game.js";
import { newState, type Splash } from "./state.js";

const stateOf = (match: TestMatch): Splash => match.peers[0]!.session.view().current as Splash;
const standingStill = (): Keys => ({ heading: "stay" });

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

describe("bots", () => {
  test("play whole rounds: everything that can happen does", () => {
    const effects = new Set<string>();
    const match = createTestMatch(splash, {
      peers: 4,
      seed: 3,
      net: "wifi",
      inputDelayTicks: 2,
      journal: true,
      onOutput: (_, output) => {
        if (output.type === "effect" && output.phase === "confirmed") effects.add(output.name);
      },
    });
    match.runTicks(7_200);
    match.settle();
    match.assertAgreed();
    const kinds = new Set(linesOf(match).flatMap(({ type, kind }) => (type === "event" ? kind : [])));
    expect([...kinds].sort()).toEqual(["cheer", "dive", "drop", "steer", "take"]);
    expect([...effects].sort()).toEqual(["bump", "burst", "soaked", "taken", "won"]);
    const { round, players } = stateOf(match);
    expect(round).toBeGreaterThan(1);
    expect(players.some(({ wins }) => wins > 0)).toBe(true);
  });

  test.each([2, 4, 8])("of %i players leave nothing outside the state", async (players) => {
    expect(await checkDeterminism(splash, { ticks: 600, seed: 1, rollbackTicks: 8, players })).toEqual({
      ok: true,
    });
  });
});

test("of two who reach for one pickup in one tick a dive beats a hand, and a lower slot a higher one", () => {
  const match = createTestMatch(splash, {
    peers: 3,
    journal: true,
    inputDelayTicks: 2,
    input: standingStill,
  });
  for (let i = 0; i < 200; i++) {
    match.peers[0]!.emit("take", { pickup: 7 });
    match.peers[1]!.emit(i < 100 ? "dive" : "take", { pickup: 7 });
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
  expect(outcomes.length).toBeGreaterThan(60);
  expect(new Set(outcomes)).toEqual(
    new Set([
      "take of 0 against dive: paradox",
      "dive of 1 against take: enters",
      "take of 0 against take: enters",
      "take of 1 against take: paradox",
    ]),
  );
});

test("nobody but the simulation can burst a balloon", () => {
  const match = createTestMatch(splash, {
    peers: 2,
    inputDelayTicks: 0,
    input: (_, chronos): Keys => ({ drop: chronos === 5 }),
  });
  match.runTicks(30);
  const { balloons } = stateOf(match);
  expect(balloons).toHaveLength(2);
  match.peers[0]!.emit("burst", { balloon: balloons[1]!.id });
  match.runTicks(30);
  expect(stateOf(match).balloons).toHaveLength(2);
  match.runTicks(150);
  expect(stateOf(match).balloons).toEqual([]);
});

describe("the drawing", () => {
  const plain = (text: string): string => text.replaceAll(new RegExp(`${"\x1b"}\\[[0-9;]*m`, "g"), "");

  test.each([2, 4, 8])("of %i players fits a terminal of 80 by 24", (players) => {
    const state = newState(players);
    Object.assign(state.players[0]!, { word: "x".repeat(24), wordUntil: 9, points: 9, wins: 12 });
    const lines = plain(draw(state)).split("\n");
    expect(lines).toHaveLength(22);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
  });

  test("shows where things are", () => {
    const empty = draw(newState(2)).split("\n");
    const state = newState(2);
    state.balloons.push({
      ...{ id: 1, owner: 0, reach: 2, burstsAt: 100, bursting: false, sliding: "stay" },
      cell: cellAt(6, 4),
    });
    const drawn = draw(state).split("\n");
    const changed = drawn.flatMap((line, i) => (line === empty[i] ? [] : i));
    expect(changed).toEqual([8, 9]);
  });
});
