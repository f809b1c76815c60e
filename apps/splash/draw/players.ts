import { type Facing, type Player, type Point, WIDTH } from "../match/scene.js";
import { RIM_HIDDEN } from "./board.js";
import { disc, mark, type Pen, round, shadow } from "./pen.js";

const LOOK: Readonly<Record<Facing, readonly [x: number, y: number]>> = {
  up: [0, -1],
  right: [1, 0],
  down: [0, 1],
  left: [-1, 0],
};

export function drawPlayer(pen: Pen, player: Player, place: Point, tick: number, isOwn: boolean): void {
  if (!player.alive) return;
  const { canvas, palette } = pen;
  const walks = player.arrives_at > tick && player.cell !== player.from;
  const lies = player.down_until > tick;
  const bob = walks ? Math.abs(Math.sin(tick * 0.42)) * 0.07 : 0;
  const { x } = place;
  const y = place.y - 0.08 - bob;
  shadow(pen, x, place.y + 0.33, 0.3);
  if (isOwn) ring(pen, x, place.y + 0.33, palette.players[player.slot % 4]!);
  canvas.save();
  canvas.translate(x, y);
  if (lies) canvas.scale(1.2, 0.62);
  const colour = palette.players[player.slot % 4]!;
  feet(pen, tick, walks);
  canvas.fillStyle = colour;
  body(canvas);
  canvas.fillStyle = "rgb(255 255 255 / 0.22)";
  canvas.beginPath();
  canvas.ellipse(-0.13, -0.2, 0.1, 0.14, 0.6, 0, 2 * Math.PI);
  canvas.fill();
  face(canvas, player.facing, tick + player.slot * 37);
  if (player.facing !== "up") {
    canvas.fillStyle = "rgb(255 255 255 / 0.92)";
    mark(canvas, player.slot, 0, 0.19, 0.065);
  }
  canvas.restore();
  if (player.shielded_until > tick) shield(pen, x, y, player.shielded_until - tick);
}

/** A drop: round below, a soft tip above. */
function body(canvas: Pen["canvas"]): void {
  canvas.beginPath();
  canvas.moveTo(0.02, -0.5);
  canvas.bezierCurveTo(0.12, -0.34, 0.36, -0.2, 0.36, 0.06);
  canvas.bezierCurveTo(0.36, 0.28, 0.2, 0.38, 0, 0.38);
  canvas.bezierCurveTo(-0.2, 0.38, -0.36, 0.28, -0.36, 0.06);
  canvas.bezierCurveTo(-0.36, -0.18, -0.1, -0.34, 0.02, -0.5);
  canvas.fill();
}

function feet({ canvas, palette }: Pen, tick: number, walks: boolean): void {
  const stride = walks ? Math.sin(tick * 0.42) * 0.06 : 0;
  canvas.fillStyle = palette.ink;
  canvas.globalAlpha = 0.75;
  round(canvas, -0.22, 0.31 + stride, 0.17, 0.12, 0.06);
  round(canvas, 0.05, 0.31 - stride, 0.17, 0.12, 0.06);
  canvas.globalAlpha = 1;
}

function face(canvas: Pen["canvas"], facing: Facing, tick: number): void {
  if (facing === "up") return;
  const [dx] = LOOK[facing];
  const blinks = tick % 190 < 7;
  const [cx, cy] = [dx * 0.12, -0.06];
  for (const side of [-1, 1]) {
    const ex = cx + side * 0.115;
    canvas.fillStyle = "#fff";
    canvas.beginPath();
    canvas.ellipse(ex, cy, 0.085, blinks ? 0.015 : 0.105, 0, 0, 2 * Math.PI);
    canvas.fill();
    if (blinks) continue;
    canvas.fillStyle = "#14202b";
    disc(canvas, ex + dx * 0.03, cy + (facing === "down" ? 0.025 : 0), 0.05);
  }
}

function ring({ canvas }: Pen, x: number, y: number, colour: string): void {
  canvas.strokeStyle = colour;
  canvas.lineWidth = 0.07;
  canvas.beginPath();
  canvas.ellipse(x, y, 0.42, 0.19, 0, 0, 2 * Math.PI);
  canvas.stroke();
}

function shield({ canvas, palette, nowMs }: Pen, x: number, y: number, leftTicks: number): void {
  canvas.save();
  canvas.globalAlpha = Math.min(1, leftTicks / 20) * 0.9;
  canvas.strokeStyle = palette.water.deep;
  canvas.lineWidth = 0.06;
  canvas.setLineDash([0.16, 0.12]);
  canvas.lineDashOffset = -nowMs / 700;
  canvas.beginPath();
  canvas.arc(x, y, 0.52, 0, 2 * Math.PI);
  canvas.stroke();
  canvas.restore();
}

/** What a player calls out, in a bubble above the head, all of it on the screen. */
export function drawWord(pen: Pen, player: Player, place: Point, tick: number): void {
  if (player.word_until <= tick || player.word === "" || !player.alive) return;
  const { canvas, palette } = pen;
  canvas.save();
  canvas.globalAlpha = Math.min(1, (player.word_until - tick) / 12);
  canvas.font = `600 0.36px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  const width = canvas.measureText(player.word).width + 0.4;
  const [left, right] = [RIM_HIDDEN + width / 2 + 0.04, WIDTH - RIM_HIDDEN - width / 2 - 0.04];
  const x = Math.min(right, Math.max(left, place.x));
  const y = Math.max(RIM_HIDDEN + 0.34, place.y - 0.95);
  canvas.fillStyle = palette.card;
  round(canvas, x - width / 2, y - 0.3, width, 0.6, 0.3);
  canvas.fillStyle = palette.ink;
  canvas.fillText(player.word, x, y + 0.02);
  canvas.restore();
}
