import { describe, expect, test } from "vitest";
import { CRATE, cellAt, type Heading } from "./board.js";
import { movePlayers, slideBalloons } from "./moving.js";
import { type Balloon, newState, type Splash } from "./state.js";

/** A board without crates in tick 10, with players at the given places, who steer as given. */
function stage(...players: [x: number, y: number, heading: Heading][]): Splash {
  const state = newState(players.length);
  state.tick = 10;
  for (const [i, [x, y, heading]] of players.entries()) {
    const cell = cellAt(x, y);
    Object.assign(state.players[i]!, { cell, from: cell, heading, steeredAt: 10 });
  }
  return state;
}

const balloonAt = (x: number, y: number): Balloon => ({
  ...{ id: 1, owner: 0, reach: 2, burstsAt: 100, bursting: false, sliding: "stay" },
  cell: cellAt(x, y),
});

const cells = (state: Splash): number[] => state.players.map((player) => player.cell);

describe("players who step in the same tick", () => {
  test("into one cell bump, and neither moves", () => {
    const state = stage([0, 0, "right"], [2, 0, "left"]);
    expect(movePlayers(state)).toEqual(state.players);
    expect(cells(state)).toEqual([cellAt(0, 0), cellAt(2, 0)]);
  });

  test("into one cell bump even where four of them do", () => {
    const state = stage([1, 2, "right"], [3, 2, "left"], [2, 1, "down"], [2, 3, "up"]);
    expect(movePlayers(state)).toHaveLength(4);
    expect(cells(state)).toEqual([cellAt(1, 2), cellAt(3, 2), cellAt(2, 1), cellAt(2, 3)]);
  });

  test("may swap their cells", () => {
    const state = stage([0, 0, "right"], [1, 0, "left"]);
    expect(movePlayers(state)).toEqual([]);
    expect(cells(state)).toEqual([cellAt(1, 0), cellAt(0, 0)]);
  });

  test("follow one another, and are all held up by the one in front who stays", () => {
    const moving = stage([0, 0, "right"], [1, 0, "right"], [2, 0, "right"]);
    expect(movePlayers(moving)).toEqual([]);
    expect(cells(moving)).toEqual([cellAt(1, 0), cellAt(2, 0), cellAt(3, 0)]);
    const held = stage([0, 0, "right"], [1, 0, "right"], [2, 0, "stay"]);
    expect(movePlayers(held).map(({ slot }) => slot)).toEqual([0, 1]);
    expect(cells(held)).toEqual([cellAt(0, 0), cellAt(1, 0), cellAt(2, 0)]);
  });

  test("come out alike whichever slot stands where", () => {
    const forwards = stage([0, 0, "right"], [1, 0, "right"], [2, 0, "right"], [4, 0, "left"]);
    const backwards = stage([4, 0, "left"], [2, 0, "right"], [1, 0, "right"], [0, 0, "right"]);
    movePlayers(forwards);
    movePlayers(backwards);
    expect(cells(backwards).reverse()).toEqual(cells(forwards));
    expect(cells(forwards)).toEqual([cellAt(0, 0), cellAt(1, 0), cellAt(2, 0), cellAt(4, 0)]);
  });
});

describe("a player", () => {
  test("stands still without a sample of this very tick", () => {
    const state = stage([0, 0, "right"]);
    state.players[0]!.steeredAt = 9;
    movePlayers(state);
    expect(cells(state)).toEqual([cellAt(0, 0)]);
  });

  test("does not leave the board, nor walk into pillars, crates and balloons", () => {
    const state = stage([0, 0, "up"], [1, 0, "down"], [4, 0, "right"], [8, 0, "right"]);
    state.board[cellAt(5, 0)] = CRATE;
    state.balloons.push(balloonAt(9, 0));
    expect(movePlayers(state)).toEqual([]);
    expect(cells(state)).toEqual([cellAt(0, 0), cellAt(1, 0), cellAt(4, 0), cellAt(8, 0)]);
  });

  test("takes as many ticks for a step as it takes, and none while down or soaked", () => {
    const state = stage([0, 0, "right"], [0, 4, "right"], [0, 8, "right"]);
    state.players[1]!.downUntil = 11;
    state.players[2]!.soakedUntil = 11;
    movePlayers(state);
    expect(cells(state)).toEqual([cellAt(1, 0), cellAt(0, 4), cellAt(0, 8)]);
    for (state.tick = 11; state.tick < 10 + state.players[0]!.stepTicks; state.tick++) {
      state.players[0]!.steeredAt = state.tick;
      movePlayers(state);
    }
    expect(cells(state)[0]).toBe(cellAt(1, 0));
    state.players[0]!.steeredAt = state.tick;
    movePlayers(state);
    expect(cells(state)[0]).toBe(cellAt(2, 0));
  });

  test("with boots kicks a balloon, which slides until something is in the way", () => {
    const state = stage([0, 0, "right"], [6, 0, "stay"]);
    state.players[0]!.boots = true;
    state.balloons.push(balloonAt(1, 0));
    movePlayers(state);
    expect(cells(state)[0]).toBe(cellAt(0, 0));
    for (const x of [2, 3, 4, 5, 5]) {
      slideBalloons(state);
      expect(state.balloons[0]!.cell).toBe(cellAt(x, 0));
    }
    expect(state.balloons[0]!.sliding).toBe("stay");
  });
});
