import type { Hash } from "../../src/core/base/brand.js";
import { domainHash } from "../../src/core/base/hash.js";
import { utf8Encode } from "../../src/core/base/text.js";
import { HostLobby } from "../../src/core/guard/host-lobby.js";
import { type Manifest, PROTOCOL_VERSION } from "../../src/core/guard/identity.js";
import { JoinLobby } from "../../src/core/guard/join-lobby.js";
import type { JoinLobbyOptions, Lobby, LobbyState } from "../../src/core/guard/lobby.js";
import type { Transport } from "../../src/core/wire/transport.js";
import { bestCryptoEngine } from "../../src/platform/crypto.js";
import type { TinyNetwork } from "./network.js";

export const crypto = bestCryptoEngine();
export const TICK_MS = 1000 / 60;

/** Bytes that depend on a name alone. */
export const bytesNamed = (name: string, length = 32): Uint8Array =>
  domainHash("test", utf8Encode(name)!).slice(0, length);

export const manifest: Manifest = {
  protocol: PROTOCOL_VERSION,
  game: { name: "balloons", version: "1.0.0", fingerprint: "ab".repeat(32) as Hash },
  tickHz: 60,
  mode: "rollback",
  windowTicks: 8,
  rewindTicks: 0,
  late: "reject",
  hashEveryTicks: 1,
  limits: { eventsPerTick: 32, bytesPerTick: 1024 },
  players: 2,
  ticks: 600,
};

export const hostOf = (transport: Transport, changes: Partial<Manifest> = {}, localSlots = 1): HostLobby =>
  new HostLobby({
    manifest: { ...manifest, ...changes },
    secretKey: bytesNamed("host"),
    nonce: bytesNamed("session", 16),
    secret: bytesNamed("secret", 16),
    localSlots,
    transport,
    crypto,
    tickMs: TICK_MS,
  });

export const joinerOf = (
  transport: Transport,
  invite: string,
  name: string,
  changes: Partial<JoinLobbyOptions> = {},
): JoinLobby =>
  new JoinLobby({
    invite,
    wanted: { game: manifest.game },
    secretKey: bytesNamed(name),
    nonce: bytesNamed(`${name} nonce`, 16),
    localSlots: 1,
    transport,
    crypto,
    tickMs: TICK_MS,
    timeoutMs: 5_000,
    ...changes,
  });

export interface Party {
  readonly lobby: Lobby;
  readonly transport: Transport;
  state: LobbyState;
}

export const partyOf = (lobby: Lobby, transport: Transport): Party => ({
  lobby,
  transport,
  state: { type: "waiting", present: 0, players: 0 },
});

/** Runs all lobbies, tick by tick, until none waits or the time is over; the ticks that it took. */
export function meet(network: TinyNetwork, parties: readonly Party[], maxTicks = 600): number {
  for (let tick = 0; tick < maxTicks; tick++) {
    for (const party of parties) {
      for (const received of party.transport.receive()) party.lobby.handle(received, network.nowMs);
      party.state = party.lobby.update(network.nowMs);
    }
    if (parties.every(({ state }) => state.type !== "waiting")) return tick;
    network.nowMs += TICK_MS;
  }
  return maxTicks;
}
