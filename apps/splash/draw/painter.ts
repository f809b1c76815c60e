import type { Picture } from "../match/match.js";
import { FREE, HEIGHT, WIDTH } from "../match/scene.js";
import { drawBlock, drawGround, drawWater, isRim, RIM_HIDDEN } from "./board.js";
import { drawEffect } from "./effects.js";
import { type Palette, readPalette } from "./palette.js";
import type { Pen } from "./pen.js";
import { drawPlayer, drawWord } from "./players.js";
import { drawBalloon, drawPickup } from "./things.js";

/** A canvas that shows a match, as sharp as the screen is. */
export class Painter {
  readonly #element: HTMLCanvasElement;
  readonly #canvas: CanvasRenderingContext2D;
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #resizing: ResizeObserver;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  #palette: Palette | undefined;
  #ground: OffscreenCanvas | undefined;
  #cell = 1;

  constructor(element: HTMLCanvasElement) {
    this.#element = element;
    this.#canvas = element.getContext("2d", { alpha: false })!;
    this.#resizing = new ResizeObserver(() => this.#fit());
    this.#resizing.observe(element);
    this.#scheme.addEventListener("change", this.#repaint);
    addEventListener("scheme", this.#repaint);
    this.#fit();
  }

  close(): void {
    this.#resizing.disconnect();
    this.#scheme.removeEventListener("change", this.#repaint);
    removeEventListener("scheme", this.#repaint);
  }

  draw({ frame, effects }: Picture, own: number | undefined, nowMs: number): void {
    this.#palette ??= readPalette(this.#element);
    const { scene, tick, places } = frame;
    const canvas = this.#canvas;
    const time = this.#stillness.matches ? 0 : nowMs;
    const pen: Pen = { canvas, palette: this.#palette, cell: this.#cell, nowMs: time };
    const shift = -RIM_HIDDEN * this.#cell;
    canvas.setTransform(this.#cell, 0, 0, this.#cell, shift, shift);
    this.#drawGround(pen);
    drawWater(pen, scene, tick);
    for (const pickup of scene.pickups) drawPickup(pen, pickup);
    // From the back to the front: who stands below hides who stands above.
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const kind = scene.board[y * WIDTH + x]!;
        if (kind !== FREE && !isRim(x, y)) drawBlock(pen, kind, x, y);
      }
      for (const balloon of scene.balloons) {
        if (Math.floor((balloon.cell - 1) / WIDTH) === y) drawBalloon(pen, balloon, tick);
      }
      for (const player of scene.players) {
        const place = places[player.slot]!;
        if (Math.floor(place.y) === y) drawPlayer(pen, player, place, tick, player.slot === own);
      }
    }
    for (const effect of effects) drawEffect(pen, effect, places);
    for (const player of scene.players) drawWord(pen, player, places[player.slot]!, tick);
  }

  /** What never changes is drawn once for each size and scheme, and copied from then on. */
  #drawGround(pen: Pen): void {
    const { width, height } = this.#element;
    if (this.#ground === undefined) {
      this.#ground = new OffscreenCanvas(width, height);
      const canvas = this.#ground.getContext("2d", { alpha: false })!;
      canvas.setTransform(pen.canvas.getTransform());
      drawGround({ ...pen, canvas });
    }
    pen.canvas.save();
    pen.canvas.resetTransform();
    pen.canvas.drawImage(this.#ground, 0, 0);
    pen.canvas.restore();
  }

  readonly #repaint = (): void => {
    this.#palette = undefined;
    this.#ground = undefined;
  };

  /** Whole pixels of the screen for each cell, so that edges are sharp. */
  #fit(): void {
    const { clientWidth } = this.#element;
    const across = WIDTH - 2 * RIM_HIDDEN;
    // An even number, since half a cell is hidden.
    this.#cell = Math.max(8, 2 * Math.floor((clientWidth * devicePixelRatio) / across / 2));
    this.#ground = undefined;
    this.#element.width = this.#cell * across;
    this.#element.height = this.#cell * (HEIGHT - 2 * RIM_HIDDEN);
  }
}
