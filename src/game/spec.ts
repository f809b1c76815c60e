import type { ChronosTick, KairosBranchId, Slot } from "../core/base/brand.js";
import type { Random } from "../core/base/prng.js";
import type { Phase } from "../core/bridge/bus.js";
import type { EmittedOf, EventDeclaration, PayloadOf } from "../core/envelope/declare.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import type { EmittedOfFields, Fields } from "../core/envelope/field-type.js";
import type { Arena } from "./arena.js";

export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;
export type EffectDeclarations = Readonly<Record<string, Fields>>;

/** A name that the game declares. */
export type NameIn<Declarations> = keyof Declarations & string;

// Not NameIn below: compilers write the names out only where they see no name for all of them.

/** Asks for an event: a declared kind and its payload. `t.tick` fields may be left out. */
export type Emit<Events extends EventDeclarations> = <Kind extends keyof Events & string>(
  kind: Kind,
  payload: EmittedOf<Events[Kind]>,
) => void;

/** Asks for something to show or to sound. */
export interface AskForEffect<Effects extends EffectDeclarations> {
  /** `key` tells effects of one name apart: those of equal keys are one effect, however often ticks are rerun. */
  <Name extends keyof Effects & string>(
    name: Name,
    key: string | undefined,
    data: EmittedOfFields<Effects[Name]>,
  ): void;
  /** Without a key the effect is told apart by tick, entity and order. */
  <Name extends keyof Effects & string>(name: Name, data: EmittedOfFields<Effects[Name]>): void;
}

/** What the game's code may ask of the engine while a tick runs. One object, reused: do not keep it. */
export interface Context<Events extends EventDeclarations, Effects extends EffectDeclarations> {
  /** The tick that runs. */
  readonly chronos: ChronosTick;
  readonly kairos: KairosBranchId;
  /** The tick's own generator: equal at every peer, from the first draw of the tick on. */
  readonly random: Random;
  /** Leaves a derived event for the next tick, equal at every peer and never sent. */
  readonly emit: Emit<Events>;
  readonly effect: AskForEffect<Effects>;
}

/** What `input` is given: nothing here is part of the match. */
export interface InputContext {
  /** The tick that the events will be stamped with. */
  readonly chronos: ChronosTick;
  readonly kairos: KairosBranchId;
  /** A generator for this player and tick alone. */
  readonly random: Random;
  /** What `input` likes to remember from call to call, of the same player: `{}` at first. */
  local: any;
}

/** What `predict` is given. */
export interface PredictContext {
  /** The tick whose events are to be predicted. */
  readonly chronos: ChronosTick;
  readonly kairos: KairosBranchId;
}

/** What `setup` is given: what every peer knows before the first tick. */
export interface Setup {
  readonly slots: readonly Slot[];
  /** Hands out typed views for the state, saved by one memory copy. */
  readonly arena: Arena;
  /** The generator of tick 0. */
  readonly random: Random;
  readonly kairos: KairosBranchId;
}

export type EventHandler<
  Events extends EventDeclarations,
  Effects extends EffectDeclarations,
  State,
  Kind extends NameIn<Events>,
> = (state: State, evt: EventEnvelope<Kind, PayloadOf<Events[Kind]>>, ctx: Context<Events, Effects>) => void;

/** One handler for the kind, or one for each phase that it wants the kind in. */
export type Handlers<Events extends EventDeclarations, Effects extends EffectDeclarations, State> = {
  readonly [Kind in NameIn<Events>]?:
    | EventHandler<Events, Effects, State, Kind>
    | { readonly [P in Phase]?: EventHandler<Events, Effects, State, Kind> };
};

/** An event as `predict` sees it. */
export type KnownEvent<Events extends EventDeclarations> = {
  [Kind in NameIn<Events>]: { readonly kind: Kind; readonly payload: PayloadOf<Events[Kind]> };
}[NameIn<Events>];

/** An event as `predict` gives it. */
export type PredictedEvent<Events extends EventDeclarations> = {
  [Kind in NameIn<Events>]: { readonly kind: Kind; readonly payload: EmittedOf<Events[Kind]> };
}[NameIn<Events>];

/**
 * A game. `setup`, `on`, `step` run alike at every peer: what they do may depend on the state, the event and `ctx`
 * alone. Everything that can change between two ticks is in the state.
 */
export interface GameSpec<
  Events extends EventDeclarations,
  Effects extends EffectDeclarations,
  State,
  Device,
> {
  /** 1 to 64 printable ASCII characters, as `version`. */
  readonly name: string;
  /** Changes whenever the rules do: peers of different versions do not meet. */
  readonly version: string;
  /** Ticks a second, 1 to 1,000; 60 where left out. */
  readonly tickHz?: number;
  readonly events: Events;
  readonly effects?: Effects;
  /** Makes the state of tick 0: plain values, or typed views of `arena` alone. */
  readonly setup: (setup: Setup) => State;
  readonly on?: Handlers<Events, Effects, State>;
  /** What happens every tick, after its events. */
  readonly step?: (state: State, ctx: Context<Events, Effects>) => void;
  /** Turns what the player's device says into events. Runs at the player's own peer only; reads the state. */
  readonly input?: (device: Device, emit: Emit<Events>, state: State, slot: Slot, ctx: InputContext) => void;
  /**
   * What a silent player is expected to have done in the tick, from what was last known of it; undefined for what
   * the declarations say. Reads the state.
   */
  readonly predict?: (
    state: State,
    slot: Slot,
    lastKnown: readonly KnownEvent<Events>[],
    ctx: PredictContext,
  ) => readonly PredictedEvent<Events>[] | undefined;
}

/** A game of any types: what the engine works with. */
export type AnyGameSpec = GameSpec<any, any, any, any>;
