import type { Keys } from "./rules.js";

/** What `input` is handed while these keys are held: `left`, `right`, `up`, `down`, `fire`. */
export const device = (held: ReadonlySet<string>): Keys => ({
  x: Number(held.has("right")) - Number(held.has("left")),
  y: Number(held.has("down")) - Number(held.has("up")),
  fire: held.has("fire"),
});
