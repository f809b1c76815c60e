import type { ChronosTick, Hash, Slot } from "../base/brand.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";

/**
 * Something to show or to sound. `predicted` comes first, then any number of `moved` (the same effect in another
 * tick), then exactly one of `confirmed` and `cancelled`.
 */
export interface EffectOutput<Name extends string = string, Data = any> {
  readonly type: "effect";
  readonly phase: "predicted" | "moved" | "confirmed" | "cancelled";
  readonly name: Name;
  readonly key: string;
  readonly data: Data;
  /** The tick that asks for it. */
  readonly chronos: ChronosTick;
  /** How long ago that was: how far into the effect to start. */
  readonly ageTicks: number;
}

/** A tick that can no longer change. */
export interface FinalOutput {
  readonly type: "final";
  readonly chronos: ChronosTick;
  /** Undefined in ticks that the hash interval leaves out. */
  readonly stateHash: Hash | undefined;
}

/** History was rewritten from `lca` on: an event came for a tick that had been predicted otherwise. */
export interface RollbackOutput {
  readonly type: "rollback";
  /** The head at that time. */
  readonly from: ChronosTick;
  /** The last tick that stayed. */
  readonly lca: ChronosTick;
  readonly depthTicks: number;
  /** Whose events differed from the prediction, first. */
  readonly cause: { readonly slot: Slot; readonly chronos: ChronosTick };
}

/** `away`: its page is hidden, and plays on unseen. */
export type PeerStatus = "connected" | "away" | "interrupted" | "lost" | "left";

/** What became of a player's connection, or of the player at the other end of it. */
export interface PeerOutput {
  readonly type: "peer";
  readonly slot: Slot;
  readonly status: PeerStatus;
}

/** A tick was due and could not run, because these slots have not sealed what it needs. */
export interface StallOutput {
  readonly type: "stall";
  readonly waitingFor: readonly Slot[];
}

/** An event that may not enter. Told once, when its tick is final or when it is refused before it is sent. */
export interface RefusedOutput {
  readonly type: "refused";
  readonly envelope: Pick<EventEnvelope, "kind" | "slot" | "chronos" | "payload">;
  readonly reason: CanonicalRefusal;
  /** For a person, where there is more to say than the reason. */
  readonly hint?: string;
}

/** The game's own code threw. */
export interface FaultOutput {
  readonly type: "fault";
  readonly chronos: ChronosTick;
  readonly error: unknown;
  /** For a person: `on.move of slot 1`. */
  readonly where: string;
}

/** Two peers had equal inputs up to here and computed different states: the first such tick. */
export interface DesyncOutput {
  readonly type: "desync";
  readonly chronos: ChronosTick;
  /** First 16 hex digits of the state hash here and there. */
  readonly local: string;
  readonly remote: string;
  /** The other peer's first slot. */
  readonly slot: Slot;
}

/**
 * Why a match ended:
 * - `finished` its last tick is final
 * - `left` a player left; all reached the tick that it announced
 * - `lost` a player fell silent; the survivors stopped where its events stop
 * - `equivocation` a player told different peers different things about one tick
 * - `game-fault` the game threw where no event could be dropped
 */
export type EndReason = "finished" | "left" | "lost" | "equivocation" | "game-fault";

export interface EndedOutput {
  readonly type: "ended";
  readonly reason: EndReason;
  /** The last tick of the match as far as this peer is concerned. */
  readonly chronos: ChronosTick;
  /** Whose leaving, silence or equivocation ended it. */
  readonly slot?: Slot;
}

export type Output =
  | EffectOutput
  | FinalOutput
  | RollbackOutput
  | PeerOutput
  | StallOutput
  | RefusedOutput
  | FaultOutput
  | DesyncOutput
  | EndedOutput;
