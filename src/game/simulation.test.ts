import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import { type MatchSeed, type Simulation, Snapshot } from "../core/session/simulation.js";
import { defineGame, event, t } from "../index.js";

const kairos = "0".repeat(32) as KairosBranchId;
const match: MatchSeed = { kairos, seed: new Uint8Array(32).fill(7), slots: [asSlot(0), asSlot(1)] };

const counter = defineGame({
  name: "counter",
  version: "1",
  events: { add: event({ by: t.i8 }) },
  effects: { ping: { total: t.i32 } },
  setup: ({ slots }) => ({ totals: slots.map(() => 0), ticks: 0, rolls: [] as number[] }),
  on: {
    add: (state, evt, ctx) => {
      state.totals[evt.slot]! += evt.payload.by;
      ctx.effect("ping", { total: state.totals[evt.slot]! });
    },
  },
  step: (state, ctx) => {
    state.ticks++;
    state.rolls = [ctx.random.int(6)];
  },
});

const add = (simulation: Simulation, tick: number, slot: number, by: number): EventEnvelope => {
  const content = simulation.catalog.pack("add", { by }, chronosTick(tick));
  return simulation.catalog.envelope(content, 0, chronosTick(tick), kairos, asSlot(slot));
};

describe("a game as a simulation", () => {
  test("EN-702 runs handlers, then step, and comes back from a snapshot", () => {
    const simulation = counter.createSimulation();
    simulation.begin(match);
    const start = new Snapshot();
    simulation.saveInto(start);
    simulation.step(chronosTick(1), [add(simulation, 1, 0, 3), add(simulation, 1, 1, -2)]);
    expect(simulation.inspect()).toMatchObject({ totals: [3, -2], ticks: 1 });
    expect(simulation.effects.map(({ key, slot }) => [key, slot])).toEqual([
      ["#1/0/0", 0],
      ["#1/1/0", 1],
    ]);
    const hash = simulation.hash();
    simulation.restore(start);
    expect(simulation.hash()).not.toBe(hash);
    simulation.step(chronosTick(1), [add(simulation, 1, 0, 3), add(simulation, 1, 1, -2)]);
    expect(simulation.hash()).toBe(hash);
  });
});
