import type { Balloon, Pickup } from "../match/scene.js";
import { middleOf } from "../match/scene.js";
import { disc, type Pen, round, shadow } from "./pen.js";

/** Pickups are light in the dark too: they are there to be seen. */
const TILE = "#fffefb";
const SIGN = "#17232f";

export function drawBalloon(pen: Pen, balloon: Balloon, tick: number): void {
  const { canvas, palette } = pen;
  const { x, y } = middleOf(balloon.cell);
  const span = balloon.bursts_at - balloon.dropped_at;
  const burnt = Math.max(0, Math.min(1, (tick - balloon.dropped_at) / span));
  // It breathes, faster and fuller as its fuse gets short.
  const breath = Math.sin(burnt * burnt * span * 0.45) * (0.02 + 0.035 * burnt);
  const grown = Math.min(1, (tick - balloon.dropped_at + 2) / 8);
  const radius = (0.33 + breath + 0.04 * burnt) * grown;
  shadow(pen, x, y + 0.36, radius * 0.95);
  canvas.fillStyle = palette.players[balloon.owner % 4]!;
  disc(canvas, x, y, radius);
  round(canvas, x - 0.06, y - radius - 0.07, 0.12, 0.12, 0.04);
  canvas.fillStyle = "rgb(255 255 255 / 0.55)";
  canvas.beginPath();
  canvas.ellipse(x - radius * 0.38, y - radius * 0.42, radius * 0.26, radius * 0.16, -0.7, 0, 2 * Math.PI);
  canvas.fill();
  canvas.strokeStyle = "rgb(255 255 255 / 0.9)";
  canvas.lineWidth = 0.06;
  canvas.lineCap = "round";
  canvas.beginPath();
  canvas.arc(x, y, radius * 0.66, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * (1 - burnt));
  canvas.stroke();
}

export function drawPickup(pen: Pen, { cell, kind }: Pickup): void {
  const { canvas, nowMs } = pen;
  const middle = middleOf(cell);
  const x = middle.x;
  const y = middle.y + 0.03 * Math.sin(nowMs / 300 + cell);
  shadow(pen, x, middle.y + 0.32, 0.24);
  canvas.fillStyle = TILE;
  round(canvas, x - 0.31, y - 0.31, 0.62, 0.62, 0.2);
  canvas.strokeStyle = SIGN;
  canvas.fillStyle = SIGN;
  canvas.lineWidth = 0.07;
  canvas.lineCap = "round";
  canvas.lineJoin = "round";
  canvas.beginPath();
  if (kind === "balloon") {
    disc(canvas, x, y + 0.02, 0.14);
    round(canvas, x - 0.03, y - 0.18, 0.06, 0.08, 0.02);
    return;
  }
  if (kind === "reach") {
    for (const [dx, dy] of [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ] as const) {
      canvas.moveTo(x + dx * 0.05, y + dy * 0.05);
      canvas.lineTo(x + dx * 0.19, y + dy * 0.19);
    }
  } else if (kind === "speed") {
    for (const dx of [-0.12, 0.06]) {
      canvas.moveTo(x + dx - 0.03, y - 0.13);
      canvas.lineTo(x + dx + 0.09, y);
      canvas.lineTo(x + dx - 0.03, y + 0.13);
    }
  } else {
    canvas.moveTo(x - 0.08, y - 0.17);
    canvas.lineTo(x - 0.08, y + 0.13);
    canvas.lineTo(x + 0.16, y + 0.13);
    canvas.lineTo(x + 0.12, y + 0.02);
    canvas.lineTo(x + 0.02, y - 0.02);
    canvas.lineTo(x + 0.02, y - 0.17);
    canvas.closePath();
  }
  canvas.stroke();
}
