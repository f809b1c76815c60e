import { DIRECTIONS, distance, nextCell, PILLAR } from "./board.js";
import {
  DIVE_TICKS,
  FASTEST_STEP_TICKS,
  isInPlay,
  LONGEST_REACH,
  MOST_BALLOONS,
  type Pickup,
  type Player,
  type Splash,
  standsOn,
} from "./state.js";

/** Whether the hands reach it: on the player's own cell or next to it. */
export function canTake(player: Player, pickup: Pickup, tick: number): boolean {
  return isReady(player, tick) && distance(standsOn(player, tick), pickup.cell) <= 1;
}

/** Whether a dive reaches it: two cells away in a straight line, with no pillar between. */
export function canDive(board: Uint8Array, player: Player, pickup: Pickup, tick: number): boolean {
  if (!isReady(player, tick)) return false;
  const from = standsOn(player, tick);
  for (const direction of DIRECTIONS) {
    const between = nextCell(from, direction);
    if (between < 0 || board[between] === PILLAR) continue;
    if (nextCell(between, direction) === pickup.cell) return true;
  }
  return false;
}

const isReady = (player: Player, tick: number): boolean => isInPlay(player) && player.downUntil <= tick;

export function take(state: Splash, player: Player, pickup: Pickup): void {
  state.pickups = state.pickups.filter((other) => other !== pickup);
  if (pickup.kind === "balloon") player.balloons = Math.min(MOST_BALLOONS, player.balloons + 1);
  else if (pickup.kind === "reach") player.reach = Math.min(LONGEST_REACH, player.reach + 1);
  else if (pickup.kind === "speed") player.stepTicks = Math.max(FASTEST_STEP_TICKS, player.stepTicks - 1);
  else player.boots = true;
}

export function dive(state: Splash, player: Player, pickup: Pickup, tick: number): void {
  take(state, player, pickup);
  player.downUntil = tick + DIVE_TICKS;
}
