import type { ChronosTick, Hash, Slot } from "../base/brand.js";
import type { Value } from "../base/value.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import type { MatchIdentity } from "../guard/identity.js";

/** One event or refusal line. The branch is the session line's. */
export interface JournalEvent {
  readonly line: number;
  readonly chronos: ChronosTick;
  readonly author: Slot;
  readonly id: number;
  readonly kind: string;
  readonly payload: Value;
  /** Why the event did not enter its tick; undefined where it did. */
  readonly refusal: CanonicalRefusal | undefined;
}

/** One tick with the lines that belong to it. */
export interface JournalTick {
  readonly chronos: ChronosTick;
  /** Number of the tick line itself; its events stand in the lines before. */
  readonly line: number;
  readonly events: readonly JournalEvent[];
  readonly node: Hash;
  /** Undefined where the hash interval asks for none. */
  readonly stateHash: Hash | undefined;
}

/** A journal whose spelling and chain hold. Whether it tells what the game does is for a replay to find. */
export interface Journal {
  readonly identity: MatchIdentity;
  /** Description of the declared events. */
  readonly events: Value;
  /** The game's bundle, which makes the fingerprint of the manifest; undefined for games of TypeScript. */
  readonly bundle: Uint8Array | undefined;
  /** By chronos, from 0 on. */
  readonly ticks: readonly JournalTick[];
  /** True where the `end` line is there: all peers agreed on the last tick. */
  readonly complete: boolean;
  /** True where a last line without newline was dropped. */
  readonly torn: boolean;
  /** Whole event lines after the last tick line: of a tick that was never closed, so no chain covers them. */
  readonly unfinishedLines: number;
  /** All whole lines, as they were read. */
  readonly bytes: Uint8Array;
}
