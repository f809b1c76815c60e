import type { Random } from "echo-net";
import { describe, expect, test } from "vitest";
import { CRATE, cellAt, FREE, splashedCells } from "./board.js";
import { dive, take } from "./pickups.js";
import { newState, type PickupKind, type Splash } from "./state.js";
import { burst, dropBalloon, lightFuses, soakPlayers } from "./water.js";

/** Draws what it is told to draw, and says when that is used up. */
function scripted(...numbers: number[]): Random {
  const next = (): number => {
    const number = numbers.shift();
    if (number === undefined) throw new Error("nothing more was to be drawn");
    return number;
  };
  return { int: next, unit: next };
}

function withBalloon(x: number, y: number, state: Splash = newState(2)): Splash {
  const player = state.players[0]!;
  const { cell, from } = player;
  Object.assign(player, { cell: cellAt(x, y), from: cellAt(x, y) });
  dropBalloon(state, player, state.tick);
  Object.assign(player, { cell, from });
  return state;
}

describe("water", () => {
  test("goes in a cross, up to pillars and the edge", () => {
    const state = newState(2);
    const at = (...places: [number, number][]): number[] => places.map(([x, y]) => cellAt(x, y));
    expect(splashedCells(state.board, cellAt(0, 0), 2)).toEqual(at([0, 0], [1, 0], [2, 0], [0, 1], [0, 2]));
    expect(splashedCells(state.board, cellAt(2, 1), 1)).toEqual(at([2, 1], [2, 0], [2, 2]));
  });

  test("breaks the first crate of each ray and stops there; some crates hide a pickup", () => {
    const state = withBalloon(2, 0);
    state.board[cellAt(3, 0)] = CRATE;
    state.board[cellAt(4, 0)] = CRATE;
    state.board[cellAt(1, 0)] = CRATE;
    burst(state, state.balloons[0]!, 5, scripted(39, 2, 40));
    expect([1, 3, 4].map((x) => state.board[cellAt(x, 0)])).toEqual([FREE, FREE, CRATE]);
    expect(state.pickups).toEqual([{ id: 2, cell: cellAt(3, 0), kind: "speed" }]);
    expect(state.balloons).toEqual([]);
  });

  test("washes open pickups away and sets off balloons that it reaches, once", () => {
    const state = withBalloon(3, 0, withBalloon(2, 0));
    state.pickups.push({ id: 99, cell: cellAt(2, 2), kind: "boots" });
    const [first, second] = state.balloons;
    expect(burst(state, first!, 5, scripted())).toEqual([second]);
    expect(state.pickups).toEqual([]);
    expect(second!.bursting).toBe(true);
    state.tick = second!.burstsAt;
    expect(lightFuses(state)).toEqual([]);
    expect(burst(state, second!, 6, scripted())).toEqual([]);
  });

  test("soaks who stands in it; two who soak each other both get their point, oneself costs one", () => {
    const state = newState(3);
    const water = (slot: number, owner: number): void => {
      state.waters.push({ cell: state.players[slot]!.cell, owner, balloon: 7, until: 50 });
    };
    water(0, 1);
    water(1, 0);
    water(2, 2);
    state.players[2]!.points = 3;
    expect(soakPlayers(state).map(({ player, by }) => [player.slot, by.slot])).toEqual([
      [0, 1],
      [1, 0],
      [2, 2],
    ]);
    expect(state.players.map((player) => player.points)).toEqual([1, 1, 2]);
    expect(soakPlayers(state)).toEqual([]);
  });

  test("does nothing to a shielded player, and finds a walking one at the nearer end of the step", () => {
    const state = newState(2);
    const [shielded, walking] = state.players;
    shielded!.shieldedUntil = 100;
    Object.assign(walking!, { from: cellAt(4, 0), cell: cellAt(5, 0), leftAt: 10, arrivesAt: 20 });
    state.waters.push({ cell: shielded!.cell, owner: 1, balloon: 7, until: 50 });
    state.waters.push({ cell: cellAt(5, 0), owner: 0, balloon: 8, until: 50 });
    state.tick = 14;
    expect(soakPlayers(state)).toEqual([]);
    state.tick = 15;
    expect(soakPlayers(state).map(({ player }) => player)).toEqual([walking]);
  });
});

describe("a balloon", () => {
  test("is dropped where there is none, as long as the player has one left", () => {
    const state = newState(2);
    const player = state.players[0]!;
    dropBalloon(state, player, 1);
    dropBalloon(state, player, 2);
    expect(state.balloons).toHaveLength(1);
    Object.assign(player, { cell: cellAt(1, 0), from: cellAt(1, 0) });
    dropBalloon(state, player, 3);
    Object.assign(player, { cell: cellAt(2, 0), from: cellAt(2, 0) });
    dropBalloon(state, player, 4);
    expect(state.balloons.map(({ cell }) => cell)).toEqual([cellAt(0, 0), cellAt(1, 0)]);
  });

  test("bursts when its fuse has run out", () => {
    const state = withBalloon(2, 0);
    state.tick = 149;
    expect(lightFuses(state)).toEqual([]);
    state.tick = 150;
    expect(lightFuses(state)).toEqual(state.balloons);
    expect(lightFuses(state)).toEqual([]);
  });
});

test("pickups help up to a limit, and a dive leaves its player on the ground", () => {
  const state = newState(2);
  const player = state.players[0]!;
  const kinds: PickupKind[] = ["balloon", "reach", "speed", "boots"];
  for (let round = 0; round < 10; round++) {
    for (const kind of kinds) {
      const pickup = { id: round, cell: 0, kind };
      state.pickups = [pickup];
      take(state, player, pickup);
      expect(state.pickups).toEqual([]);
    }
  }
  expect(player).toMatchObject({ balloons: 6, reach: 7, stepTicks: 7, boots: true, downUntil: 0 });
  dive(state, player, { id: 1, cell: 0, kind: "boots" }, 30);
  expect(player.downUntil).toBe(70);
});
