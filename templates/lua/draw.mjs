// How the game looks: `render` in the browser (`echo-net dev .`, and page.js), `draw` in a terminal
// (`echo-net simulate . --watch`). It is no part of the game, and sees what every renderer sees: entities with components.

const COLOURS = ["#7cb7ff", "#ffb36b", "#9fe3b4", "#e3a5ff", "#ffe27a", "#ff9c9c", "#8fe8e8", "#d0d4de"];
/** Pixels of one unit of the game, and what is kept free above the field for the scores. */
const SCALE = 12;
const TOP = 28;

export const size = { width: 40 * SCALE, height: 16 * SCALE + TOP };

/** Draws one frame of one player's screen. It reads the game and changes nothing in it. */
export function render(context, { previous, current, alpha, slot, width, height }) {
  context.fillStyle = "#10131a";
  context.fillRect(0, 0, width, height);
  context.font = "14px system-ui";
  const before = new Map(previous.map((entity) => [entity.id, entity.components]));
  for (const { id, script, components, ...player } of current) {
    if (script === "world") continue;
    // Between two ticks: where it was, and so much of the way to where it is.
    const from = script === "player" ? (before.get(id) ?? components) : components;
    const x = from.x + (components.x - from.x) * alpha;
    const y = from.y + (components.y - from.y) * alpha;
    context.fillStyle = script === "player" ? COLOURS[player.slot] : "#ffe27a";
    context.beginPath();
    context.arc((x + 0.5) * SCALE, TOP + (y + 0.5) * SCALE, components.is_happy ? 11 : 6, 0, 2 * Math.PI);
    context.fill();
    if (script !== "player") continue;
    const name = player.slot === slot ? "you" : `player ${player.slot}`;
    context.fillText(`${name}: ${components.score}`, 12 + 110 * player.slot, 20);
  }
}

/** The state in lines of text.
 * @param {readonly { script: string, slot?: number, components: Record<string, any> }[]} entities */
export function draw(entities) {
  const all = (script) => entities.filter((entity) => entity.script === script);
  const { width, height } = all("world")[0].components;
  const rows = Array.from({ length: height }, () => new Array(width).fill("·"));
  const put = ({ x, y }, sign) => {
    rows[Math.floor(y)][Math.floor(x)] = sign;
  };
  for (const { components } of all("coin")) put(components, "o");
  for (const { slot, components } of all("player")) put(components, components.is_happy ? "!" : `${slot}`);
  const scores = all("player").map(({ slot, components }) => `player ${slot}: ${components.score}`);
  return [...rows.map((row) => row.join("")), scores.join("   ")].join("\n");
}
