import { describe, expect, test } from "vitest";
import { cellAt, type Heading, Stage } from "./stage.js";

describe("players who step in the same tick", () => {
  test("into one cell bump, and neither moves", async () => {
    const stage = await Stage.with([1, 1], [3, 1]);
    stage.steer("right", "left");
    expect(stage.places).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(stage.named("bump")).toEqual([{ slot: 0 }, { slot: 1 }]);
  });

  test("into one cell bump even where four of them do", async () => {
    const places = [
      [2, 3],
      [4, 3],
      [3, 2],
      [3, 4],
    ] as const;
    const stage = await Stage.with(...places);
    stage.steer("right", "left", "down", "up");
    expect(stage.places).toEqual(places);
    expect(stage.named("bump")).toHaveLength(4);
  });

  test("may swap their cells", async () => {
    const stage = await Stage.with([1, 1], [2, 1]);
    stage.steer("right", "left");
    expect(stage.places).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(stage.effects).toEqual([]);
  });

  test("follow one another, and are all held up by the one in front who stays", async () => {
    const moving = await Stage.with([1, 1], [2, 1], [3, 1]);
    moving.steer("right", "right", "right");
    expect(moving.places.map(([x]) => x)).toEqual([2, 3, 4]);
    const held = await Stage.with([1, 1], [2, 1], [3, 1]);
    held.steer("right", "right");
    expect(held.places.map(([x]) => x)).toEqual([1, 2, 3]);
    expect(held.named("bump")).toEqual([{ slot: 0 }, { slot: 1 }]);
  });

  test("come out alike whichever slot stands where", async () => {
    const at = [1, 2, 3, 5];
    const ways: Heading[] = ["right", "right", "right", "left"];
    const forwards = await Stage.with(...at.map((x) => [x, 1] as const));
    const backwards = await Stage.with(...[...at].reverse().map((x) => [x, 1] as const));
    forwards.steer(...ways);
    backwards.steer(...[...ways].reverse());
    expect(forwards.places.map(([x]) => x)).toEqual([1, 2, 3, 5]);
    expect(backwards.places.map(([x]) => x).reverse()).toEqual(forwards.places.map(([x]) => x));
  });
});

describe("a player", () => {
  test("stands still without a sample of this very tick", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.steer("right");
    stage.wait(30);
    expect(stage.places[0]).toEqual([2, 1]);
  });

  test("does not walk into walls, crates and balloons", async () => {
    const stage = await Stage.with([1, 1], [2, 1], [5, 1], [9, 1]);
    stage.set(`world.board[${cellAt(6, 1)}] = 2 world:drop(0, ${cellAt(10, 1)}, 1)`);
    const before = stage.places;
    stage.steer("up", "down", "right", "right");
    expect(stage.places).toEqual(before);
    expect(stage.effects).toEqual([]);
  });

  test("takes as many ticks for a step as it takes, and none while down or soaked", async () => {
    const stage = await Stage.with([1, 1], [1, 5], [1, 9]);
    stage.set("players[2].down_until = echo.chronos() + 5 players[3]:soak(echo.chronos())");
    const { step_ticks } = stage.player(0);
    for (let tick = 0; tick < step_ticks; tick++)
      stage.steer("right", tick < 4 ? "right" : undefined, "right");
    expect(stage.places).toEqual([
      [2, 1],
      [1, 5],
      [1, 9],
    ]);
    stage.steer("right", "right");
    expect(stage.places.slice(0, 2)).toEqual([
      [3, 1],
      [2, 5],
    ]);
  });

  test("with boots kicks a balloon, which slides until something is in the way", async () => {
    const stage = await Stage.with([1, 1], [7, 1]);
    stage.set(`players[1].boots = true world:drop(0, ${cellAt(2, 1)}, 1)`);
    stage.steer("right");
    expect(stage.places[0]).toEqual([1, 1]);
    expect(stage.all("balloon")[0]!.sliding).toBe("right");
    stage.wait(20);
    expect(stage.all("balloon")).toMatchObject([{ cell: cellAt(6, 1), sliding: "stay" }]);
  });
});
