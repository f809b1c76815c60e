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

/** Reads the custom properties that the style sheet sets for the present scheme. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
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
    players: [0, 1, 2, 3].map((slot) => of(`player-${slot}`)),
  };
}
