import { HEIGHT, type Scene, WALL, WIDTH } from "../match/scene.js";
import { block, disc, type Pen, round } from "./pen.js";

/** Ticks that water stands. */
const WATER_TICKS = 36;

/** Of the wall around the board so much is not shown, in cells: nothing happens there. */
export const RIM_HIDDEN = 0.5;

/** The wall around the board. */
export const isRim = (x: number, y: number): boolean =>
  x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1;

/** What never changes: the floor, the wall around it, and what that casts on the floor. */
export function drawGround({ canvas, palette }: Pen): void {
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      canvas.fillStyle = isRim(x, y) ? palette.rim : palette.floor[(x + y) % 2]!;
      // A hair more than a cell, so that no seam shows between two.
      canvas.fillRect(x, y, 1.01, 1.01);
    }
  }
  canvas.strokeStyle = palette.shade;
  canvas.lineWidth = 0.12;
  canvas.beginPath();
  canvas.roundRect(1.06, 1.06, WIDTH - 2.12, HEIGHT - 2.12, 0.12);
  canvas.stroke();
}

export function drawWater(pen: Pen, { water }: Scene, tick: number): void {
  const { canvas, palette, nowMs } = pen;
  for (const [index, until] of water.entries()) {
    const left = until - tick;
    if (left <= 0) continue;
    const [x, y] = [index % WIDTH, Math.floor(index / WIDTH)];
    const age = WATER_TICKS - left;
    // It comes in fast and dries slowly.
    const fill = Math.min(1, Math.max(0.2, age / 4)) * Math.min(1, left / 12);
    const margin = 0.5 * (1 - fill) + 0.01;
    canvas.globalAlpha = 0.35 + 0.65 * Math.min(1, left / 10);
    canvas.fillStyle = palette.water.deep;
    round(canvas, x + margin, y + margin, 1 - 2 * margin, 1 - 2 * margin, 0.3 * fill);
    canvas.fillStyle = palette.water.light;
    const sway = 0.08 * Math.sin(nowMs / 160 + index);
    disc(canvas, x + 0.36 + sway, y + 0.38, 0.13 * fill);
    disc(canvas, x + 0.66 - sway, y + 0.66, 0.08 * fill);
  }
  canvas.globalAlpha = 1;
}

export function drawBlock(pen: Pen, kind: number, x: number, y: number): void {
  const { canvas, palette } = pen;
  if (kind === WALL) {
    block(pen, x, y, palette.wall.top, palette.wall.side, 0.02);
    return;
  }
  const { top, side, line } = palette.crate;
  block(pen, x, y, top, side, 0.06);
  canvas.strokeStyle = line;
  canvas.lineWidth = 0.05;
  canvas.lineCap = "round";
  canvas.beginPath();
  for (const at of [0.32, 0.58]) {
    canvas.moveTo(x + 0.2, y + at);
    canvas.lineTo(x + 0.8, y + at);
  }
  canvas.stroke();
}
