/**
 * Orbits: ships around a star, for 2 to 8 players. Its whole state is numbers in one arena, so saving a tick is one
 * copy of memory; what Math computes differently from engine to engine comes from `echo-net/math`.
 */
import { defineGame, event, t } from "echo-net";
import { atan2, cos, sin } from "echo-net/math";

const TICK_HZ = 60;
/** The world is a square of this width around the star; who leaves it comes in at the other side. */
const WIDTH = 200;
const GRAVITY = 900;
/** Nearer than this the star swallows a ship, which begins anew. */
const STAR_RADIUS = 6;
const THRUST = 12;
/** A full turn, as events spell angles. */
const FULL_TURN = 256;
const SHIP_STRIDE = 4;
const TURN = 2 * Math.PI;

/** A device's wish, or the bot's: an angle in 256ths of a turn and whether the engine burns. */
export interface Helm {
  readonly angle: number;
  readonly burns: boolean;
}

export interface Orbits {
  /** Four numbers a ship: x, y, and their change in a second. */
  readonly ships: Float64Array;
  /** How often the star got each ship. */
  readonly falls: Uint32Array;
  /** Angle and engine of each ship in this tick; the engine is off again in the next. */
  readonly angles: Uint8Array;
  readonly burning: Uint8Array;
}

function launch(state: Orbits, slot: number, angle: number): void {
  const radius = 60 + 4 * slot;
  const speed = Math.sqrt(GRAVITY / radius);
  state.ships.set(
    [radius * cos(angle), radius * sin(angle), -speed * sin(angle), speed * cos(angle)],
    slot * SHIP_STRIDE,
  );
}

function fly(state: Orbits, slot: number): void {
  const { ships } = state;
  const at = slot * SHIP_STRIDE;
  const x = ships[at]!;
  const y = ships[at + 1]!;
  const radius = radiusOf(state, slot);
  const pull = GRAVITY / (radius * radius * radius);
  const angle = (state.angles[slot]! / FULL_TURN) * TURN;
  const thrust = state.burning[slot]! * THRUST;
  ships[at + 2] = ships[at + 2]! + (thrust * cos(angle) - pull * x) / TICK_HZ;
  ships[at + 3] = ships[at + 3]! + (thrust * sin(angle) - pull * y) / TICK_HZ;
  ships[at] = wrap(x + ships[at + 2]! / TICK_HZ);
  ships[at + 1] = wrap(y + ships[at + 3]! / TICK_HZ);
}

function wrap(position: number): number {
  if (position >= WIDTH / 2) return position - WIDTH;
  return position < -WIDTH / 2 ? position + WIDTH : position;
}

function radiusOf({ ships }: Orbits, slot: number): number {
  const x = ships[slot * SHIP_STRIDE]!;
  const y = ships[slot * SHIP_STRIDE + 1]!;
  return Math.sqrt(x * x + y * y);
}

export default defineGame({
  name: "orbits",
  version: "1",
  tickHz: TICK_HZ,

  events: {
    helm: event({ angle: t.u8, burns: t.bool }, { predict: "repeat" }),
  },
  effects: {
    fell: { slot: t.u8 },
  },

  setup: ({ slots, arena }): Orbits => {
    const state = {
      ships: arena.f64(slots.length * SHIP_STRIDE),
      falls: arena.u32(slots.length),
      angles: arena.u8(slots.length),
      burning: arena.u8(slots.length),
    };
    for (const slot of slots) launch(state, slot, (slot / slots.length) * TURN);
    return state;
  },

  on: {
    helm: (state, { slot, payload }) => {
      state.angles[slot] = payload.angle;
      state.burning[slot] = payload.burns ? 1 : 0;
    },
  },

  step: (state, ctx) => {
    for (let slot = 0; slot < state.falls.length; slot++) {
      fly(state, slot);
      if (radiusOf(state, slot) >= STAR_RADIUS) continue;
      state.falls[slot] = state.falls[slot]! + 1;
      ctx.effect("fell", { slot });
      launch(state, slot, ctx.random.unit() * TURN);
    }
    state.burning.fill(0);
  },

  input: (helm: Helm | undefined, emit, state, slot, ctx) => {
    emit("helm", helm ?? botHelm(state, slot, ctx.chronos));
  },
});

/** The bot burns along its way for a second, then coasts for two; when it comes too near it burns outwards. */
function botHelm(state: Orbits, slot: number, chronos: number): Helm {
  const at = slot * SHIP_STRIDE;
  const [x, y, dx, dy] = state.ships.subarray(at, at + SHIP_STRIDE) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const isNear = radiusOf(state, slot) < 4 * STAR_RADIUS;
  const heading = isNear ? atan2(y, x) : atan2(dy, dx);
  const angle = Math.round((heading / TURN) * FULL_TURN + FULL_TURN) % FULL_TURN;
  return { angle, burns: isNear || (chronos + 40 * slot) % (3 * TICK_HZ) < TICK_HZ };
}

/** The world as text, 60 by 30 characters: the star, and each ship by its slot. */
export function draw(state: Orbits): string {
  const columns = 60;
  const rows = 30;
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(" "));
  const put = (x: number, y: number, text: string): void => {
    const column = Math.floor(((x + WIDTH / 2) / WIDTH) * columns);
    const row = Math.floor(((y + WIDTH / 2) / WIDTH) * rows);
    const line = grid[row];
    if (line !== undefined && column >= 0 && column < columns) line[column] = text;
  };
  put(0, 0, "\x1b[93m*\x1b[0m");
  for (let slot = 0; slot < state.falls.length; slot++) {
    const at = slot * SHIP_STRIDE;
    put(state.ships[at]!, state.ships[at + 1]!, `\x1b[${91 + (slot % 6)}m${slot}\x1b[0m`);
  }
  const falls = `falls: ${Array.from(state.falls, (count, slot) => `${slot}: ${count}`).join("   ")}`;
  return [...grid.map((line) => line.join("")), falls].join("\n");
}
