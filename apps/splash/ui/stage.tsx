import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Painter } from "../draw/painter.js";
import type { Hands } from "../match/device.js";
import type { Match } from "../match/match.js";

const NO_HANDS = { x: 0, y: 0, drop: false, take: false };

/** The board, drawn anew in every frame of the screen. */
export function Stage(props: {
  match: Match;
  hands?: Hands;
  label: string;
  /** Nothing moves: one frame is all. */
  isStill?: boolean;
}): JSX.Element {
  const { match, hands, label, isStill = false } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const painter = new Painter(canvas.current!);
    let request = requestAnimationFrame(function frame(nowMs) {
      if (!isStill) request = requestAnimationFrame(frame);
      painter.draw(match.frame(nowMs, hands?.read() ?? NO_HANDS), match.player, nowMs);
    });
    return () => {
      cancelAnimationFrame(request);
      painter.close();
    };
  }, [match, hands, isStill]);
  return <canvas ref={canvas} class="stage" role="img" aria-label={label} />;
}
