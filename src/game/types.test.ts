import { describe, expect, expectTypeOf, test } from "vitest";
import { type DefinedGame, defineGame, event, isGame, type Slot, t } from "../index.js";

interface Keys {
  readonly x: number;
  readonly y: number;
  readonly fire: boolean;
}

const tag = defineGame({
  name: "tag",
  version: "1",
  tickHz: 60,
  events: {
    move: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
    fire: event({ angle: t.u16 }),
    take: event(
      { item: t.u8 },
      { reads: (_, p) => [`item/${p.item}`], writes: (_, p) => [`item/${p.item}`], aionWeight: 1 },
    ),
  },
  effects: { bang: { x: t.i32, y: t.i32 } },
  setup: ({ slots }) => ({ ships: slots.map(() => ({ x: 0, y: 0, vx: 0, vy: 0 })) }),
  on: {
    move: (state, evt) => {
      Object.assign(state.ships[evt.slot]!, { vx: evt.payload.x, vy: evt.payload.y });
    },
    fire: (state, evt, ctx) => {
      const { x, y } = state.ships[evt.slot]!;
      ctx.effect("bang", evt.envelopeHash, { x, y });
    },
  },
  step: (state) => {
    for (const s of state.ships) {
      s.x += s.vx;
      s.y += s.vy;
    }
  },
  input: (keys: Keys, emit) => {
    emit("move", { x: keys.x, y: keys.y });
    if (keys.fire) emit("fire", { angle: 0 });
  },
});

describe("the types of a game", () => {
  test("EN-701 follow from its declarations", () => {
    type Types =
      typeof tag extends DefinedGame<infer Events, infer Effects, infer State, infer Device>
        ? { events: Events; effects: Effects; state: State; device: Device }
        : never;
    expectTypeOf<Types["device"]>().toEqualTypeOf<Keys>();
    expectTypeOf<Types["state"]>().toEqualTypeOf<{
      ships: { x: number; y: number; vx: number; vy: number }[];
    }>();
    expectTypeOf<keyof Types["events"]>().toEqualTypeOf<"move" | "fire" | "take">();
    expectTypeOf<keyof Types["effects"]>().toEqualTypeOf<"bang">();
    expect(isGame(tag)).toBe(true);
  });

  test("EN-701 refuse a wrong kind, field or effect", () => {
    const wrong = (): void => {
      const parts = {
        name: "wrong",
        version: "1",
        events: {
          move: event({ x: t.i8, at: t.tick, note: t.optional(t.text(8)) }),
          done: event({}),
        },
        effects: { bang: { x: t.i32 } },
        setup: () => ({ score: 0 }),
      } as const;
      defineGame({
        ...parts,
        on: {
          move: (state, evt, ctx) => {
            expectTypeOf(state).toEqualTypeOf<{ score: number }>();
            expectTypeOf(evt.payload.x).toEqualTypeOf<number>();
            expectTypeOf(evt.slot).toEqualTypeOf<Slot>();
            // @ts-expect-error: no such field
            evt.payload.z;
            ctx.emit("done", {});
            ctx.emit("move", { x: 1 });
            ctx.emit("move", { x: 1, at: 3, note: "x" });
            // @ts-expect-error: no such kind
            ctx.emit("moved", { x: 1 });
            // @ts-expect-error: no such field
            ctx.emit("move", { x: 1, y: 1 });
            // @ts-expect-error: a field is missing
            ctx.emit("move", {});
            // @ts-expect-error: another type
            ctx.emit("move", { x: "1" });
            ctx.effect("bang", "key", { x: 1 });
            ctx.effect("bang", undefined, { x: 1 });
            ctx.effect("bang", { x: 1 });
            // @ts-expect-error: no such effect
            ctx.effect("bung", "key", { x: 1 });
            // @ts-expect-error: no such field of the effect
            ctx.effect("bang", "key", { y: 1 });
            // @ts-expect-error: no such field of the effect
            ctx.effect("bang", { y: 1 });
            // @ts-expect-error: nothing in the state
            state.points;
          },
        },
        input: (_: undefined, emit, state, slot, ctx) => {
          expectTypeOf(slot).toEqualTypeOf<Slot>();
          ctx.local.seen = state.score;
          // @ts-expect-error: no such kind
          emit("mve", { x: 1 });
        },
        predict: (state, _slot, lastKnown) => {
          expectTypeOf(lastKnown[0]!.kind).toEqualTypeOf<"move" | "done">();
          return state.score > 0 ? [{ kind: "move", payload: { x: 1 } }] : undefined;
        },
      });
      // @ts-expect-error: a handler of no declared kind
      defineGame({ ...parts, on: { moved: () => {} } });
      defineGame({
        ...parts,
        on: { move: { post_update: (state, evt) => void state.score.toFixed(evt.payload.x) } },
      });
      // @ts-expect-error: no such phase
      defineGame({ ...parts, on: { move: { after: () => {} } } });
      // @ts-expect-error: setup is missing
      defineGame({ name: "x", version: "1", events: {} });
    };
    expect(wrong).toBeTypeOf("function");
  });
});
