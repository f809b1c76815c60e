import type { Hash, KairosBranchId, Slot } from "../base/brand.js";

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
