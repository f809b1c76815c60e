import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AdmissionRules, admitsWhole, refusalOf } from "../admit/admission.js";
import { asSlot, chronosTick, type KairosBranchId } from "../base/brand.js";
import { EventCatalog } from "../envelope/catalog.js";
import { TickContent } from "../envelope/content.js";
import { event, t } from "../envelope/declare.js";
import { arrangeTick, tickRulesOf } from "./order.js";

const catalog = EventCatalog.compile({
  move: event({ x: t.i8 }, { predict: "repeat" }),
  take: event(
    { item: t.u8 },
    { reads: (_, p) => [`item/${p.item}`], writes: (_, p) => [`item/${p.item}`], aionWeight: 1 },
  ),
  steal: event({ item: t.u8 }, { writes: (_, p) => [`item/${p.item}`], aionWeight: 5 }),
  look: event({ item: t.u8 }, { reads: (_, p) => [`item/${p.item}`] }),
  listless: event({ item: t.u8 }, { reads: () => undefined as never, writes: () => "item/3" as never }),
  broken: event(
    { item: t.u8 },
    {
      writes: () => {
        throw new Error("a claim of the game's own that fails");
      },
    },
  ),
});
const tick = chronosTick(7);
const admission: AdmissionRules = { eventsPerTick: 4, bytesPerTick: 12, mayEmit: [true, true, true, false] };
const rules = tickRulesOf(catalog, "00".repeat(16) as KairosBranchId, admission);

const content = (...requests: [kind: string, payload: unknown][]): TickContent =>
  TickContent.of(requests.map(([kind, payload]) => catalog.pack(kind, payload, tick)));

const shown = (contents: readonly TickContent[]): { entered: string[]; refused: string[] } => {
  const { entered, refused } = arrangeTick(rules, tick, contents);
  return {
    entered: entered.map((evt) => `${evt.slot}.${evt.id} ${evt.kind}`),
    refused: refused.map(({ envelope, reason }) => `${envelope.slot}.${envelope.id} ${reason}`),
  };
};

describe("admission", () => {
  test("EN-401 refuses every event of a slot without the right to emit", () => {
    const spoken = content(["move", { x: 1 }]);
    expect(shown([TickContent.empty, TickContent.empty, TickContent.empty, spoken])).toEqual({
      entered: [],
      refused: ["3.0 rights"],
    });
  });

  test("EN-402 refuses what is past the number of events or of bytes, and keeps what came before", () => {
    const many = content(...Array.from({ length: 6 }, (): [string, unknown] => ["move", { x: 1 }]));
    expect(shown([many])).toEqual({
      entered: ["0.0 move", "0.1 move", "0.2 move", "0.3 move"],
      refused: ["0.4 quota", "0.5 quota"],
    });
    const rich = { ...admission, bytesPerTick: 2 };
    const two = content(["move", { x: 1 }], ["move", { x: 2 }], ["move", { x: 3 }]);
    expect(admitsWhole(rich, asSlot(0), two)).toBe(false);
    expect([0, 1, 2].map((id) => refusalOf(rich, asSlot(0), two, id))).toEqual([
      undefined,
      undefined,
      "quota",
    ]);
  });
});

describe("order and claims", () => {
  test("EN-403 orders by slot, then by id", () => {
    const contents = [
      content(["move", { x: 1 }]),
      content(["look", { item: 9 }], ["move", { x: 1 }]),
      content(["move", { x: 1 }]),
    ];
    expect(shown(contents).entered).toEqual(["0.0 move", "1.0 look", "1.1 move", "2.0 move"]);
  });

  test("EN-404 lets the lower slot have what two want alike", () => {
    expect(shown([content(["take", { item: 3 }]), content(["take", { item: 3 }])])).toEqual({
      entered: ["0.0 take"],
      refused: ["1.0 paradox"],
    });
  });

  test("EN-404 lets the weightier kind have it, whatever its slot", () => {
    const contents = [content(["take", { item: 3 }]), TickContent.empty, content(["steal", { item: 3 }])];
    expect(shown(contents)).toEqual({ entered: ["2.0 steal"], refused: ["0.0 paradox"] });
  });

  test("EN-404 refuses a reader of what is written, and lets readers stand together", () => {
    const reader = content(["look", { item: 3 }]);
    expect(shown([reader, reader]).refused).toEqual([]);
    expect(shown([reader, content(["steal", { item: 3 }])]).refused).toEqual(["0.0 paradox"]);
    expect(shown([reader, content(["steal", { item: 4 }])]).refused).toEqual([]);
  });

  test("EN-404 takes a claim function that throws for one that claims nothing", () => {
    for (const kind of ["broken", "listless"]) {
      expect(shown([content([kind, { item: 3 }]), content(["take", { item: 3 }])]).refused).toEqual([]);
    }
  });

  test("EN-405 decides the same whenever it is asked, and leaves no two claims on one key", () => {
    const request = fc.tuple(
      fc.constantFrom("take", "steal", "look", "move"),
      fc.integer({ min: 0, max: 2 }),
    );
    const slotEvents = fc.array(request, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(slotEvents, { minLength: 3, maxLength: 3 }), (bySlot) => {
        const contents = bySlot.map((events) =>
          content(
            ...events.map(([kind, n]): [string, unknown] => [kind, kind === "move" ? { x: n } : { item: n }]),
          ),
        );
        const first = shown(contents);
        expect(shown(contents)).toEqual(first);
        expect(first.entered.length + first.refused.length).toBe(bySlot.flat().length);
        const writers = new Map<number, number>();
        const readers = new Map<number, number>();
        for (const evt of arrangeTick(rules, tick, contents).entered) {
          if (evt.kind === "move") continue;
          const held = evt.kind === "look" ? readers : writers;
          held.set(evt.payload.item, (held.get(evt.payload.item) ?? 0) + 1);
        }
        for (const [item, count] of writers) {
          expect(count).toBe(1);
          expect(readers.get(item) ?? 0).toBe(0);
        }
      }),
      { seed: 404, numRuns: 300 },
    );
  });
});
