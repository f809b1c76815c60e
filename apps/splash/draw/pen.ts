import type { Palette } from "./palette.js";

/** What all that draws is handed: a canvas whose unit is a cell, and how it looks. */
export interface Pen {
  readonly canvas: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  readonly palette: Palette;
  /** Pixels of the screen along a cell's edge. */
  readonly cell: number;
  /** For what moves by itself, in milliseconds; stands still for who wants it so. */
  readonly nowMs: number;
}

/** How far a block's front shows below its top, in cells. */
const DEPTH = 0.14;

/** A block with rounded corners that stands a little out of the floor. */
export function block({ canvas }: Pen, x: number, y: number, top: string, side: string, gap = 0.04): void {
  const width = 1 - 2 * gap;
  canvas.fillStyle = side;
  round(canvas, x + gap, y + gap, width, width, 0.18);
  canvas.fillStyle = top;
  round(canvas, x + gap, y + gap, width, width - DEPTH, 0.18);
}

export function round(
  canvas: Pen["canvas"],
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  canvas.beginPath();
  canvas.roundRect(x, y, width, height, radius);
  canvas.fill();
}

export function disc(canvas: Pen["canvas"], x: number, y: number, radius: number): void {
  canvas.beginPath();
  canvas.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI);
  canvas.fill();
}

export function shadow({ canvas, palette }: Pen, x: number, y: number, radius: number): void {
  canvas.fillStyle = palette.shade;
  canvas.beginPath();
  canvas.ellipse(x, y, radius, radius * 0.42, 0, 0, 2 * Math.PI);
  canvas.fill();
}

/** A player's mark, for who tells shapes apart better than colours: disc, triangle, square, diamond. */
export function mark(canvas: Pen["canvas"], slot: number, x: number, y: number, size: number): void {
  canvas.beginPath();
  if (slot % 4 === 0) canvas.arc(x, y, size * 0.9, 0, 2 * Math.PI);
  else if (slot % 4 === 1) {
    canvas.moveTo(x, y - size);
    canvas.lineTo(x + size, y + size * 0.8);
    canvas.lineTo(x - size, y + size * 0.8);
  } else if (slot % 4 === 2) canvas.rect(x - size * 0.82, y - size * 0.82, size * 1.64, size * 1.64);
  else {
    canvas.moveTo(x, y - size * 1.15);
    canvas.lineTo(x + size * 1.05, y);
    canvas.lineTo(x, y + size * 1.15);
    canvas.lineTo(x - size * 1.05, y);
  }
  canvas.closePath();
  canvas.fill();
}
