import { FREE, nextCell } from "./board.js";
import { balloonOn, isInPlay, isResting, type Player, playerOn, type Splash } from "./state.js";

/** Whether nothing but perhaps a player is in the way. */
const isOpen = (state: Splash, cell: number): boolean =>
  cell >= 0 && state.board[cell] === FREE && balloonOn(state, cell) === undefined;

/**
 * Lets all players who stand still take their next step, all at once: who wants a cell that another one wants in
 * the same tick bumps into that one, and neither moves; a cell whose player leaves in this tick is free, so two may
 * squeeze past each other and rings may turn. Returns who bumped.
 */
export function movePlayers(state: Splash): Player[] {
  const { tick, players } = state;
  const targets = players.map((player) => {
    const mayStep =
      isInPlay(player) &&
      isResting(player, tick) &&
      player.downUntil <= tick &&
      player.steeredAt === tick &&
      player.heading !== "stay";
    if (!mayStep) return -1;
    player.facing = player.heading;
    const target = nextCell(player.cell, player.heading);
    if (isOpen(state, target)) return target;
    const balloon = target < 0 ? undefined : balloonOn(state, target);
    if (balloon !== undefined && player.boots) balloon.sliding = player.heading;
    return -1;
  });

  const wanted = [...targets];
  for (const [i, target] of wanted.entries()) {
    if (target >= 0 && wanted.some((other, j) => j !== i && other === target)) targets[i] = -1;
  }
  // A player who stays keeps those behind from moving, who keep those behind them.
  for (let settled = false; !settled; ) {
    settled = true;
    for (const [i, target] of targets.entries()) {
      if (target < 0) continue;
      const ahead = players.findIndex((player, j) => j !== i && isInPlay(player) && player.cell === target);
      if (ahead < 0 || targets[ahead]! >= 0) continue;
      targets[i] = -1;
      settled = false;
    }
  }

  const bumped: Player[] = [];
  for (const [i, player] of players.entries()) {
    const target = targets[i]!;
    if (target >= 0) {
      player.from = player.cell;
      player.cell = target;
      player.leftAt = tick;
      player.arrivesAt = tick + player.stepTicks;
    } else if (wanted[i]! >= 0) {
      bumped.push(player);
    }
  }
  return bumped;
}

/** Moves every sliding balloon by one cell, in the order in which they were thrown; what stands in the way ends it. */
export function slideBalloons(state: Splash): void {
  for (const balloon of state.balloons) {
    if (balloon.sliding === "stay") continue;
    const target = nextCell(balloon.cell, balloon.sliding);
    if (isOpen(state, target) && playerOn(state, target) === undefined) balloon.cell = target;
    else balloon.sliding = "stay";
  }
}
