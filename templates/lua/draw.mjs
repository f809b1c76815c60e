// What `echo-net simulate . --watch` shows. It is no part of the game, and sees what every renderer sees.

/** @param {readonly { script: string, slot?: number, components: Record<string, any> }[]} entities */
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
