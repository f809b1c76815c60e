/** The game that every library runs: a few whole numbers a player, into which each tick's input is folded. */
import type { Inputs } from "./work.js";

/** A player's place and a number that remembers everything pressed so far. */
const CELLS_PER_PLAYER = 3;

/** The whole state: three 32-bit whole numbers a player. */
export type Cells = Int32Array | number[];

export const cellCount = (players: number): number => players * CELLS_PER_PLAYER;

/** One player's input of one tick. */
export function press(cells: Cells, player: number, bytes: ArrayLike<number>): void {
  const at = player * CELLS_PER_PLAYER;
  let mix = cells[at + 2]!;
  for (let i = 0; i < bytes.length; i++) mix = Math.imul(mix ^ bytes[i]!, 0x0100_0193);
  cells[at] = (cells[at]! + bytes[0]! - 128) | 0;
  cells[at + 1] = (cells[at + 1]! + bytes[1]! - 128) | 0;
  cells[at + 2] = mix;
}

/** The state after a tick, computed without any network: what every peer of every library must come to. */
export function stateAfter(inputs: Inputs, players: number, tick: number): readonly number[] {
  const cells = new Array<number>(cellCount(players)).fill(0);
  for (let at = 1; at <= tick; at++) {
    for (let player = 0; player < players; player++) press(cells, player, inputs.at(player, at));
  }
  return cells;
}
