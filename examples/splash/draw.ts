import { PLAYER_COLOURS, paint } from "./paint.js";
import { isInPlay, type Player, POINTS_TO_WIN, type Splash } from "./state.js";

const RESET = "\x1b[0m";
const ink = (colour: number, text: string): string => `\x1b[38;5;${colour}m${text}${RESET}`;

/** The state as 22 lines of coloured text, 80 columns wide at most: the board and, beside it, how players stand. */
export function draw(state: Splash): string {
  const { width, height, pixels } = paint(state);
  const beside = scoresOf(state);
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    const upper = pixels.subarray(y * width, (y + 1) * width);
    const lower = pixels.subarray((y + 1) * width, (y + 2) * width);
    lines.push(`${halfBlocks(upper, lower)}  ${beside[y / 2] ?? ""}`);
  }
  return lines.join("\n");
}

/** Two rows of pixels as one line: each character shows its foreground above its background. */
function halfBlocks(upper: Uint8Array, lower: Uint8Array): string {
  let line = "";
  let colours = "";
  for (const [x, above] of upper.entries()) {
    const wanted = `\x1b[38;5;${above};48;5;${lower[x]}m`;
    if (wanted !== colours) line += wanted;
    colours = wanted;
    line += "▀";
  }
  return line + RESET;
}

function scoresOf(state: Splash): string[] {
  const seconds = (state.tick / 60).toFixed(1);
  const lines = [`round ${state.round}   ${seconds} s`, ""];
  for (const player of state.players) {
    const points = "●".repeat(Math.min(POINTS_TO_WIN, player.points)).padEnd(POINTS_TO_WIN, "○");
    const wins = player.wins === 0 ? "" : ` won ${player.wins}`;
    lines.push(ink(PLAYER_COLOURS[player.slot]!, `■ ${player.slot} ${points}${wins}`));
    lines.push(` ${newsOf(player, state) ?? gearOf(player)}`);
    if (state.players.length <= 4) lines.push("");
  }
  return lines;
}

function newsOf(player: Player, state: Splash): string | undefined {
  if (state.nextRoundAt !== 0 && player.points >= POINTS_TO_WIN) return "wins!";
  if (player.wordUntil > state.tick) return player.word;
  return isInPlay(player) ? undefined : "soaked";
}

const gearOf = ({ balloons, reach, boots }: Player): string =>
  `${balloons} balloons, reach ${reach}${boots ? ", boots" : ""}`;
