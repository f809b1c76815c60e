import fc from "fast-check";
import { chronosTick } from "../../src/core/base/brand.js";
import { EventCatalog } from "../../src/core/envelope/catalog.js";
import { TickContent } from "../../src/core/envelope/content.js";
import { event, t } from "../../src/core/envelope/declare.js";
import type { ContentSource } from "../../src/core/wire/run.js";

/** A sample of two bytes, one of eight, an event without fields, one with text, and one too long for a run. */
export const catalog: EventCatalog = EventCatalog.compile({
  aim: event({ at: t.f64 }, { predict: "repeat" }),
  blob: event({ data: t.bytes(60_000) }),
  fire: event({}),
  move: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
  say: event({ text: t.text(400), at: t.tick }),
});

export const kindIndex = (name: string): number => catalog.kindNamed(name)!.index;

/** The content of these events. */
export const contentOf = (...events: readonly (readonly [kind: string, payload: unknown])[]): TickContent =>
  TickContent.of(events.map(([kind, payload]) => catalog.pack(kind, payload, chronosTick(1))));

export const move = (x: number, y = 0): readonly [string, unknown] => ["move", { x, y }];

/** What a peer authored, held in arrays: `slots[index][tick]`, from tick 0, which is empty. */
export class ArraySource implements ContentSource {
  readonly slots: (TickContent | undefined)[][];

  constructor(slots: readonly (readonly (TickContent | undefined)[])[]) {
    this.slots = slots.map((ticks) => [TickContent.empty, ...ticks]);
  }

  content(index: number, tick: number): TickContent | undefined {
    return this.slots[index]![tick];
  }
}

/** A source that holds nothing. */
export const nothing: ContentSource = { content: () => undefined };

const anyEvent: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constant("move"),
      fc.record({ x: fc.integer({ min: -2, max: 2 }), y: fc.constant(0) }),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant("aim"), fc.record({ at: fc.double() })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("fire"), fc.constant({})) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant("say"),
      fc.record({ text: fc.string({ unit: "grapheme", maxLength: 40 }) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant("blob"),
      fc.record({ data: fc.uint8Array({ maxLength: 700, size: "max" }) }),
    ),
  },
);

/** What one slot does in `ticks` ticks: mostly repeating, as players do. */
const anySlot = (ticks: number): fc.Arbitrary<TickContent[]> =>
  fc
    .array(fc.option(fc.array(anyEvent, { maxLength: 4 }), { freq: 3, nil: undefined }), {
      minLength: ticks,
      maxLength: ticks,
    })
    .map((changes) => {
      let last = TickContent.empty;
      return changes.map((events) => {
        last = events === undefined ? last.repeated : contentOf(...events);
        return last;
      });
    });

/** What a peer of 1 to `maxSlots` slots does in `ticks` ticks. */
export const anyPeer = (ticks: number, maxSlots = 3): fc.Arbitrary<TickContent[][]> =>
  fc.array(anySlot(ticks), { minLength: 1, maxLength: maxSlots });
