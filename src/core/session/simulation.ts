import type { ChronosTick, Hash, KairosBranchId, Slot } from "../base/brand.js";
import type { Value } from "../base/value.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EmitRequest, EventEnvelope } from "../envelope/event-envelope.js";

/** A reusable buffer that holds one saved state. What the bytes mean is the simulation's own affair. */
export class Snapshot {
  bytes: Uint8Array = new Uint8Array(0);
  /** How many of `bytes` count. */
  length = 0;

  /** Makes room for `length` bytes and returns the buffer to write them to. */
  resize(length: number): Uint8Array {
    if (this.bytes.length < length) this.bytes = new Uint8Array(Math.max(length, this.bytes.length * 2));
    this.length = length;
    return this.bytes;
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** What every peer of a match knows before tick 0. */
export interface MatchSeed {
  readonly kairos: KairosBranchId;
  /** 32 bytes from which every tick's generator derives. */
  readonly seed: Uint8Array;
  readonly slots: readonly Slot[];
}

/** Something to show or to sound, asked for by one tick. */
export interface EffectRequest {
  readonly name: string;
  /** Tells effects of one name apart: the game's key, or tick, entity and ordinal where it gave none. */
  readonly key: string;
  readonly data: unknown;
  /** The slot of the event whose handler asked; undefined from `step`. */
  readonly slot: Slot | undefined;
}

/** A handler that threw: its event was dropped and the tick run again without it. */
export interface StepFault {
  readonly error: unknown;
  /** For a person: `on.move of slot 1`. */
  readonly where: string;
}

/** A line that a game's own code logged for its developer. */
export interface LogLine {
  /** Who logged it, for a person: `slot 1`, `step`, `input of slot 0`. */
  readonly where: string;
  readonly text: string;
}

/** What one call into a game logged. */
export interface Logs {
  readonly lines: readonly LogLine[];
  /** How many lines were left out, past the game's bound. */
  readonly lost: number;
}

export const NO_LOGS: Logs = { lines: [], lost: 0 };

/** Thrown by `Simulation.step` where no event can be dropped to mend it. The match ends if that tick is final. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** By name, since a game may carry a copy of the package of its own. */
export const isSimulationError = (error: unknown): error is SimulationError =>
  error instanceof Error && error.name === "SimulationError";

/**
 * A game. Everything that can change between two ticks is inside what `saveInto` captures.
 * The session promises: `begin` comes first; before each `step` the state was just begun, saved or restored, and
 * the snapshot concerned stays untouched until `step` returns, so a simulation may go back to it by itself.
 */
export interface Simulation {
  /** Equal fingerprints run equal games. */
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  /** Makes the state of tick 0. */
  begin(match: MatchSeed): void;
  /** Runs one tick on the events of its network lane, in their order. */
  step(tick: ChronosTick, events: readonly EventEnvelope[]): void;
  saveInto(snapshot: Snapshot): void;
  restore(snapshot: Snapshot): void;
  /** Of the snapshot, or of the present state where none is given. */
  hash(snapshot?: Snapshot): Hash;
  /** What the player's device makes of the present state. Leaves no trace in the state. */
  collectInput(slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[];
  /** A tree, for diffs and the debugger; of the snapshot, or of the present state. */
  inspect(snapshot?: Snapshot): Value;
  /** The state for the renderer: for a TypeScript game the state itself, decoded from the snapshot. */
  viewOf(snapshot: Snapshot): unknown;
  /** What the last `step` asked to show; valid until the next. */
  readonly effects: readonly EffectRequest[];
  /** What went wrong in the last `step`; valid until the next. */
  readonly faults: readonly StepFault[];
  /** What went wrong in the last `collectInput` or `predict`: this peer's own affair. Valid until the next. */
  readonly inputFaults?: readonly StepFault[];
  /** What the last `begin` or `step` logged, also where it threw; for the developer alone. Valid until the next. */
  readonly logs?: Logs;
  /** What the last `collectInput` logged. Valid until the next. */
  readonly inputLogs?: Logs;
  /** How many derived events the last `step` delivered, for the trace. */
  readonly derivedCount: number;
  /** The game's own prediction of a slot's events, or undefined for the declared one. */
  predict?(
    slot: Slot,
    chronos: ChronosTick,
    lastKnown: readonly EmitRequest[],
  ): readonly EmitRequest[] | undefined;
  /** What in the present state looks like a slip of the game's author, each subject once: for a check alone. */
  remarks?(): readonly Remark[];
  /** How much of what a tick may cost the last `step` took, as a part of 1. */
  readonly load?: number;
  /** Changes one leaf of the state: the fault that `--fault corrupt` injects. */
  corrupt(): void;
}

/** What a match is made of: a definition from which any number of simulations can be made. */
export interface Game {
  readonly name: string;
  readonly version: string;
  readonly tickHz: number;
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  /** `guarded` makes clocks and unseeded randomness throw while the game's code runs. */
  createSimulation(options?: { readonly guarded?: boolean }): Simulation;
}

/** Something about a game that is no error, in words. */
export interface Remark {
  /** What it is about: of further remarks about the same, nothing new is to be learnt. */
  readonly subject: string;
  readonly text: string;
}

/** How a game is recognised, whichever copy of the package made it. */
export const GAME_MARK: unique symbol = Symbol.for("echo-net.game") as never;
