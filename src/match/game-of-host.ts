import type { GameFromHost } from "../bundles/game-from-host.js";
import { BundleFetch } from "../core/guard/bundle-fetch.js";
import type { Game } from "../core/session/simulation.js";
import type { Transport } from "../core/wire/transport.js";
import { type MatchTerms, wantedOf } from "./opening.js";

/** How often a fetch looks for what has arrived, in milliseconds. */
export const FETCH_STEP_MS: number = 1000 / 60;

export interface GameOfHostOptions {
  readonly invite: string;
  readonly transport: Transport;
  /** 16 bytes, of this fetch alone. */
  readonly nonce: Uint8Array;
  readonly localSlots?: number | undefined;
  /** What the match must be, where something is named. */
  readonly terms: MatchTerms;
  /** How long the host may say nothing of use. */
  readonly timeoutMs: number;
  /** Told how much of the game has come; `totalBytes` is undefined until the host has said it. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** Waits for the next step, or rejects where nobody wants to wait any longer. */
  readonly pause: () => Promise<void>;
}

/**
 * Fetches the game of a match from its host and makes it here, in its sandbox. Rejects with `EchoNetError`:
 * `INPUT_INVALID` where it does not come with the invite, `GAME_INVALID` where it came and cannot be loaded, and
 * otherwise as joining does.
 */
export async function gameOfHost(from: GameFromHost, options: GameOfHostOptions): Promise<Game> {
  const { invite, transport, nonce, localSlots = 1, terms, timeoutMs, onProgress, pause } = options;
  const wanted = wantedOf(terms);
  const tickMs = FETCH_STEP_MS;
  const fetch = new BundleFetch({ invite, transport, nonce, localSlots, tickMs, timeoutMs, wanted });
  while (true) {
    const nowMs = performance.now();
    for (const received of transport.receive()) fetch.handle(received, nowMs);
    const state = fetch.update(nowMs);
    if (state.type === "failed") throw state.error;
    if (state.type === "fetched") return await from.loadFromHost(state.bundle);
    onProgress?.(state.receivedBytes, state.totalBytes);
    await pause();
  }
}
