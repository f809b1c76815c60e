import { describe, expect, test } from "vitest";
import { cellAt, Stage } from "./stage.js";

describe("water", () => {
  test("goes in a cross, up to walls", async () => {
    const stage = await Stage.with([13, 11], [11, 11]);
    stage.set(`world:drop(0, ${cellAt(1, 1)}, 2) world:balloon_on(${cellAt(1, 1)}):light()`);
    stage.wait(1);
    const wet = [];
    for (let y = 0; y < 13; y++) for (let x = 0; x < 15; x++) if (stage.isWet(x, y)) wet.push([x, y]);
    expect(wet).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(stage.named("burst")).toEqual([{ cell: cellAt(1, 1), reach: 2 }]);
    stage.wait(36);
    expect(stage.isWet(1, 1)).toBe(false);
  });

  test("breaks the first crate of each ray and stops there", async () => {
    const stage = await Stage.with([13, 11], [11, 11]);
    stage.set(`for x = 4, 6 do world.board[${cellAt(0, 1)} + x] = 2 end world:drop(0, ${cellAt(3, 1)}, 5)
      world:balloon_on(${cellAt(3, 1)}):light()`);
    stage.wait(1);
    expect([4, 5, 6].map((x) => stage.world.board[cellAt(x, 1) - 1])).toEqual([0, 2, 2]);
    expect([4, 5].map((x) => stage.isWet(x, 1))).toEqual([true, false]);
  });

  test("washes open pickups away", async () => {
    const stage = await Stage.with([13, 11], [11, 11]);
    stage.set(`world:put_pickup(${cellAt(2, 1)}, "boots") world:drop(0, ${cellAt(1, 1)}, 2)
      world:balloon_on(${cellAt(1, 1)}):light()`);
    expect(stage.all("pickup")).toHaveLength(1);
    stage.wait(1);
    expect(stage.all("pickup")).toEqual([]);
  });

  test("sets off the balloons that it reaches, a tick later and once, whatever their fuses", async () => {
    const stage = await Stage.with([13, 11], [11, 11]);
    stage.set(`for x = 1, 7, 2 do world:drop(x % 2, ${cellAt(0, 1)} + x, 2) end`);
    stage.set(`world:balloon_on(${cellAt(1, 1)}):light()`);
    const bursts: number[] = [];
    for (let tick = 0; tick < 200; tick++) {
      stage.wait(1);
      bursts.push(stage.named("burst").length);
    }
    expect(bursts.slice(0, 6)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(bursts.reduce((sum, count) => sum + count)).toBe(4);
    expect(stage.all("balloon")).toEqual([]);
  });
});

describe("who stands in water", () => {
  const flood = (x: number, y: number, owner: number): string =>
    `world:flood({ id = ${owner + 900}, owner = ${owner}, reach = 0, cell = ${cellAt(x, y)} })`;

  test("is soaked: two who soak each other both get their point, oneself costs one", async () => {
    const stage = await Stage.with([1, 1], [5, 1], [9, 1], [13, 1]);
    stage.set(`players[3].points = 2
      ${flood(1, 1, 1)} ${flood(5, 1, 0)} ${flood(9, 1, 2)} ${flood(13, 1, 3)}`);
    expect(stage.named("soaked")).toEqual([
      { slot: 0, by: 1 },
      { slot: 1, by: 0 },
      { slot: 2, by: 2 },
      { slot: 3, by: 3 },
    ]);
    expect(stage.all("player").map(({ points }) => points)).toEqual([1, 1, 1, 0]);
    expect(stage.all("player").every(({ alive }) => !alive)).toBe(true);
  });

  test("comes back at a free start after two seconds, and stays dry for a while", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.set(flood(1, 1, 1));
    stage.wait(119);
    expect(stage.player(0).alive).toBe(false);
    stage.wait(1);
    expect(stage.player(0)).toMatchObject({ alive: true, soaked_until: 0, shielded_until: stage.tick + 90 });
    const [x, y] = stage.places[0]!;
    stage.set(flood(x, y, 1));
    expect(stage.player(0).alive).toBe(true);
  });

  test("is out at the cell that is nearer while a step lasts", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.steer("right");
    stage.set(flood(2, 1, 1));
    expect(stage.player(0).alive).toBe(true);
    stage.wait(6);
    expect(stage.player(0).alive).toBe(false);
  });

  test("gives the round to who has three points; a new board is dealt three seconds later", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.set(`players[2].points = 2 ${flood(1, 1, 1)}`);
    expect(stage.named("won")).toEqual([{ slot: 1, round: 1 }]);
    expect(stage.world).toMatchObject({ phase: "over", next_round_at: stage.tick + 180 });
    stage.send(1, "drop");
    expect(stage.all("balloon")).toEqual([]);
    stage.wait(179);
    expect(stage.world).toMatchObject({ phase: "play", round: 2, next_round_at: 0 });
    expect(stage.all("player").map(({ points, wins }) => [points, wins])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(stage.world.board).toContain(2);
  });
});

describe("a balloon", () => {
  test("bursts two and a half seconds after it was dropped, and its player may drop the next", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.send(0, "drop");
    stage.send(0, "drop");
    expect(stage.all("balloon")).toMatchObject([
      { cell: cellAt(1, 1), owner: 0, bursts_at: stage.tick + 149 },
    ]);
    stage.set(`players[1]:come_back(${cellAt(1, 5)}, echo.chronos()) players[1].balloons = 1`);
    stage.send(0, "drop");
    expect(stage.all("balloon")).toHaveLength(1);
    stage.wait(146);
    expect(stage.all("balloon")).toHaveLength(1);
    stage.wait(1);
    expect(stage.named("burst")).toEqual([]);
    stage.wait(1);
    expect(stage.named("burst")).toHaveLength(1);
    stage.send(0, "drop");
    expect(stage.all("balloon")).toHaveLength(1);
  });

  test("is burst by nobody but the simulation", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.send(0, "drop");
    const [balloon] = stage.solo.view().filter(({ script }) => script === "balloon");
    stage.send(1, "burst", { "echo:to": balloon!.id });
    stage.wait(10);
    expect(stage.all("balloon")).toHaveLength(1);
  });
});

describe("a pickup", () => {
  test("is taken by a hand next to it, or by a dive that leaves its player on the ground", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    const put = (x: number, y: number, kind: string): void =>
      stage.set(`world:put_pickup(${cellAt(x, y)}, "${kind}")`);
    put(2, 1, "reach");
    stage.send(0, "take", { cell: cellAt(2, 1) });
    expect(stage.named("taken")).toEqual([{ slot: 0, kind: "reach", cell: cellAt(2, 1) }]);
    expect(stage.player(0).reach).toBe(3);
    put(3, 1, "balloon");
    stage.send(0, "take", { cell: cellAt(3, 1) });
    expect(stage.player(0).balloons).toBe(2);
    stage.send(0, "dive", { cell: cellAt(3, 1) });
    expect(stage.player(0)).toMatchObject({ balloons: 3, down_until: stage.tick + 40 });
    put(1, 2, "speed");
    stage.send(0, "take", { cell: cellAt(1, 2) });
    expect(stage.all("pickup")).toHaveLength(1);
    stage.wait(40);
    stage.send(0, "take", { cell: cellAt(1, 2) });
    expect(stage.player(0).step_ticks).toBe(11);
  });

  test("that is out of reach, gone or nowhere is nobody's", async () => {
    const stage = await Stage.with([1, 1], [13, 11]);
    stage.set(`world:put_pickup(${cellAt(7, 7)}, "boots")`);
    for (const cell of [cellAt(7, 7), cellAt(3, 1), 0, 255]) {
      stage.send(0, "take", { cell });
      stage.send(0, "dive", { cell });
    }
    expect(stage.all("pickup")).toHaveLength(1);
    expect(stage.player(0).boots).toBe(false);
  });
});
