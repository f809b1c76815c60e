import { asSlot, chronosTick, type KairosBranchId, type Slot } from "../../src/core/base/brand.js";
import type { EventEnvelope } from "../../src/core/envelope/event-envelope.js";
import type { Game, MatchSeed, Simulation } from "../../src/core/session/simulation.js";

export const kairos = "0123456789abcdef".repeat(2) as KairosBranchId;

/** What every peer of a match of so many slots knows before tick 0. */
export const matchOf = (players: number, seed = 7): MatchSeed => ({
  kairos,
  seed: new Uint8Array(32).fill(seed),
  slots: Array.from({ length: players }, (_, slot) => asSlot(slot)),
});

/** A simulation of the game at tick 0. */
export function begun(
  game: Game,
  options: { guarded?: boolean; players?: number; seed?: number } = {},
): Simulation {
  const simulation = game.createSimulation({ guarded: options.guarded ?? false });
  simulation.begin(matchOf(options.players ?? 2, options.seed));
  return simulation;
}

export type Emitted = readonly [slot: number, kind: string, payload: unknown];

/** The network lane of a tick: events in order of their slots. */
export function laneOf(simulation: Simulation, tick: number, emitted: readonly Emitted[]): EventEnvelope[] {
  const ids = new Map<Slot, number>();
  return emitted.map(([author, kind, payload]) => {
    const slot = asSlot(author);
    const id = ids.get(slot) ?? 0;
    ids.set(slot, id + 1);
    const content = simulation.catalog.pack(kind, payload, chronosTick(tick));
    return simulation.catalog.envelope(content, id, chronosTick(tick), kairos, slot);
  });
}

/** Runs one tick on events that are given as slot, kind and payload. */
export function stepWith(simulation: Simulation, tick: number, ...emitted: readonly Emitted[]): void {
  simulation.step(chronosTick(tick), laneOf(simulation, tick, emitted));
}
