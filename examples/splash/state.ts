import { bareBoard, type Heading, START_CELLS } from "./board.js";

/** All times are ticks, 60 a second. */
export const TICK_HZ = 60;
export const FUSE_TICKS = 150;
export const WATER_TICKS = 36;
export const SOAKED_TICKS = 120;
export const SHIELD_TICKS = 90;
/** How long a dive leaves its player on the ground. */
export const DIVE_TICKS = 40;
export const CHEER_TICKS = 90;
export const SLIDE_TICKS = 4;
export const SLOWEST_STEP_TICKS = 12;
export const FASTEST_STEP_TICKS = 7;
export const MOST_BALLOONS = 6;
export const LONGEST_REACH = 7;
/** Every so often a crate drops out of the sky, so that a round never runs dry. */
export const CRATE_RAIN_TICKS = 240;
export const PAUSE_TICKS = 180;
export const POINTS_TO_WIN = 3;

export const PICKUPS = ["balloon", "reach", "speed", "boots"] as const;
export type PickupKind = (typeof PICKUPS)[number];

export interface Player {
  readonly slot: number;
  /** Where the player stands or is walking to: nobody else may walk there. */
  cell: number;
  /** Where the present step began, and its first and last tick. */
  from: number;
  leftAt: number;
  arrivesAt: number;
  facing: Heading;
  /** The latest `steer` event: a sample of another tick than this one moves nobody. */
  heading: Heading;
  steeredAt: number;
  /** How many balloons may lie at once, and how far their water goes. */
  balloons: number;
  reach: number;
  stepTicks: number;
  /** Whether balloons that are walked into slide away. */
  boots: boolean;
  /** Out of play until that tick; 0 while dry. */
  soakedUntil: number;
  shieldedUntil: number;
  downUntil: number;
  points: number;
  wins: number;
  word: string;
  wordUntil: number;
}

export interface Balloon {
  readonly id: number;
  readonly owner: number;
  readonly reach: number;
  cell: number;
  burstsAt: number;
  /** Its burst is under way: it is waiting for the derived event of the next tick. */
  bursting: boolean;
  sliding: Heading;
}

export interface Water {
  readonly cell: number;
  readonly owner: number;
  readonly balloon: number;
  readonly until: number;
}

export interface Pickup {
  readonly id: number;
  readonly cell: number;
  readonly kind: PickupKind;
}

export interface Splash {
  /** The tick that this state is of, for whoever sees nothing but the state. */
  tick: number;
  /** Counted from 1. */
  round: number;
  /** When the next board is dealt; 0 while a round is played. */
  nextRoundAt: number;
  /** The last number given to a balloon or pickup. */
  serial: number;
  board: Uint8Array;
  players: Player[];
  balloons: Balloon[];
  waters: Water[];
  pickups: Pickup[];
}

/** Before the first board is dealt. */
export const newState = (players: number): Splash => ({
  tick: 0,
  round: 0,
  nextRoundAt: 0,
  serial: 0,
  board: bareBoard(),
  players: START_CELLS.slice(0, players).map((cell, slot) => newPlayer(slot, cell)),
  balloons: [],
  waters: [],
  pickups: [],
});

export function newPlayer(slot: number, cell: number): Player {
  return {
    slot,
    cell,
    from: cell,
    leftAt: 0,
    arrivesAt: 0,
    facing: "down",
    heading: "stay",
    steeredAt: -1,
    balloons: 2,
    reach: 2,
    stepTicks: SLOWEST_STEP_TICKS,
    boots: false,
    soakedUntil: 0,
    shieldedUntil: 0,
    downUntil: 0,
    points: 0,
    wins: 0,
    word: "",
    wordUntil: 0,
  };
}

export const isInPlay = (player: Player): boolean => player.soakedUntil === 0;
export const isResting = (player: Player, tick: number): boolean => player.arrivesAt <= tick;

/** Where a player is for water and for the hands: the nearer end of the present step. */
export function standsOn(player: Player, tick: number): number {
  return 2 * tick < player.leftAt + player.arrivesAt ? player.from : player.cell;
}

export const balloonOn = (state: Splash, cell: number): Balloon | undefined =>
  state.balloons.find((balloon) => balloon.cell === cell);

export const playerOn = (state: Splash, cell: number): Player | undefined =>
  state.players.find((player) => player.cell === cell && isInPlay(player));
