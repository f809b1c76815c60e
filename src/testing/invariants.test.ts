import { beforeEach, describe, expect, test } from "vitest";
import { asSlot, chronosTick, type Hash, type KairosBranchId } from "../core/base/brand.js";
import { EventCatalog } from "../core/envelope/catalog.js";
import { event, t } from "../core/envelope/declare.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import { brokenBound } from "./bounds.js";
import { BrokenInvariant, MatchWatch, type RecordedTick } from "./invariants.js";

const catalog = EventCatalog.compile({
  aim: event({ x: t.i8 }, { predict: "repeat" }),
  fire: event({ power: t.u8 }),
});
const kairos = "00".repeat(16) as KairosBranchId;

const fire = (chronos: number, power: number, slot = 0): EventEnvelope =>
  catalog.envelope(
    catalog.pack("fire", { power }, chronosTick(chronos)),
    0,
    chronosTick(chronos),
    kairos,
    asSlot(slot),
  );

const tick = (
  chronos: number,
  events: readonly EventEnvelope[] = [],
  node = `node ${chronos}`,
): RecordedTick => ({
  chronos: chronosTick(chronos),
  events,
  refusals: [],
  node: node as Hash,
  stateHash: `state ${chronos}` as Hash,
});

let watch: MatchWatch;

/** A peer calls a tick final and records it. */
function pass(peer: number, recorded: RecordedTick, stateHash = recorded.stateHash): void {
  if (recorded.chronos > 0) watch.output(peer, { type: "final", chronos: recorded.chronos, stateHash });
  watch.recorded(peer, recorded);
  watch.updated(peer);
}

function passAll(peer: number, ticks: number, eventsOf: (chronos: number) => readonly EventEnvelope[]): void {
  for (let chronos = 0; chronos <= ticks; chronos++) pass(peer, tick(chronos, eventsOf(chronos)));
}

beforeEach(() => {
  watch = new MatchWatch(catalog, 2);
});

describe("a match is watched", () => {
  test("EN-848 for final ticks that go back or leave one out", () => {
    pass(0, tick(0));
    pass(0, tick(1));
    const final = (chronos: number): void =>
      watch.output(0, { type: "final", chronos: chronosTick(chronos), stateHash: undefined });
    expect(() => final(1)).toThrow(BrokenInvariant);
    expect(() => final(3)).toThrow("final ticks go on with 2, not 3");
    expect(() => watch.recorded(0, tick(3))).toThrow("journaled where 2 was next");
    watch.recorded(0, tick(2));
    expect(() => watch.updated(0)).toThrow("journaled before it was final");
    for (let chronos = 2; chronos <= 131; chronos++) final(chronos);
    expect(() => watch.updated(0)).toThrow("final, and tick 3 is not journaled yet");
  });

  test("EN-848 for two peers whose final ticks differ, the earliest first", () => {
    passAll(0, 5, () => []);
    for (const chronos of [0, 1, 2]) pass(1, tick(chronos));
    expect(watch.difference).toBeUndefined();
    pass(1, tick(3, [], "another"));
    expect(watch.difference).toEqual({ chronos: 3, peers: [0, 1], what: "history" });
    pass(1, tick(4), "another state" as Hash);
    expect(watch.difference).toMatchObject({ chronos: 3 });

    watch = new MatchWatch(catalog, 2);
    passAll(0, 2, () => []);
    pass(1, tick(0));
    pass(1, tick(1, [], "another"), "another state" as Hash);
    expect(watch.difference).toEqual({ chronos: 1, peers: [0, 1], what: "state" });
  });

  test("EN-849 for events that are lost or doubled", () => {
    const slot = asSlot(0);
    watch.authored(slot, chronosTick(5), [{ kind: "fire", payload: { power: 7 } }]);
    watch.authored(slot, chronosTick(6), [{ kind: "aim", payload: { x: 1 } }]);
    passAll(0, 100, (chronos) => (chronos === 5 ? [fire(5, 7)] : []));
    expect(watch.lostOrDoubled()).toBeUndefined();

    passAll(1, 60, () => []);
    expect(watch.lostOrDoubled()).toBeUndefined();
    for (let chronos = 61; chronos <= 70; chronos++) pass(1, tick(chronos));
    expect(watch.lostOrDoubled()).toBe("peer 1 lacks 1 events of slot 0");

    watch = new MatchWatch(catalog, 2);
    watch.authored(slot, chronosTick(5), [{ kind: "fire", payload: { power: 7 } }]);
    passAll(0, 100, (chronos) => (chronos === 9 || chronos === 20 ? [fire(chronos, 7)] : []));
    expect(watch.lostOrDoubled()).toMatch(/^peer 0 has an event of slot 0 2 times, not 1/);
  });

  test("EN-849 but not for what moved to a later tick, or was refused before it was sent", () => {
    const slot = asSlot(0);
    watch.authored(slot, chronosTick(5), [
      { kind: "fire", payload: { power: 7 } },
      { kind: "fire", payload: { power: 8 } },
    ]);
    watch.output(0, {
      type: "refused",
      envelope: { kind: "fire", slot, chronos: chronosTick(5), payload: { power: 8 } },
      reason: "quota",
    });
    passAll(0, 100, (chronos) => (chronos === 30 ? [fire(30, 7)] : []));
    expect(watch.lostOrDoubled()).toBeUndefined();
  });

  test("EN-850 for sessions that hold more than LIMITS allow", () => {
    const held = {
      timelineNodes: 189,
      snapshotBytes: 32 * 1024 * 1024,
      abandonedBranches: 64,
      liveEffects: 4096,
      unackedTicks: 128,
      unackedBytes: 131_072,
      waitingEvents: 256,
      assemblyBytes: 0,
    };
    const stats = (change: Partial<typeof held>): Parameters<typeof brokenBound>[0] =>
      ({ held: { ...held, ...change }, longestDatagramBytes: 1200 }) as never;
    expect(brokenBound(stats({}), 2)).toBeUndefined();
    const broken: Partial<typeof held>[] = [
      { timelineNodes: 190 },
      { snapshotBytes: 64 * 1024 * 1024 },
      { abandonedBranches: 65 },
      { liveEffects: 4097 },
      { unackedTicks: 129 },
      { unackedBytes: 2e7 },
      { waitingEvents: 257 },
      { assemblyBytes: 1e7 },
    ];
    for (const change of broken) {
      const [[name, count]] = Object.entries(change) as [[string, number]];
      expect(brokenBound(stats(change), 2), name).toContain(`${count} `);
    }
  });
});
