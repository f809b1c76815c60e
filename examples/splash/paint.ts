import { CELLS, CRATE, columnOf, FREE, HEIGHT, PILLAR, rowOf, WIDTH } from "./board.js";
import { type Balloon, isInPlay, type PickupKind, type Player, type Splash } from "./state.js";

/** Pixels along a cell's edge. */
const CELL_PIXELS = 4;

/** A picture of the board; each pixel is one of the terminal's 256 colours. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export const PLAYER_COLOURS: readonly number[] = [203, 75, 221, 114, 213, 215, 80, 255];
const FLOOR = [236, 237] as const;
const PICKUP_COLOURS: Readonly<Record<PickupKind, number>> = {
  balloon: 213,
  reach: 51,
  speed: 226,
  boots: 208,
};

/** Rows of a cell's pixels; a space lets through what is below, other letters are looked up. */
type Sprite = readonly [string, string, string, string];
const SPRITES = {
  pillar: ["llll", "mmmm", "mmmm", "dddd"],
  crate: ["bbbb", "bwbw", "wbwb", "bbbb"],
  water: ["vvvv", "vuuv", "vuuv", "vvvv"],
  ripple: ["uvvu", "vuuv", "vuuv", "uvvu"],
  pickup: ["    ", " pp ", " pp ", "    "],
  balloon: [" aa ", "aaha", "acca", " aa "],
  swollen: ["aaaa", "aaha", "acca", "aaaa"],
  player: [" cc ", "ckkc", "cccc", "c  c"],
  walking: [" cc ", "ckkc", "cccc", " cc "],
  lying: ["    ", "    ", "ccck", "cccc"],
} as const satisfies Record<string, Sprite>;
const COLOURS: Readonly<Record<string, number>> = {
  ...{ l: 250, m: 244, d: 240, b: 94, w: 137, u: 117, v: 33, h: 231, k: 16, a: 153 },
};

export function paint(state: Splash): Picture {
  const width = WIDTH * CELL_PIXELS;
  const pixels = new Uint8Array(width * HEIGHT * CELL_PIXELS);
  const put = (sprite: Sprite, left: number, top: number, colour = 0): void => {
    for (const [dy, row] of sprite.entries()) {
      for (let dx = 0; dx < CELL_PIXELS; dx++) {
        const letter = row[dx]!;
        if (letter !== " ") pixels[(top + dy) * width + left + dx] = COLOURS[letter] ?? colour;
      }
    }
  };
  const putOn = (cell: number, sprite: Sprite, colour = 0): void =>
    put(sprite, columnOf(cell) * CELL_PIXELS, rowOf(cell) * CELL_PIXELS, colour);

  const floor: Sprite = ["ffff", "ffff", "ffff", "ffff"];
  for (let cell = 0; cell < CELLS; cell++) {
    const kind = state.board[cell];
    if (kind === FREE) putOn(cell, floor, FLOOR[(columnOf(cell) + rowOf(cell)) % 2]!);
    else if (kind === PILLAR) putOn(cell, SPRITES.pillar);
    else if (kind === CRATE) putOn(cell, SPRITES.crate);
  }
  for (const { cell, until } of state.waters) {
    putOn(cell, (until - state.tick) % 12 < 6 ? SPRITES.water : SPRITES.ripple);
  }
  for (const { cell, kind } of state.pickups) putOn(cell, SPRITES.pickup, PICKUP_COLOURS[kind]);
  for (const balloon of state.balloons) {
    putOn(balloon.cell, balloonSprite(balloon, state.tick), PLAYER_COLOURS[balloon.owner]);
  }
  for (const player of state.players) {
    const blinks = player.shieldedUntil > state.tick && state.tick % 10 < 5;
    if (!isInPlay(player) || blinks) continue;
    const { left, top } = placeOf(player, state.tick);
    put(playerSprite(player, state.tick), left, top, PLAYER_COLOURS[player.slot]);
  }
  return { width, height: HEIGHT * CELL_PIXELS, pixels };
}

/** A balloon swells faster the nearer its burst. */
function balloonSprite({ burstsAt }: Balloon, tick: number): Sprite {
  const left = Math.max(0, burstsAt - tick);
  const period = left > 90 ? 30 : left > 40 ? 16 : 8;
  return left % period < period / 2 ? SPRITES.swollen : SPRITES.balloon;
}

function playerSprite(player: Player, tick: number): Sprite {
  if (player.downUntil > tick) return SPRITES.lying;
  return player.arrivesAt > tick && tick % 8 < 4 ? SPRITES.walking : SPRITES.player;
}

/** The upper left pixel of a player, between two cells while a step lasts. */
function placeOf(player: Player, tick: number): { left: number; top: number } {
  const whole = player.arrivesAt - player.leftAt;
  const done = whole === 0 ? 1 : Math.min(1, (tick - player.leftAt) / whole);
  const between = (from: number, to: number): number => Math.round((from + (to - from) * done) * CELL_PIXELS);
  return {
    left: between(columnOf(player.from), columnOf(player.cell)),
    top: between(rowOf(player.from), rowOf(player.cell)),
  };
}
