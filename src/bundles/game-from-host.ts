import type { Manifest } from "../core/guard/identity.js";
import type { Game } from "../core/session/simulation.js";
import type { Transport } from "../core/wire/transport.js";

/** How often a fetch looks for what has arrived, in milliseconds. */
export const FETCH_STEP_MS: number = 1000 / 60;

/** What a fetch of a host's game goes by. */
export interface GameFetch {
  readonly invite: string;
  readonly transport: Transport;
  /** 16 bytes, of this fetch alone. */
  readonly nonce: Uint8Array;
  readonly localSlots?: number | undefined;
  /** What the match must be, where something is named. */
  readonly wanted: Partial<Manifest>;
  /** How long the host may say nothing of use. */
  readonly timeoutMs: number;
  /** Told how much of the game has come; `totalBytes` is undefined until the host has said it. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** Waits for the next step, or rejects where nobody wants to wait any longer. */
  readonly pause: () => Promise<void>;
}

/**
 * Stands for a game that is not here yet: it comes from the host of a match, and is made of what came. It brings along
 * how it is fetched, so that who plays a game of its own loads nothing of that.
 */
export interface GameFromHost {
  /**
   * Rejects with `EchoNetError`: `INPUT_INVALID` where the game does not come with the invite, `GAME_INVALID` where it
   * came and cannot be loaded, and otherwise as joining does.
   */
  readonly fetchFromHost: (fetch: GameFetch) => Promise<Game>;
}

export const isGameFromHost = (value: unknown): value is GameFromHost =>
  typeof (value as Partial<GameFromHost> | null | undefined)?.fetchFromHost === "function";
