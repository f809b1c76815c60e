import type { Loading, Reading } from "../../src/cli/dev/description.js";

/** What the server says of the game: how the page loads it, or why it cannot be. */
export interface Description extends Loading, Pick<Reading, "problem" | "hints"> {
  /** Changes with every change of the game's files. */
  readonly version: string;
  /** The path as it was given. */
  readonly title: string;
  /** The network to begin with, as `--net` was given. */
  readonly net: string;
}

/** Told by the server whenever the game's files change. */
export type Change = Pick<Description, "version" | "problem">;
