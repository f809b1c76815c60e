import type { EntityView } from "echo-net/lua";

/** Cells of the board, rim included. */
export const WIDTH = 15;
export const HEIGHT = 13;

export const FREE = 0;
export const WALL = 1;
export const CRATE = 2;

/** Points that win a round. */
export const POINTS_TO_WIN = 3;

export type Facing = "up" | "right" | "down" | "left";
export type PickupKind = "balloon" | "reach" | "speed" | "boots";

export interface Player {
  readonly slot: number;
  readonly cell: number;
  readonly from: number;
  readonly left_at: number;
  readonly arrives_at: number;
  readonly facing: Facing;
  readonly alive: boolean;
  readonly soaked_until: number;
  readonly shielded_until: number;
  readonly down_until: number;
  readonly balloons: number;
  readonly reach: number;
  readonly step_ticks: number;
  readonly boots: boolean;
  readonly points: number;
  readonly wins: number;
  readonly word: string;
  readonly word_until: number;
}

export interface Balloon {
  readonly id: number;
  readonly cell: number;
  readonly owner: number;
  readonly reach: number;
  readonly dropped_at: number;
  readonly bursts_at: number;
}

export interface Pickup {
  readonly id: number;
  readonly cell: number;
  readonly kind: PickupKind;
}

/** One tick of the game, as a renderer wants it. Cells are numbered from 1, lists begin at 0. */
export interface Scene {
  readonly tick: number;
  readonly board: readonly number[];
  /** By cell: until which tick it is wet. */
  readonly water: readonly number[];
  readonly round: number;
  readonly phase: "play" | "over";
  readonly nextRoundAt: number;
  readonly players: readonly Player[];
  readonly balloons: readonly Balloon[];
  readonly pickups: readonly Pickup[];
}

/** Reads the components that the scripts declare: the game is this page's own, so they are what its README says. */
export function sceneOf(entities: readonly EntityView[]): Scene {
  const world = entities.find(({ script }) => script === "world")!.components as Record<string, any>;
  const all = <Thing>(wanted: string): Thing[] =>
    entities
      .filter(({ script }) => script === wanted)
      .map(({ id, slot, components }) => ({ id, slot, ...components }) as Thing);
  return {
    tick: world.tick,
    board: world.board,
    water: world.water,
    round: world.round,
    phase: world.phase,
    nextRoundAt: world.next_round_at,
    players: all<Player>("player").sort((a, b) => a.slot - b.slot),
    balloons: all("balloon"),
    pickups: all("pickup"),
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of a cell, in cells from the board's upper left corner. */
export function middleOf(cell: number): Point {
  return { x: ((cell - 1) % WIDTH) + 0.5, y: Math.floor((cell - 1) / WIDTH) + 0.5 };
}

/** Where a player is at a time, in ticks. */
export function placeOf(player: Player, tick: number): Point {
  const span = player.arrives_at - player.left_at;
  const share = span <= 0 ? 1 : Math.max(0, Math.min(1, (tick - player.left_at) / span));
  return blend(middleOf(player.from), middleOf(player.cell), share);
}

export function blend(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

export interface Standing {
  readonly slot: number;
  readonly wins: number;
  readonly points: number;
}

/** Who is ahead: most rounds, then most points of this round. Several where they are level, none before a point. */
export function leadersOf(standings: readonly Standing[]): readonly number[] {
  const worth = ({ wins, points }: Standing): number => 1_000 * wins + points;
  const best = Math.max(0, ...standings.map(worth));
  return best === 0 ? [] : standings.filter((one) => worth(one) === best).map(({ slot }) => slot);
}
