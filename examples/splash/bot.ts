import type { Random } from "echo-net";
import { CELLS, CRATE, DIRECTIONS, distance, FREE, type Heading, nextCell, splashedCells } from "./board.js";
import { canDive, canTake } from "./pickups.js";
import {
  type Balloon,
  balloonOn,
  FUSE_TICKS,
  isInPlay,
  type Pickup,
  type Player,
  type Splash,
  WATER_TICKS,
} from "./state.js";

/** What a bot remembers from tick to tick. It is no part of the match. */
export interface Memory {
  heading: Heading;
  /** How many thoughts in a row came out as standing still. */
  stood: number;
  /** Where the bot was when it thought last, and how often in a row it wanted to leave there and did not. */
  cell: number;
  stuck: number;
  /** The pickup that was asked for last, and when. */
  asked: number;
  askedAt: number;
  droppedAt: number;
  points: number;
}

export interface Plan {
  readonly heading: Heading;
  readonly drop?: boolean;
  readonly take?: Pickup;
  readonly dive?: Pickup;
  readonly cheer?: string;
}

export const newMemory = (): Memory => ({
  heading: "stay",
  stood: 0,
  cell: -1,
  stuck: 0,
  asked: 0,
  askedAt: 0,
  droppedAt: -1_000,
  points: 0,
});

const NEVER = 1_000_000_000;
/** A plan keeps this far away from the water's first and last tick. */
const MARGIN_TICKS = 3;
/** Asked for and not got: perhaps the event is still on its way, perhaps somebody was faster. */
const PATIENCE_TICKS = 20;
const THINK_EVERY_TICKS = 4;
/** A step takes at most 12 ticks, which is 3 thoughts. */
const STUCK_THOUGHTS = 5;
/** A rival's balloon does not frighten a bot before its fuse is this short: too careful players are no fun to watch. */
const ALARM_TICKS = 36;
/** Bots do not look for work farther away than this. */
const FARTHEST_STEPS = 8;
const CHEERS = ["Splash!", "Got you!", "Wet?", "Ha!", "Bullseye!"];

/** What the bot in `player`'s place does in this tick. */
export function planFor(state: Splash, player: Player, memory: Memory, random: Random): Plan {
  if (!isInPlay(player) || state.nextRoundAt !== 0) return { heading: "stay" };
  const reach = handsOf(state, player, memory);
  const cheer =
    player.points > memory.points && random.int(2) === 0 ? { cheer: CHEERS[random.int(CHEERS.length)]! } : {};
  memory.points = player.points;
  const thinks = (state.tick + player.slot) % THINK_EVERY_TICKS === 0;
  if (!thinks) return { heading: memory.heading, ...reach, ...cheer };

  const { heading, drop } = wayOf(state, player, memory.stood >= 2, random);
  memory.stood = heading === "stay" ? memory.stood + 1 : 0;
  memory.stuck = heading !== "stay" && player.cell === memory.cell ? memory.stuck + 1 : 0;
  memory.cell = player.cell;
  // Two who wait for each other to make way would wait for ever.
  memory.heading = memory.stuck > STUCK_THOUGHTS ? DIRECTIONS[random.int(4)]! : heading;
  const drops = drop && state.tick >= memory.droppedAt + PATIENCE_TICKS;
  if (drops) memory.droppedAt = state.tick;
  return { heading: memory.heading, drop: drops, ...reach, ...cheer };
}

/** Takes what lies at hand, and dives for what a rival is about to take. */
function handsOf(state: Splash, player: Player, memory: Memory): Pick<Plan, "take" | "dive"> {
  for (const pickup of state.pickups) {
    if (memory.asked === pickup.id && state.tick < memory.askedAt + PATIENCE_TICKS) continue;
    const rival = state.players.some(
      (other) => other !== player && isInPlay(other) && distance(other.cell, pickup.cell) <= 2,
    );
    const takes = canTake(player, pickup, state.tick);
    if (!takes && !(rival && canDive(state.board, player, pickup, state.tick))) continue;
    memory.asked = pickup.id;
    memory.askedAt = state.tick;
    return takes ? { take: pickup } : { dive: pickup };
  }
  return {};
}

/** Where to go next: out of danger first, else to what is worth most; and whether to leave a balloon here. */
function wayOf(
  state: Splash,
  player: Player,
  settled: boolean,
  random: Random,
): { heading: Heading; drop: boolean } {
  const feared = state.balloons.filter(
    ({ owner, burstsAt }) => owner === player.slot || burstsAt < state.tick + ALARM_TICKS,
  );
  const danger = dangerOf(state, feared);
  const paths = explore(state, player, danger);
  const here = player.cell;
  if (danger[here]! < NEVER) return { heading: firstStep(paths, here, refuge(paths, danger)), drop: false };

  let best = here;
  let bestWorth = Number.NEGATIVE_INFINITY;
  for (const cell of paths.reached) {
    if (paths.steps[cell]! > FARTHEST_STEPS) break;
    if (danger[cell]! < NEVER) continue;
    const worth = worthOf(state, player, cell) - 2 * paths.steps[cell]! + random.int(3);
    if (worth <= bestWorth) continue;
    best = cell;
    bestWorth = worth;
  }
  const aims = splashedCells(state.board, here, player.reach).some((cell) => rivalOn(state, player, cell));
  const wants = aims || (best === here && settled && hitsCrate(state, player));
  const drop = wants && hasBalloon(state, player) && canFlee(state, player);
  return { heading: best === here ? "stay" : firstStep(paths, here, best), drop };
}

/** When water comes to each cell, chains included; 0 where it stands already. */
function dangerOf(state: Splash, balloons: readonly Balloon[]): number[] {
  const danger = new Array<number>(CELLS).fill(NEVER);
  const bursts = balloons.map((balloon) => (balloon.bursting ? state.tick : balloon.burstsAt));
  const reached = balloons.map(({ cell, reach }) => splashedCells(state.board, cell, reach));
  for (let settled = false; !settled; ) {
    settled = true;
    for (const [i, cells] of reached.entries()) {
      for (const cell of cells) danger[cell] = Math.min(danger[cell]!, bursts[i]!);
    }
    for (const [i, { cell }] of balloons.entries()) {
      if (danger[cell]! + 1 >= bursts[i]!) continue;
      bursts[i] = danger[cell]! + 1;
      settled = false;
    }
  }
  for (const water of state.waters) danger[water.cell] = 0;
  return danger;
}

interface Paths {
  /** Cells that can be walked to without getting wet, nearest first. */
  readonly reached: readonly number[];
  readonly steps: readonly number[];
  /** The cell before, on the way from the player; −1 where there is none. */
  readonly before: readonly number[];
}

function explore(state: Splash, player: Player, danger: readonly number[]): Paths {
  const steps = new Array<number>(CELLS).fill(-1);
  const before = new Array<number>(CELLS).fill(-1);
  const reached = [player.cell];
  steps[player.cell] = 0;
  const isBlocked = new Uint8Array(CELLS);
  for (const { cell } of state.balloons) isBlocked[cell] = 1;
  for (const other of state.players) if (other !== player && isInPlay(other)) isBlocked[other.cell] = 1;
  const start = Math.max(state.tick, player.arrivesAt);
  for (let i = 0; i < reached.length; i++) {
    const cell = reached[i]!;
    for (const direction of DIRECTIONS) {
      const next = nextCell(cell, direction);
      if (next < 0 || steps[next]! >= 0 || state.board[next] !== FREE || isBlocked[next] === 1) continue;
      const enters = start + steps[cell]! * player.stepTicks;
      if (isWetDuring(danger[next]!, enters, enters + 2 * player.stepTicks)) continue;
      steps[next] = steps[cell]! + 1;
      before[next] = cell;
      reached.push(next);
    }
  }
  return { reached, steps, before };
}

/** Water that stands already has burst at tick 0: how long it stays is not looked at. */
function isWetDuring(bursts: number, from: number, until: number): boolean {
  if (bursts === 0) return true;
  return bursts - MARGIN_TICKS < until && bursts + WATER_TICKS + MARGIN_TICKS > from;
}

/** The nearest cell that stays dry, else the one that stays dry longest. */
function refuge(paths: Paths, danger: readonly number[]): number {
  let best = paths.reached[0]!;
  for (const cell of paths.reached) if (danger[cell]! > danger[best]!) best = cell;
  return best;
}

function firstStep(paths: Paths, here: number, target: number): Heading {
  let cell = target;
  while (cell !== here && paths.before[cell] !== here) {
    if (cell < 0) return "stay";
    cell = paths.before[cell]!;
  }
  return DIRECTIONS.find((direction) => nextCell(here, direction) === cell) ?? "stay";
}

/** How much a bot would like to stand there. */
function worthOf(state: Splash, player: Player, cell: number): number {
  let worth = 0;
  for (const pickup of state.pickups) if (distance(pickup.cell, cell) <= 1) worth += 30;
  for (const rival of state.players) {
    if (rival !== player && isInPlay(rival)) worth += Math.max(0, 10 - distance(rival.cell, cell));
  }
  if (!hasBalloon(state, player)) return worth;
  for (const hit of splashedCells(state.board, cell, player.reach)) {
    if (state.board[hit] === CRATE) worth += 6;
    if (rivalOn(state, player, hit)) worth += 25;
  }
  return worth;
}

const hitsCrate = (state: Splash, player: Player): boolean =>
  splashedCells(state.board, player.cell, player.reach).some((cell) => state.board[cell] === CRATE);

const rivalOn = (state: Splash, player: Player, cell: number): boolean =>
  state.players.some((other) => other !== player && isInPlay(other) && other.cell === cell);

const hasBalloon = (state: Splash, player: Player): boolean =>
  balloonOn(state, player.cell) === undefined &&
  state.balloons.filter((balloon) => balloon.owner === player.slot).length < player.balloons;

/** Whether there is a dry place left after a balloon was left here. */
function canFlee(state: Splash, player: Player): boolean {
  const dropped: Balloon = {
    id: 0,
    owner: player.slot,
    reach: player.reach,
    cell: player.cell,
    burstsAt: state.tick + FUSE_TICKS,
    bursting: false,
    sliding: "stay",
  };
  const danger = dangerOf(state, [...state.balloons, dropped]);
  return explore(state, player, danger).reached.some((cell) => danger[cell]! >= NEVER);
}
