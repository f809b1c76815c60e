import type { Hash } from "../core/base/brand.js";
import type { Value } from "../core/base/value.js";
import type { Snapshot } from "../core/session/simulation.js";

/** Where a game's state lives, and how it becomes bytes: those of the state first, then a tail of the engine's. */
export interface StateStore {
  /** As the game's code sees it. */
  readonly state: unknown;
  /**
   * Throws `SimulationError` where the state holds what cannot be saved. `isGlance`: the state is saved for a moment
   * only, and need not be looked at for what a save would lose.
   */
  save(snapshot: Snapshot, tail: Uint8Array, isGlance?: boolean): void;
  /** Makes the state what it was; returns where the tail begins. */
  restore(snapshot: Snapshot): number;
  /** A copy of the state in the snapshot that nobody else holds, and where the tail begins. */
  read(snapshot: Snapshot): { readonly state: unknown; readonly tailAt: number };
  /** Gives every NaN in the snapshot one spelling, before its bytes are hashed. */
  settle(snapshot: Snapshot): void;
  /** Of a settled snapshot, where the store knows a better way than over all of its bytes. */
  hash?(snapshot: Snapshot): Hash;
  /** What the store keeps beside the state, as a tree. */
  inspect?(snapshot: Snapshot): Value;
  /** Changes the first leaf of the state that can be changed. */
  corrupt(): void;
}
