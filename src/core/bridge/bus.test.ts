import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import { EventCatalog } from "../envelope/catalog.js";
import { event, t } from "../envelope/declare.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import { PayloadError } from "../envelope/field-type.js";
import { Bus, PHASES, WORLD_ENTITY } from "./bus.js";
import { DERIVED_BYTES_PER_TICK, DERIVED_EVENTS_PER_TICK } from "./limits.js";
import { DerivedQueueFull, inspectPending } from "./pending-queue.js";

const kairos = "ab".repeat(16) as KairosBranchId;
const catalog = EventCatalog.compile({
  hit: event({ power: t.u8, at: t.tick }),
  note: event({ text: t.text(60_000) }),
});

function hit(tick: number, slot: number, id: number, power: number): EventEnvelope {
  const content = catalog.pack("hit", { power }, chronosTick(tick));
  return catalog.envelope(content, id, chronosTick(tick), kairos, asSlot(slot));
}

const run = (bus: Bus, tick: number, network: readonly EventEnvelope[] = [], step?: () => void): void =>
  bus.run(chronosTick(tick), network, step, undefined);

function waiting(bus: Bus): readonly unknown[] {
  const saved = bus.savePending();
  return inspectPending(catalog, saved, 0, saved.length);
}

const powerOf = (evt: EventEnvelope): string => `${evt.author}/${evt.slot}:${evt.payload.power}`;

describe("Codex's Baby", () => {
  test("EN-730 delivers the network lane, then the derived lane, then runs the step, phase by phase", () => {
    const bus = new Bus(catalog, kairos);
    const seen: string[] = [];
    const note = (what: string) => (evt: EventEnvelope) =>
      void seen.push(`${bus.phase} ${what} ${powerOf(evt)}`);
    bus.on("hit", note("by lane"));
    for (const phase of PHASES) bus.on("hit", note("by name"), phase);
    run(bus, 1, [], () => {
      bus.emit("hit", { power: 9 });
      bus.emit("hit", { power: 8 }, 1);
    });
    expect(seen).toEqual([]);
    run(bus, 2, [hit(2, 0, 0, 1), hit(2, 3, 0, 2)], () => void seen.push(`${bus.phase} step`));
    const network = ["0/0:1", "3/3:2"];
    const derived = ["simulation/1:8", `simulation/${WORLD_ENTITY}:9`];
    const all = [...network, ...derived];
    expect(seen).toEqual([
      ...network.flatMap((evt) => [`pre_update by lane ${evt}`, `pre_update by name ${evt}`]),
      ...derived.map((evt) => `pre_update by name ${evt}`),
      ...network.map((evt) => `update by name ${evt}`),
      ...derived.flatMap((evt) => [`update by lane ${evt}`, `update by name ${evt}`]),
      "update step",
      ...all.map((evt) => `post_update by name ${evt}`),
      ...all.map((evt) => `timeline_flush by name ${evt}`),
    ]);
    expect(bus.derivedCount).toBe(2);
    expect(bus.phase).toBeUndefined();
  });

  test("EN-731 derived events come in the tick after, ordered by entity and then as emitted", () => {
    const bus = new Bus(catalog, kairos);
    const seen: unknown[] = [];
    bus.on("hit", ({ author, id, slot, chronos, payload }) =>
      seen.push([author, id, slot, chronos, payload.power, payload.at]),
    );
    run(bus, 4, [], () => {
      bus.emit("hit", { power: 1 });
      bus.emit("hit", { power: 2 }, 7);
      bus.emit("hit", { power: 3, at: 2 }, 0);
      bus.emit("hit", { power: 4 }, 7);
    });
    run(bus, 5);
    run(bus, 6);
    expect(seen).toEqual([
      ["simulation", 0, 0, 5, 3, 2],
      ["simulation", 1, 7, 5, 2, 5],
      ["simulation", 2, 7, 5, 4, 5],
      ["simulation", 3, WORLD_ENTITY, 5, 1, 5],
    ]);
  });

  test("EN-731 what a handler emits is its event's entity's", () => {
    const bus = new Bus(catalog, kairos);
    const seen: string[] = [];
    bus.on("hit", (evt) => {
      seen.push(`${evt.chronos} ${powerOf(evt)}`);
      if (evt.payload.power < 3) bus.emit("hit", { power: evt.payload.power + 1 });
    });
    run(bus, 1, [hit(1, 2, 0, 1)]);
    run(bus, 2);
    run(bus, 3);
    run(bus, 4);
    expect(seen).toEqual(["1 2/2:1", "2 simulation/2:2", "3 simulation/2:3"]);
  });

  test("EN-732 the waiting queue is saved and comes back, whatever it holds", () => {
    const emitted = fc.array(fc.tuple(fc.nat(255), fc.nat(300), fc.nat(90)), { maxLength: 30 });
    fc.assert(
      fc.property(emitted, (events) => {
        const buses = [new Bus(catalog, kairos), new Bus(catalog, kairos)] as const;
        const seen: EventEnvelope[][] = [[], []];
        buses.forEach((bus, i) => void bus.on("hit", (evt) => void seen[i]!.push(evt)));
        run(buses[0], 1, [], () => {
          for (const [power, entity, at] of events) buses[0].emit("hit", { power, at }, entity);
        });
        const saved = buses[0].savePending().slice();
        buses[1].restorePending(saved, 0, saved.length);
        expect(buses[1].savePending()).toEqual(saved);
        for (const bus of buses) run(bus, 2);
        const hashes = seen.map((events) => events.map((evt) => `${evt.envelopeHash} ${evt.slot}`));
        expect(hashes[1]).toEqual(hashes[0]);
        expect(seen[0]).toHaveLength(events.length);
      }),
      { seed: 7300, numRuns: 300 },
    );
  });

  test("EN-733 the queue is bounded in events and bytes, and payloads are checked where they are emitted", () => {
    const bus = new Bus(catalog, kairos);
    run(bus, 1, [], () => {
      for (let i = 0; i < DERIVED_EVENTS_PER_TICK; i++) bus.emit("hit", { power: 1 });
      expect(() => bus.emit("hit", { power: 1 })).toThrow(DerivedQueueFull);
    });
    expect(waiting(bus)).toHaveLength(DERIVED_EVENTS_PER_TICK);
    run(bus, 2, [], () => {
      const text = "x".repeat(60_000);
      for (let bytes = 0; bytes + 60_003 < DERIVED_BYTES_PER_TICK; bytes += 60_003)
        bus.emit("note", { text });
      expect(() => bus.emit("note", { text })).toThrow(DerivedQueueFull);
      expect(() => bus.emit("hit", { power: 256 })).toThrow(PayloadError);
      expect(() => bus.emit("hut", {})).toThrow(PayloadError);
    });
    expect(bus.derivedCount).toBe(DERIVED_EVENTS_PER_TICK);
    expect(waiting(bus)).toHaveLength(4);
  });

  test("EN-734 what throws is told: the event, its place and its phase; nothing in the step", () => {
    const bus = new Bus(catalog, kairos);
    const seen: number[] = [];
    bus.on("hit", (evt) => {
      if (evt.payload.power === 13) throw new Error("unlucky");
      seen.push(evt.payload.power);
    });
    const events = [hit(1, 0, 0, 7), hit(1, 1, 0, 13), hit(1, 1, 1, 8)];
    expect(() => run(bus, 1, events)).toThrow("unlucky");
    expect(bus.delivery).toEqual({ evt: events[1], position: 1, phase: "pre_update" });
    bus.run(
      chronosTick(1),
      events,
      () => bus.emit("hit", { power: 13 }),
      (_, position) => position === 1,
    );
    expect(seen).toEqual([7, 7, 8]);
    expect(() => run(bus, 2, [hit(2, 0, 0, 1)])).toThrow("unlucky");
    expect(bus.delivery).toMatchObject({ position: 1, phase: "update" });
    const step = (): void => {
      throw new Error("broken");
    };
    expect(() => run(bus, 3, [hit(3, 0, 0, 1)], step)).toThrow("broken");
    expect(bus.delivery).toBeUndefined();
    expect(bus.phase).toBeUndefined();
    expect(() => bus.emit("hit", { power: 1 })).toThrow(EchoNetError);
  });
});
