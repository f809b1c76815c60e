import { BundleFetch } from "../core/guard/bundle-fetch.js";
import type { Game } from "../core/session/simulation.js";
import { FETCH_STEP_MS, type GameFetch } from "./game-from-host.js";

/**
 * Fetches the game of a match from its host and makes it here, by `load`. Rejects as `GameFromHost` says, or with
 * what `load` threw.
 */
export async function gameOfHost(
  load: (bundle: Uint8Array) => Promise<Game>,
  options: GameFetch,
): Promise<Game> {
  const { invite, transport, nonce, localSlots = 1, wanted, timeoutMs, onProgress, pause } = options;
  const tickMs = FETCH_STEP_MS;
  const fetch = new BundleFetch({ invite, transport, nonce, localSlots, tickMs, timeoutMs, wanted });
  while (true) {
    const nowMs = performance.now();
    for (const received of transport.receive()) fetch.handle(received, nowMs);
    const state = fetch.update(nowMs);
    if (state.type === "failed") throw state.error;
    if (state.type === "fetched") return await load(state.bundle);
    onProgress?.(state.receivedBytes, state.totalBytes);
    await pause();
  }
}
