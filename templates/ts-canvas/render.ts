import type { Frame } from "echo-net";
import type game from "./rules.js";
import { HEIGHT, RADIUS, WIDTH } from "./rules.js";

const COLOURS = ["#7cb7ff", "#ffb36b", "#9fe3b4", "#e3a5ff", "#ffe27a", "#ff9c9c", "#8fe8e8", "#d0d4de"];
/** How long the ring of a coin that was taken is seen. */
const RING_FRAMES = 30;

interface Ring {
  readonly x: number;
  readonly y: number;
  readonly slot: number;
  age: number;
}

/** Draws one frame of one player's screen. It reads the game and changes nothing in it. */
export function render(context: CanvasRenderingContext2D, frame: Frame<typeof game>): void {
  const { previous, current, alpha, outputs, slot, width, height } = frame;
  context.scale(width / WIDTH, height / HEIGHT);
  context.fillStyle = "#10131a";
  context.fillRect(0, 0, WIDTH, HEIGHT);

  context.fillStyle = "#ffe27a";
  for (const { x, y } of current.coins) disc(context, x, y, 6);

  current.players.forEach((player, i) => {
    // Between two ticks: where it was, and so much of the way to where it is.
    const before = previous.players[i]!;
    context.fillStyle = COLOURS[i]!;
    disc(
      context,
      before.x + (player.x - before.x) * alpha,
      before.y + (player.y - before.y) * alpha,
      i === slot ? RADIUS : RADIUS - 2,
    );
    context.font = "14px system-ui";
    context.fillText(`${i === slot ? "you" : `player ${i}`}: ${player.score}`, 12 + 110 * i, 22);
  });

  // Effects come as predictions: what turns out never to have happened is taken back.
  frame.local.rings ??= new Map();
  const rings: Map<string, Ring> = frame.local.rings;
  for (const output of outputs) {
    if (output.type !== "effect") continue;
    if (output.phase === "predicted") rings.set(output.key, { ...output.data, age: output.ageTicks });
    if (output.phase === "cancelled") rings.delete(output.key);
  }
  for (const [key, ring] of rings) {
    context.strokeStyle = COLOURS[ring.slot]!;
    context.globalAlpha = 1 - ring.age / RING_FRAMES;
    context.beginPath();
    context.arc(ring.x, ring.y, 6 + ring.age, 0, 2 * Math.PI);
    context.stroke();
    if (++ring.age >= RING_FRAMES) rings.delete(key);
  }
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
