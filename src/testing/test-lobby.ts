import type { CryptoEngine } from "../core/envelope/signature.js";
import { HostLobby } from "../core/guard/host-lobby.js";
import { JoinLobby } from "../core/guard/join-lobby.js";
import type { Lobby } from "../core/guard/lobby.js";
import type { Transport } from "../core/wire/transport.js";
import { type ResolvedMatchOptions, seededBytes } from "./match-options.js";

/** How long peers may take to meet, in milliseconds of the network's time. */
export const MEETING_MS_MAX = 120_000;

/** A lobby and the key that its peer plays with; a host's comes with the invite for the others. */
export interface OpenedLobby {
  readonly lobby: Lobby;
  readonly secretKey: Uint8Array;
  readonly invite: string | undefined;
}

/** Opens the lobby of a test match's peer, all secrets made from the seed: without an invite it hosts. */
export function openLobby(
  { seed, manifest, slots }: ResolvedMatchOptions,
  crypto: CryptoEngine,
  transport: Transport,
  peer: number,
  invite: string | undefined,
): OpenedLobby {
  const secretKey = seededBytes(seed, "key", peer);
  const common = {
    secretKey,
    nonce: seededBytes(seed, "nonce", peer).subarray(0, 16),
    localSlots: slots[peer]!,
    transport,
    crypto,
    tickMs: 1000 / manifest.tickHz,
  };
  if (invite === undefined) {
    const lobby = new HostLobby({ ...common, manifest, secret: seededBytes(seed, "invite").subarray(0, 16) });
    return { lobby, secretKey, invite: lobby.invite };
  }
  const wanted = { game: manifest.game };
  const lobby = new JoinLobby({ ...common, invite, wanted, timeoutMs: MEETING_MS_MAX });
  return { lobby, secretKey, invite: undefined };
}
