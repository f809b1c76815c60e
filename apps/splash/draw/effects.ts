import type { ShownEffect } from "../match/effects.js";
import { middleOf, type Point } from "../match/scene.js";
import { disc, type Pen } from "./pen.js";

const WORDS: Readonly<Record<string, string>> = {
  balloon: "+1 balloon",
  reach: "+1 reach",
  speed: "faster",
  boots: "boots",
};

/** Draws an effect; one that is only predicted is drawn like any other, one that was taken back fades. */
export function drawEffect(pen: Pen, effect: ShownEffect, places: readonly Point[]): void {
  const { canvas } = pen;
  canvas.save();
  canvas.globalAlpha = effect.strength;
  const { name, data } = effect;
  const place = places[data.slot] ?? middleOf(data.cell ?? 1);
  if (name === "burst") burst(pen, middleOf(data.cell), effect);
  else if (name === "soaked") soaked(pen, place, effect);
  else if (name === "taken") floating(pen, middleOf(data.cell), WORDS[data.kind] ?? "", effect);
  else if (name === "won") confetti(pen, place, effect);
  canvas.restore();
}

function burst({ canvas, palette }: Pen, { x, y }: Point, { progress, strength }: ShownEffect): void {
  const out = 1 - (1 - progress) ** 3;
  canvas.globalAlpha = strength * (1 - progress);
  canvas.strokeStyle = palette.water.light;
  canvas.lineWidth = 0.16 * (1 - progress);
  canvas.beginPath();
  canvas.arc(x, y, 0.3 + 0.75 * out, 0, 2 * Math.PI);
  canvas.stroke();
  canvas.fillStyle = palette.water.deep;
  for (let i = 0; i < 9; i++) {
    const angle = (i / 9) * 2 * Math.PI + 0.3;
    const far = 0.3 + 0.95 * out;
    disc(canvas, x + Math.cos(angle) * far, y + Math.sin(angle) * far, 0.1 * (1 - progress));
  }
}

function soaked(pen: Pen, { x, y }: Point, { data, progress, strength }: ShownEffect): void {
  const { canvas, palette } = pen;
  const out = 1 - (1 - progress) ** 2;
  canvas.globalAlpha = strength * (1 - progress) ** 0.7;
  for (let i = 0; i < 14; i++) {
    const angle = i * 2.4;
    const far = (0.25 + (i % 3) * 0.18) * (0.4 + 1.4 * out);
    canvas.fillStyle = i % 3 === 0 ? palette.players[data.slot % 4]! : palette.water.deep;
    disc(
      canvas,
      x + Math.cos(angle) * far,
      y + Math.sin(angle) * far - 0.5 * out + progress * progress,
      0.11 * (1 - progress * 0.7),
    );
  }
  if (data.by === data.slot) return;
  canvas.globalAlpha = strength * Math.min(1, 3 * (1 - progress));
  label(pen, "+1", x, y - 0.35 - 0.7 * out, palette.players[data.by % 4]!);
}

function floating(pen: Pen, { x, y }: Point, text: string, { progress, strength }: ShownEffect): void {
  const { canvas, palette } = pen;
  canvas.globalAlpha = strength * Math.min(1, 3 * (1 - progress));
  label(pen, text, x, y - 0.4 - 0.6 * progress, palette.ink, 0.34);
}

function label(
  { canvas, palette }: Pen,
  text: string,
  x: number,
  y: number,
  colour: string,
  size = 0.5,
): void {
  canvas.font = `700 ${size}px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.lineJoin = "round";
  canvas.lineWidth = size * 0.28;
  canvas.strokeStyle = palette.card;
  canvas.strokeText(text, x, y);
  canvas.fillStyle = colour;
  canvas.fillText(text, x, y);
}

function confetti(
  { canvas, palette }: Pen,
  { x, y }: Point,
  { data, progress, strength }: ShownEffect,
): void {
  canvas.globalAlpha = strength * Math.min(1, 4 * (1 - progress));
  for (let i = 0; i < 40; i++) {
    const angle = i * 2.39996;
    const far = (0.5 + (i % 7) * 0.45) * Math.min(1, progress * 3);
    const fall = 3.2 * progress * progress;
    canvas.fillStyle = palette.players[(i % 3 === 0 ? i : data.slot) % 4]!;
    canvas.save();
    canvas.translate(x + Math.cos(angle) * far, y + Math.sin(angle) * far * 0.8 + fall);
    canvas.rotate(progress * 9 + i);
    canvas.fillRect(-0.07, -0.04, 0.14, 0.08);
    canvas.restore();
  }
}
