import { describe, expect, test } from "vitest";
import { EffectTracker } from "./effects.js";
import type { EffectRequest } from "./simulation.js";

const bang = (key: string): EffectRequest => ({ name: "bang", key, data: { loud: true }, slot: undefined });

const track = (): { tracker: EffectTracker; told: string[] } => {
  const told: string[] = [];
  const tracker = new EffectTracker(({ phase, key, chronos, ageTicks }) =>
    told.push(`${phase} ${key}@${chronos} age ${ageTicks}`),
  );
  return { tracker, told };
};

describe("effects", () => {
  test("EN-521 what the new history asks for again is neither told twice nor cancelled", () => {
    const { tracker, told } = track();
    tracker.simulated(5, 5, [bang("a")]);
    tracker.abandoned(3);
    tracker.simulated(5, 5, [bang("a")]);
    tracker.replayed(7);
    tracker.final(5, 9, [bang("a")]);
    expect(told).toEqual(["predicted a@5 age 0", "confirmed a@5 age 4"]);
    expect(tracker.liveCount).toBe(0);
  });

  test("EN-521 in another tick it is moved, and where nobody asks for it any more it is cancelled", () => {
    const { tracker, told } = track();
    tracker.simulated(5, 5, [bang("a"), bang("b")]);
    tracker.abandoned(4);
    tracker.simulated(6, 6, [bang("a")]);
    tracker.replayed(6);
    tracker.final(6, 6, [bang("a")]);
    expect(told).toEqual([
      "predicted a@5 age 0",
      "predicted b@5 age 0",
      "moved a@6 age 0",
      "cancelled b@5 age 1",
      "confirmed a@6 age 0",
    ]);
  });

  test("EN-521 each request of a final tick ends in exactly one confirmation", () => {
    const { tracker, told } = track();
    tracker.simulated(5, 5, [bang("a")]);
    tracker.simulated(6, 6, [bang("a")]);
    tracker.final(5, 6, [bang("a")]);
    tracker.final(6, 6, [bang("a")]);
    expect(told.filter((line) => line.startsWith("confirmed"))).toEqual([
      "confirmed a@5 age 1",
      "confirmed a@6 age 0",
    ]);
    expect(told.filter((line) => line.startsWith("predicted")).length).toBe(2);
  });

  test("EN-521 what each tick asks for again is told in turn, each time from its beginning to its end", () => {
    const { tracker, told } = track();
    tracker.simulated(5, 5, [bang("a")]);
    tracker.simulated(6, 6, [bang("a")]);
    tracker.final(5, 6, [bang("a")]);
    // Tick 6 asked while tick 5's was still open, so that tick 7's is the next that is told.
    tracker.simulated(7, 7, [bang("a")]);
    tracker.final(6, 7, [bang("a")]);
    tracker.final(7, 7, [bang("a")]);
    expect(told).toEqual([
      "predicted a@5 age 0",
      "confirmed a@5 age 1",
      "predicted a@7 age 0",
      "moved a@6 age 1",
      "confirmed a@6 age 1",
      "predicted a@7 age 0",
      "confirmed a@7 age 0",
    ]);
    expect(tracker.liveCount).toBe(0);
  });
});
