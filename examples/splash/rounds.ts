import type { Random } from "echo-net";
import { bareBoard, CELLS, CRATE, distance, FREE, START_CELLS } from "./board.js";
import {
  balloonOn,
  CRATE_RAIN_TICKS,
  isInPlay,
  newPlayer,
  PAUSE_TICKS,
  type Player,
  POINTS_TO_WIN,
  playerOn,
  SHIELD_TICKS,
  type Splash,
} from "./state.js";

/** Deals a new board: crates at random, with room around every start. Points go, wins stay. */
export function dealRound(state: Splash, random: Random): void {
  state.round++;
  state.nextRoundAt = 0;
  state.balloons = [];
  state.waters = [];
  state.pickups = [];
  state.board = bareBoard();
  for (let cell = 0; cell < CELLS; cell++) {
    const startsNear = START_CELLS.some((start) => distance(start, cell) <= 2);
    if (state.board[cell] === FREE && !startsNear && random.int(100) < 50) state.board[cell] = CRATE;
  }
  state.players = state.players.map((player, i) => ({
    ...newPlayer(player.slot, START_CELLS[i]!),
    wins: player.wins,
    word: player.word,
    wordUntil: player.wordUntil,
  }));
}

/** Ends the round once somebody has the points for it; everyone who has them wins. Returns the winners. */
export function endRound(state: Splash): Player[] {
  if (state.nextRoundAt !== 0) return [];
  const winners = state.players.filter((player) => player.points >= POINTS_TO_WIN);
  if (winners.length === 0) return [];
  for (const winner of winners) winner.wins++;
  state.nextRoundAt = state.tick + PAUSE_TICKS;
  return winners;
}

/** Lets players who have dried come back at the free start that is farthest from everyone; chance breaks ties. */
export function returnPlayers(state: Splash, random: Random): Player[] {
  const returned: Player[] = [];
  for (const player of state.players) {
    if (isInPlay(player) || player.soakedUntil > state.tick) continue;
    const start = bestStart(state, random);
    if (start === undefined) continue;
    Object.assign(player, { cell: start, from: start, leftAt: state.tick, arrivesAt: state.tick });
    player.soakedUntil = 0;
    player.downUntil = 0;
    player.shieldedUntil = state.tick + SHIELD_TICKS;
    returned.push(player);
  }
  return returned;
}

function bestStart(state: Splash, random: Random): number | undefined {
  const rivals = state.players.filter(isInPlay);
  const free = START_CELLS.filter((cell) => isEmpty(state, cell));
  const room = (cell: number): number => Math.min(99, ...rivals.map((rival) => distance(rival.cell, cell)));
  const most = Math.max(...free.map(room));
  const best = free.filter((cell) => room(cell) === most);
  return best.length === 0 ? undefined : best[random.int(best.length)];
}

/** Drops a crate on a random cell, if the cell that chance names is free and nobody is near. */
export function rainCrates(state: Splash, random: Random): void {
  if (state.tick % CRATE_RAIN_TICKS !== 0) return;
  const cell = random.int(CELLS);
  const near = state.players.some((player) => isInPlay(player) && distance(player.cell, cell) <= 2);
  if (isEmpty(state, cell) && !near && !START_CELLS.includes(cell)) state.board[cell] = CRATE;
}

const isEmpty = (state: Splash, cell: number): boolean =>
  state.board[cell] === FREE &&
  balloonOn(state, cell) === undefined &&
  playerOn(state, cell) === undefined &&
  !state.waters.some((water) => water.cell === cell) &&
  !state.pickups.some((pickup) => pickup.cell === cell);
