import type { EchoNetError } from "../base/errors.js";
import type { CryptoEngine } from "../envelope/signature.js";
import type { Address, Received, Transport } from "../wire/transport.js";
import type { SealedChannel } from "./channel.js";
import type { Manifest, MatchIdentity } from "./identity.js";

/** One peer of a match that begins: how to reach it. */
export interface PeerLink {
  readonly address: Address;
  /** Undefined for the local peer. */
  readonly channel: SealedChannel | undefined;
}

/** Everything that a handshake ends in. */
export interface MatchStart {
  readonly identity: MatchIdentity;
  /** The local peer's number in the roster. */
  readonly localPeer: number;
  /** By the roster's order. */
  readonly peers: readonly PeerLink[];
}

/** Where a lobby stands. `present` and `players` count slots. */
export type LobbyState =
  | { readonly type: "waiting"; readonly present: number; readonly players: number }
  | { readonly type: "started"; readonly start: MatchStart }
  | { readonly type: "failed"; readonly error: EchoNetError };

/** What both lobbies need. */
export interface LobbyOptions {
  /** The local peer's Ed25519 secret, 32 bytes. */
  readonly secretKey: Uint8Array;
  /** 16 bytes that were never used before with this key. */
  readonly nonce: Uint8Array;
  /** How many slots the local peer brings: of a host 0 to 8, of a joiner 1 to 8. */
  readonly localSlots: number;
  readonly transport: Transport;
  readonly crypto: CryptoEngine;
  /** Length of a tick in milliseconds: what resends are timed by. */
  readonly tickMs: number;
}

export interface HostLobbyOptions extends LobbyOptions {
  readonly manifest: Manifest;
  /** The 16 bytes that an invited peer knows. */
  readonly secret: Uint8Array;
  /** The game's bundle, for those who have nothing but the invite; undefined for a game of TypeScript. */
  readonly bundle?: Uint8Array | undefined;
}

export interface JoinLobbyOptions extends LobbyOptions {
  readonly invite: string;
  /** What the match must be: at least the game. All else that is named must be so too; the rest is the host's. */
  readonly wanted: Partial<Manifest> & Pick<Manifest, "game">;
  /** How long to go on without having joined, counted from the first `update`. */
  readonly timeoutMs: number;
}

/** One side of the handshake. It sends through its transport; whoever owns that hands in what arrives. */
export interface Lobby {
  /** Takes in one datagram; one that is no handshake's is left alone. Also to be called after the start. */
  handle(received: Received, nowMs: number): void;
  /** Sends what is due, and says where things stand. */
  update(nowMs: number): LobbyState;
}
