import { failing, trapAlso } from "../game/guards.js";

/** What texts, numbers and lists have for the player's language. */
const LOCAL = ["localeCompare", "toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase"];

const failingLocal = (name: string): (() => never) =>
  failing(
    name,
    "follows the language of each machine",
    "compare texts with <, and write for people where the picture is drawn",
  );

let isTrapped = false;

/**
 * From now on what follows the player's language throws where guarded code runs. Kept apart from the other guards,
 * which come with every game that a page loads.
 */
export function trapLanguage(): void {
  if (isTrapped) return;
  isTrapped = true;
  for (const { prototype } of [String, Number, BigInt, Array]) {
    for (const name of LOCAL)
      if (Object.hasOwn(prototype, name)) trapAlso(prototype, name, failingLocal(name));
  }
  trapAlso(globalThis, "Intl", new Proxy({}, { get: failingLocal("Intl") }));
}
