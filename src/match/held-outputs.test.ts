import { expect, test } from "vitest";
import { asSlot, chronosTick, type Hash } from "../core/base/brand.js";
import type { EffectOutput, Output } from "../core/session/outputs.js";
import { HELD_MOST, HeldOutputs } from "./held-outputs.js";

const effect = (phase: EffectOutput["phase"], key: string, tick: number): EffectOutput => ({
  type: "effect",
  phase,
  name: "bang",
  key,
  data: { tick },
  chronos: chronosTick(tick),
  ageTicks: 0,
});

const final = (tick: number): Output => ({
  type: "final",
  chronos: chronosTick(tick),
  stateHash: "" as Hash,
});

test("EN-773 what happened unseen is held in order and within bounds: the newest of what follows on itself", () => {
  const held = new HeldOutputs();
  const fault = (tick: number): Output => ({
    type: "fault",
    chronos: chronosTick(tick),
    error: "",
    where: "step",
  });
  for (let tick = 1; tick <= 10_000; tick++) {
    held.add([
      final(tick),
      { type: "peer", slot: asSlot(tick % 3), status: tick % 2 === 0 ? "away" : "connected" },
      { type: "stall", waitingFor: [asSlot(1)] },
      fault(tick),
    ]);
  }
  held.add([{ type: "ended", reason: "left", chronos: chronosTick(10_000) }]);
  const outputs = held.take();
  expect(outputs.filter(({ type }) => type === "fault")).toHaveLength(HELD_MOST);
  expect(outputs.filter(({ type }) => type !== "fault")).toEqual([
    { type: "peer", slot: 2, status: "away" },
    { type: "peer", slot: 0, status: "connected" },
    final(10_000),
    { type: "peer", slot: 1, status: "away" },
    { type: "stall", waitingFor: [1] },
    { type: "ended", reason: "left", chronos: 10_000 },
  ]);
  expect(held.take()).toEqual([]);
});

test("EN-773 of effects it is held what is new to who comes back", () => {
  const held = new HeldOutputs();
  held.add([
    effect("predicted", "over", 1),
    effect("predicted", "taken back", 1),
    effect("confirmed", "old", 1),
  ]);
  held.add([effect("predicted", "moved", 2), effect("predicted", "new", 3), effect("moved", "older", 2)]);
  held.add([
    effect("moved", "moved", 4),
    effect("confirmed", "over", 5),
    effect("cancelled", "taken back", 5),
  ]);
  held.add([effect("cancelled", "older", 6)]);
  expect(held.take()).toEqual([
    effect("confirmed", "old", 1),
    effect("predicted", "new", 3),
    effect("predicted", "moved", 4),
    effect("cancelled", "older", 6),
  ]);
});

test("EN-773 an effect that began before and ended unseen is told so, whatever began and ended under its key since", () => {
  const held = new HeldOutputs();
  held.add([
    effect("cancelled", "looped", 1),
    effect("predicted", "looped", 2),
    effect("cancelled", "looped", 2),
    effect("confirmed", "again", 1),
    effect("predicted", "again", 3),
  ]);
  const parted = { ...effect("cancelled", "c", 1), name: "a b" };
  held.add([parted, { ...effect("confirmed", "b c", 1), name: "a" }]);
  expect(held.take()).toEqual([
    effect("cancelled", "looped", 1),
    effect("confirmed", "again", 1),
    effect("predicted", "again", 3),
    parted,
    { ...effect("confirmed", "b c", 1), name: "a" },
  ]);
});
