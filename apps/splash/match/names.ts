/** Players are told apart by colour, by name and by mark: not everybody sees colours alike. */
export const NAMES: readonly string[] = ["Blue", "Coral", "Green", "Violet"];

export const nameOf = (slot: number): string => NAMES[slot] ?? `Player ${slot + 1}`;

/** `Blue`, `Blue and Coral`, `Blue, Coral and Green`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
