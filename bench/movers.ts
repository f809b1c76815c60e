/** One small game in three hands: things that move and turn round at the walls, in Lua and in TypeScript. */
import { type DefinedGame, defineGame } from "echo-net";

export const WIDTH = 640;
export const HEIGHT = 360;
const PARTS = 4;

/** In Lua every thing is an entity with a script of its own. */
export const moversInLua = (count: number): Record<string, string> => ({
  "world.lua": `for i = 1, ${count} do
      echo.spawn("mover", { x = i % ${WIDTH} * 1.0, y = i % ${HEIGHT} * 1.0, vx = 1 + i % 7 * 0.25, vy = 1 - i % 5 * 0.5 })
    end`,
  "player.lua": "",
  "mover.lua": `function on_tick()
      local self = self
      local x, y = self.x + self.vx, self.y + self.vy
      if x < 0 or x > ${WIDTH} then self.vx = -self.vx end
      if y < 0 or y > ${HEIGHT} then self.vy = -self.vy end
      self.x, self.y = x, y
    end`,
});

/** x, y, vx, vy of a thing; they count from 1, as in Lua. */
const bornAt = (i: number): [x: number, y: number, vx: number, vy: number] => [
  i % WIDTH,
  i % HEIGHT,
  1 + (i % 7) * 0.25,
  1 - (i % 5) * 0.5,
];

interface Mover {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** State as plain objects. */
export const moversInObjects = (count: number): DefinedGame<any, any, any, any> =>
  defineGame({
    name: "movers",
    version: "1",
    tickHz: 60,
    events: {},
    setup: (): { movers: Mover[] } => ({
      movers: Array.from({ length: count }, (_, i) => {
        const [x, y, vx, vy] = bornAt(i + 1);
        return { x, y, vx, vy };
      }),
    }),
    on: {},
    step: ({ movers }) => {
      for (const mover of movers) {
        const [x, y] = [mover.x + mover.vx, mover.y + mover.vy];
        if (x < 0 || x > WIDTH) mover.vx = -mover.vx;
        if (y < 0 || y > HEIGHT) mover.vy = -mover.vy;
        mover.x = x;
        mover.y = y;
      }
    },
  });

/** State in one typed view. */
export const moversInArena = (count: number): DefinedGame<any, any, any, any> =>
  defineGame({
    name: "movers-arena",
    version: "1",
    tickHz: 60,
    events: {},
    setup: ({ arena }): { cells: Float64Array } => {
      const cells = arena.f64(count * PARTS);
      for (let i = 0; i < count; i++) cells.set(bornAt(i + 1), i * PARTS);
      return { cells };
    },
    on: {},
    step: ({ cells }) => {
      for (let at = 0; at < cells.length; at += PARTS) {
        const x = cells[at]! + cells[at + 2]!;
        const y = cells[at + 1]! + cells[at + 3]!;
        if (x < 0 || x > WIDTH) cells[at + 2] = -cells[at + 2]!;
        if (y < 0 || y > HEIGHT) cells[at + 3] = -cells[at + 3]!;
        cells[at] = x;
        cells[at + 1] = y;
      }
    },
  });

/** Places of all things after `ticks` ticks, computed by itself: what each of the three must come to. */
export function placesAfter(count: number, ticks: number): readonly [x: number, y: number][] {
  return Array.from({ length: count }, (_, i) => {
    let [x, y, vx, vy] = bornAt(i + 1);
    for (let tick = 0; tick < ticks; tick++) {
      x += vx;
      y += vy;
      if (x < 0 || x > WIDTH) vx = -vx;
      if (y < 0 || y > HEIGHT) vy = -vy;
    }
    return [x, y];
  });
}
