import type { Random } from "echo-net";
import { CRATE, FREE, splashedCells } from "./board.js";
import {
  type Balloon,
  balloonOn,
  FUSE_TICKS,
  isInPlay,
  PICKUPS,
  type Player,
  SOAKED_TICKS,
  type Splash,
  standsOn,
  WATER_TICKS,
} from "./state.js";

/** Leaves a balloon where the player stands, if there is room for it and the player has one left. */
export function dropBalloon(state: Splash, player: Player, tick: number): void {
  const cell = standsOn(player, tick);
  const lying = state.balloons.filter((balloon) => balloon.owner === player.slot).length;
  const ready = isInPlay(player) && player.downUntil <= tick && lying < player.balloons;
  if (!ready || state.nextRoundAt !== 0 || balloonOn(state, cell) !== undefined) return;
  state.serial++;
  const { reach } = player;
  const burstsAt = tick + FUSE_TICKS;
  state.balloons.push({
    id: state.serial,
    owner: player.slot,
    reach,
    cell,
    burstsAt,
    bursting: false,
    sliding: "stay",
  });
}

/** Marks the balloons whose fuse has run out; each of them bursts in the next tick. */
export function lightFuses(state: Splash): Balloon[] {
  const due = state.balloons.filter((balloon) => !balloon.bursting && balloon.burstsAt <= state.tick);
  for (const balloon of due) balloon.bursting = true;
  return due;
}

/**
 * Bursts one balloon: its water breaks crates, some of which hide a pickup, washes away pickups that lie open, and
 * reaches other balloons. Returns those; they burst in the next tick.
 */
export function burst(state: Splash, balloon: Balloon, tick: number, random: Random): Balloon[] {
  state.balloons = state.balloons.filter((other) => other !== balloon);
  const cells = splashedCells(state.board, balloon.cell, balloon.reach);
  const until = tick + WATER_TICKS;
  state.pickups = state.pickups.filter((pickup) => !cells.includes(pickup.cell));
  for (const cell of cells) {
    state.waters.push({ cell, owner: balloon.owner, balloon: balloon.id, until });
    if (state.board[cell] !== CRATE) continue;
    state.board[cell] = FREE;
    if (random.int(100) < 40) hidePickup(state, cell, random);
  }
  const chained = state.balloons.filter((other) => !other.bursting && cells.includes(other.cell));
  for (const other of chained) other.bursting = true;
  return chained;
}

function hidePickup(state: Splash, cell: number, random: Random): void {
  state.serial++;
  state.pickups.push({ id: state.serial, cell, kind: PICKUPS[random.int(PICKUPS.length)]! });
}

export interface Soaking {
  readonly player: Player;
  readonly by: Player;
  /** The number of the balloon whose water it was. */
  readonly balloon: number;
}

/** Soaks whoever stands in water, and counts the points: one for each rival, one less for oneself. */
export function soakPlayers(state: Splash): Soaking[] {
  const { tick } = state;
  const soakings: Soaking[] = [];
  for (const player of state.players) {
    if (!isInPlay(player) || player.shieldedUntil > tick) continue;
    const water = state.waters.find(({ cell }) => cell === standsOn(player, tick));
    if (water === undefined) continue;
    player.soakedUntil = tick + SOAKED_TICKS;
    const by = state.players[water.owner]!;
    soakings.push({ player, by, balloon: water.balloon });
  }
  // Points come last, so that two who soak each other both get theirs.
  for (const { player, by } of soakings) {
    if (by === player) player.points = Math.max(0, player.points - 1);
    else by.points++;
  }
  return soakings;
}

export function dryUp(state: Splash): void {
  state.waters = state.waters.filter((water) => water.until > state.tick);
}
