// What `echo-net simulate examples/splash-lua --watch` shows: the view as lines of coloured text. It is no part of the
// game, and sees what every renderer sees.

const WIDTH = 15;
const PLAYERS = [203, 75, 221, 114, 213, 215, 80, 255];
const PICKUPS = { balloon: "()", reach: "++", speed: ">>", boots: "bb" };
const RESET = "\x1b[0m";

/** A cell is two characters wide, which makes it about square. */
const cellOf = (text, colour, background) =>
  `\x1b[38;5;${colour};48;5;${background}m${text.padEnd(2).slice(0, 2)}`;

/** @param {readonly { id: number, script: string, slot?: number, components: Record<string, any> }[]} entities */
export function draw(entities) {
  const all = (script) => entities.filter((entity) => entity.script === script);
  const world = all("world")[0].components;
  const beside = scoresOf(world, all("player"));

  const ground = (cell) => {
    const kind = world.board[cell - 1];
    if (kind === 1) return cellOf("", 16, 240);
    if (kind === 2) return cellOf("▒▒", 137, 94);
    if (world.water[cell - 1] > world.tick) return cellOf("~~", 231, 33);
    return cellOf("", 16, 236);
  };
  const cells = world.board.map((_, index) => ground(index + 1));
  for (const { components } of all("pickup")) {
    cells[components.cell - 1] = cellOf(PICKUPS[components.kind], 231, 60);
  }
  for (const { components } of all("balloon")) {
    const left = components.bursts_at - world.tick;
    const swells = left % (left > 60 ? 30 : 10) < (left > 60 ? 15 : 5);
    cells[components.cell - 1] = cellOf(swells ? "◉ " : "● ", PLAYERS[components.owner], 236);
  }
  for (const { slot, components } of all("player")) {
    const blinks = components.shielded_until > world.tick && world.tick % 10 < 5;
    if (!components.alive || blinks) continue;
    const lies = components.down_until > world.tick;
    cells[components.cell - 1] = cellOf(lies ? "__" : "██", PLAYERS[slot], 236);
  }

  const lines = [];
  for (let at = 0; at < cells.length; at += WIDTH) {
    lines.push(`${cells.slice(at, at + WIDTH).join("")}${RESET}  ${beside[at / WIDTH] ?? ""}`);
  }
  return lines.join("\n");
}

function scoresOf({ round, tick, phase }, players) {
  const lines = [`round ${round}   ${(tick / 60).toFixed(1)} s${phase === "over" ? "   over" : ""}`, ""];
  for (const { slot, components } of players) {
    const { points, wins, alive, word, word_until, balloons, reach, boots } = components;
    const news = word_until > tick ? word : alive ? "" : "soaked";
    const gear = `${balloons} balloons, reach ${reach}${boots ? ", boots" : ""}`;
    const marks = "●".repeat(Math.min(3, points)).padEnd(3, "○");
    lines.push(`\x1b[38;5;${PLAYERS[slot]}m■ ${slot} ${marks} won ${wins}  ${news || gear}${RESET}`);
  }
  return lines;
}

/** What the scripts find in `echo.input` in `echo-net dev`. */
export const device = (held) => ({
  x: Number(held.has("right")) - Number(held.has("left")),
  y: Number(held.has("down")) - Number(held.has("up")),
  drop: held.has("fire"),
});
