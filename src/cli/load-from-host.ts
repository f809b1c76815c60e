import { randomBytes } from "node:crypto";
import { FETCH_STEP_MS } from "../bundles/game-from-host.js";
import { gameOfHost } from "../bundles/game-of-host.js";
import { loadBundle } from "../bundles/load-bundle.js";
import { isEchoNetError } from "../core/base/errors.js";
import { usage } from "./exit.js";
import { JOIN_TIMEOUT_MS } from "./limits.js";
import type { LoadedGame } from "./load-game.js";
import { Pace } from "./pace.js";
import type { FetchParts } from "./play.js";

/** Thrown within a fetch that nobody wants any longer. */
class Interrupted extends Error {}

/**
 * The game that the host of an invite plays, fetched from it; undefined where the user did not want to wait. Throws
 * `CliError` 2 where it does not come with the invite.
 */
export async function loadFromHost(
  invite: string,
  { transport, progress, interruption }: FetchParts,
): Promise<LoadedGame | undefined> {
  const pace = new Pace(FETCH_STEP_MS);
  const fetch = {
    ...{ invite, transport, nonce: randomBytes(16), wanted: {}, timeoutMs: JOIN_TIMEOUT_MS },
    onProgress: (receivedBytes: number, totalBytes: number | undefined) => {
      progress.show(() => fetchWords(receivedBytes, totalBytes));
    },
    pause: async () => {
      if (interruption.asked) throw new Interrupted();
      await pace.beat();
    },
  };
  let bytes = 0;
  const load = (bundle: Uint8Array): ReturnType<typeof loadBundle> => {
    bytes = bundle.length;
    return loadBundle(bundle);
  };
  try {
    const game = await gameOfHost(load, fetch);
    progress.say(`The game came from the host: ${game.name}, ${kibibytes(bytes)} KiB`);
    return { game, path: "GAME", draw: undefined };
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    if (isEchoNetError(error) && error.code === "INPUT_INVALID") {
      throw usage(`name the host's game with --game PATH: ${error.hint}`);
    }
    throw error;
  }
}

const fetchWords = (receivedBytes: number, totalBytes: number | undefined): string =>
  totalBytes === undefined
    ? "asking the host for its game"
    : `the game is coming from the host: ${kibibytes(receivedBytes)} of ${kibibytes(totalBytes)} KiB`;

const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);
