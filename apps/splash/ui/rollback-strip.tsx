import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Meters, STRIP_TICKS } from "../match/meters.js";

/** Ticks that a rollback goes back at most: the match's window. */
const DEEPEST = 8;

/** How deep the rollbacks of the last seconds were, a bar for each tick that one reached. */
export function RollbackStrip({ meters }: { meters: Meters }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    let request = requestAnimationFrame(function frame() {
      request = requestAnimationFrame(frame);
      draw(element, meters);
    });
    return () => cancelAnimationFrame(request);
  }, [meters]);
  return (
    <figure class="strip">
      <figcaption>
        <span>Rollback depth</span>
        <span>last 5 s, up to {DEEPEST} ticks</span>
      </figcaption>
      <canvas ref={canvas} role="img" aria-label="Depth of each rollback of the last five seconds" />
    </figure>
  );
}

function draw(element: HTMLCanvasElement, { strip, stripTick }: Meters): void {
  const width = Math.round(element.clientWidth * devicePixelRatio);
  const height = Math.round(element.clientHeight * devicePixelRatio);
  if (element.width !== width) element.width = width;
  if (element.height !== height) element.height = height;
  const canvas = element.getContext("2d")!;
  const style = getComputedStyle(element);
  canvas.clearRect(0, 0, width, height);
  canvas.fillStyle = style.getPropertyValue("--line");
  for (const depth of [2, 4, 6]) canvas.fillRect(0, Math.round(height * (1 - depth / DEEPEST)), width, 1);
  const step = width / STRIP_TICKS;
  for (let i = 0; i < STRIP_TICKS; i++) {
    const tick = stripTick - STRIP_TICKS + 1 + i;
    const depth = tick < 0 ? 0 : strip[tick % STRIP_TICKS]!;
    if (depth === 0) continue;
    const tall = Math.max(2, (Math.min(depth, DEEPEST) / DEEPEST) * height);
    canvas.fillStyle = style.getPropertyValue(depth >= 6 ? "--bad" : depth >= 4 ? "--warn" : "--accent");
    canvas.fillRect(i * step, height - tall, Math.max(1.5, step - 0.5), tall);
  }
}
