/** A nominal type: a `T` that came from the one place allowed to make it. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** Simulation time: a whole number of fixed steps. Tick 0 is the state that `setup` made. Never wall time. */
export type ChronosTick = Brand<number, "ChronosTick">;
/** A branch of history: 32 lowercase hex digits. A match has one canonical branch. */
export type KairosBranchId = Brand<string, "KairosBranchId">;
/** A player's small number in the roster: 0 to 7. */
export type Slot = Brand<number, "Slot">;
/** BLAKE3-256 as 64 lowercase hex digits. */
export type Hash = Brand<string, "Hash">;

export const chronosTick = (tick: number): ChronosTick => tick as ChronosTick;
export const asSlot = (slot: number): Slot => slot as Slot;
