import type { Game } from "../core/session/simulation.js";

/** Stands for a game that is not here yet: it comes from the host of a match, and is made of what came. */
export interface GameFromHost {
  /** Makes the game of a bundle. Rejects with `EchoNetError` `GAME_INVALID`. */
  readonly loadFromHost: (bundle: Uint8Array) => Promise<Game>;
}

export const isGameFromHost = (value: unknown): value is GameFromHost =>
  typeof (value as Partial<GameFromHost> | null | undefined)?.loadFromHost === "function";
