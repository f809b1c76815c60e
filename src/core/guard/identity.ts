import type { Hash, KairosBranchId, Slot } from "../base/brand.js";
import { domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { fromHex, hashOfBytes, toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { encode } from "../envelope/codec.js";

/** The wire's version. Peers of another version cannot meet. */
export const PROTOCOL_VERSION = 1;

export type Mode = "lockstep" | "rollback" | "hybrid";
export type LatePolicy = "retro" | "defer" | "reject";
export type Capability = "network:emit" | "network:authority" | "network:spectate" | "ui:inspector";

/** Everything that peers must have in common before they meet; its hash is the GameId. */
export interface Manifest {
  readonly protocol: number;
  readonly game: { readonly name: string; readonly version: string; readonly fingerprint: Hash };
  readonly tickHz: number;
  readonly mode: Mode;
  /** Speculative ticks past what is sealed; 0 in lockstep. */
  readonly windowTicks: number;
  /** How far a late event may reach back in hybrid mode; 0 elsewhere. */
  readonly rewindTicks: number;
  readonly late: LatePolicy;
  /** A state hash enters the NodeId every so many ticks. */
  readonly hashEveryTicks: number;
  /** What one author may put into one tick before the rest is refused as `quota`. */
  readonly limits: { readonly eventsPerTick: number; readonly bytesPerTick: number };
  /** How many slots the match has. */
  readonly players: number;
  /** The last tick of the match, or null for one without end. */
  readonly ticks: number | null;
}

export interface RosterPeer {
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array;
  readonly slots: readonly Slot[];
  readonly rights: readonly Capability[];
}

/** What makes one match different from every other, and what every peer derives alike from it. */
export interface MatchIdentity {
  readonly manifest: Manifest;
  readonly gameId: Hash;
  /** The host's Ed25519 public key. */
  readonly hostKey: Uint8Array;
  /** 16 bytes of the host's choosing. */
  readonly nonce: Uint8Array;
  /** Hash of GameId, host key and nonce. */
  readonly sessionId: Hash;
  readonly roster: readonly RosterPeer[];
  /** Hash of SessionId and roster. */
  readonly matchId: Hash;
  /** The canonical branch. */
  readonly kairos: KairosBranchId;
  /** The canonical branch's seed, 32 bytes. */
  readonly seed: Uint8Array;
}

/** Bytes of a KairosBranchId. */
const BRANCH_BYTES = 16;

/** Hash of all that peers must have in common. The manifest is one that `parseManifest` accepts. */
export function gameIdOf(manifest: Manifest): Hash {
  return hashOfBytes(domainHash("game-id", encode(manifestValue(manifest))));
}

/** Hash of one opening of a game by one host. `hostKey` is 32 bytes, `nonce` 16. */
export function sessionIdOf(gameId: Hash, hostKey: Uint8Array, nonce: Uint8Array): Hash {
  invariant(hostKey.length === 32 && nonce.length === 16, "a host key has 32 bytes and a nonce 16");
  return hashOfBytes(domainHash("session-id", bytesOfHash(gameId), hostKey, nonce));
}

/** Derives what makes a match itself: every peer that hands in the same finds the same. */
export function matchIdentityOf(
  manifest: Manifest,
  hostKey: Uint8Array,
  nonce: Uint8Array,
  roster: readonly RosterPeer[],
): MatchIdentity {
  const gameId = gameIdOf(manifest);
  const sessionId = sessionIdOf(gameId, hostKey, nonce);
  const match = domainHash("match-id", bytesOfHash(sessionId), encode(roster.map(rosterPeerValue)));
  return {
    manifest,
    gameId,
    hostKey,
    nonce,
    sessionId,
    roster,
    matchId: hashOfBytes(match),
    kairos: toHex(domainHash("kairos", match).subarray(0, BRANCH_BYTES)) as KairosBranchId,
    seed: domainHash("branch-seed", match),
  };
}

/** The 32 bytes that a hash spells. */
export function bytesOfHash(hash: Hash): Uint8Array {
  const bytes = fromHex(hash);
  invariant(bytes !== undefined && bytes.length === 32, "a hash is 64 lowercase hex digits");
  return bytes;
}

/** The manifest as it is hashed and sent: its own fields and nothing else. */
export function manifestValue(manifest: Manifest): Value {
  const { game, limits } = manifest;
  return {
    protocol: manifest.protocol,
    game: { name: game.name, version: game.version, fingerprint: bytesOfHash(game.fingerprint) },
    tickHz: manifest.tickHz,
    mode: manifest.mode,
    windowTicks: manifest.windowTicks,
    rewindTicks: manifest.rewindTicks,
    late: manifest.late,
    hashEveryTicks: manifest.hashEveryTicks,
    limits: { eventsPerTick: limits.eventsPerTick, bytesPerTick: limits.bytesPerTick },
    players: manifest.players,
    ticks: manifest.ticks,
  };
}

/** A roster's peer as it is hashed. */
function rosterPeerValue(peer: RosterPeer): Value {
  return { key: peer.key, slots: peer.slots, rights: peer.rights };
}
