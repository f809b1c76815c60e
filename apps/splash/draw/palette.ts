/** The colours of one scheme, as the style sheet has them. */
export interface Palette {
  readonly floor: readonly [string, string];
  readonly rim: string;
  readonly wall: { readonly top: string; readonly side: string };
  readonly crate: { readonly top: string; readonly side: string; readonly line: string };
  readonly water: { readonly deep: string; readonly light: string };
  readonly ink: string;
  readonly card: string;
  readonly shade: string;
  readonly players: readonly string[];
  /** What the page is set in. */
  readonly font: string;
}

/** The custom properties of the style sheet that canvases are drawn in. */
const COLOURS = [
  "floor-a",
  "floor-b",
  "rim",
  "wall-top",
  "wall-side",
  "crate-top",
  "crate-side",
  "crate-line",
  "water-deep",
  "water-light",
  "ink",
  "card",
  "shade",
  "player-0",
  "player-1",
  "player-2",
  "player-3",
  "line",
  "accent",
  "warn",
  "bad",
] as const;

/** Once a page, before `readPalette`: a property reads as the colour that it comes to only where it is known for one. */
export function registerColours(): void {
  for (const name of COLOURS) {
    CSS.registerProperty({ name: `--${name}`, syntax: "<color>", inherits: true, initialValue: "black" });
  }
}

/** Reads the colours that the style sheet sets for the present scheme. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: (typeof COLOURS)[number]): string => style.getPropertyValue(`--${name}`).trim();
  return {
    floor: [of("floor-a"), of("floor-b")],
    rim: of("rim"),
    wall: { top: of("wall-top"), side: of("wall-side") },
    crate: { top: of("crate-top"), side: of("crate-side"), line: of("crate-line") },
    water: { deep: of("water-deep"), light: of("water-light") },
    ink: of("ink"),
    card: of("card"),
    shade: of("shade"),
    font: style.fontFamily,
    players: ([0, 1, 2, 3] as const).map((slot) => of(`player-${slot}`)),
  };
}
