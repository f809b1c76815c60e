/** A match as a picture for the README: the board at one tick, and what each peer made of it. */
import { createTestMatch } from "echo-net/testing";
import splash from "./game.js";
import { type Picture, PLAYER_COLOURS, paint } from "./paint.js";
import type { Splash } from "./state.js";

const PIXEL = 8;
const MARGIN = 16;
const WIDTH = 860;

/** Plays four bots over a mobile network for so many ticks, and draws the last of them as SVG. */
export function pictureOfMatch(seed: number, ticks: number): string {
  const match = createTestMatch(splash, { peers: 4, seed, net: "mobile", inputDelayTicks: 2, ticks });
  match.runToEnd();
  match.assertAgreed();
  const [first] = match.peers;
  const board = paint(first!.session.view().current as Splash);
  const lines: Line[] = [
    { text: `Four peers, one match, tick ${first!.finalTick}`, size: 20, colour: "#fff" },
    { text: "100 ± 30 ms each way, 20 % of all datagrams lost", size: 13, colour: "#999" },
  ];
  for (const peer of match.peers) {
    const { rollbacks, resimulatedTicks } = peer;
    lines.push(
      { text: `peer ${peer.number}`, size: 15, colour: cssOf(PLAYER_COLOURS[peer.slot]!), gap: 14 },
      { text: `${rollbacks} rollbacks, ${resimulatedTicks} ticks run again`, size: 13, colour: "#ccc" },
      { text: `state ${peer.finalHash!.slice(0, 32)}…`, size: 13, colour: "#8c8" },
    );
  }
  return svgOf(board, lines);
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  /** Room above it, beyond the ordinary. */
  readonly gap?: number;
}

function svgOf({ width, height, pixels }: Picture, lines: readonly Line[]): string {
  const parts: string[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0, end = 0; x < width; x = end) {
      const colour = pixels[y * width + x]!;
      for (end = x + 1; end < width && pixels[y * width + end] === colour; end++);
      parts.push(
        `<path fill="${cssOf(colour)}" d="M${MARGIN + x * PIXEL} ${MARGIN + y * PIXEL}h${(end - x) * PIXEL}v${PIXEL}h-${(end - x) * PIXEL}z"/>`,
      );
    }
  }
  let baseline = MARGIN + 8;
  for (const { text, size, colour, gap = 0 } of lines) {
    baseline += size + 6 + gap;
    parts.push(
      `<text x="${2 * MARGIN + width * PIXEL}" y="${baseline}" font-size="${size}" fill="${colour}">${text}</text>`,
    );
  }
  const total = height * PIXEL + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" font-family="ui-monospace, Menlo, Consolas, monospace" shape-rendering="crispEdges">`,
    "<title>A board of Splash, and what each of four peers made of the match</title>",
    `<rect width="${WIDTH}" height="${total}" rx="8" fill="#16181c"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** One of the terminal's 256 colours, beyond the first 16, as CSS. */
function cssOf(colour: number): string {
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);
  const hex = (...levels: number[]): string =>
    `#${levels.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
  if (colour >= 232) return hex(...new Array<number>(3).fill(8 + 10 * (colour - 232)));
  const cube = colour - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}
