/** Which key is which word, for each of the two players. */
const KEYS: readonly Readonly<Record<string, string>>[] = [
  { KeyW: "up", KeyA: "left", KeyS: "down", KeyD: "right", Space: "fire" },
  { ArrowUp: "up", ArrowLeft: "left", ArrowDown: "down", ArrowRight: "right", Enter: "fire" },
];

export const KEY_NAMES: readonly string[] = ["W A S D and blank", "arrows and Enter"];

/** Follows the keyboard: gives, for each player, the words whose keys are held. */
export function followKeys(): readonly ReadonlySet<string>[] {
  const held = KEYS.map(() => new Set<string>());
  const take = (event: KeyboardEvent, isDown: boolean): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || isForm(event.target)) return;
    KEYS.forEach((words, player) => {
      const word = words[event.code];
      if (word === undefined) return;
      event.preventDefault();
      if (isDown) held[player]!.add(word);
      else held[player]!.delete(word);
    });
  };
  addEventListener("keydown", (event) => take(event, true));
  addEventListener("keyup", (event) => take(event, false));
  addEventListener("blur", () => {
    for (const words of held) words.clear();
  });
  return held;
}

/** Sliders and buttons have a use for keys of their own. */
const isForm = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("form, input, select, button") !== null;

/** What `input` is handed where a game brings no `device` of its own. */
export const plainDevice = (held: ReadonlySet<string>): unknown => ({
  x: Number(held.has("right")) - Number(held.has("left")),
  y: Number(held.has("down")) - Number(held.has("up")),
  fire: held.has("fire"),
});
