import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begun, stepWith } from "../../test/support/one-match.js";
import { EchoNetError } from "../core/base/errors.js";
import { Snapshot } from "../core/session/simulation.js";
import { defineGame, event, type GameSpec, type Setup, t } from "../index.js";
import { ARENA_BYTES } from "./limits.js";

const swarm = defineGame({
  name: "swarm",
  version: "1",
  events: { push: event({ at: t.u8, by: t.f64 }), ping: event({}) },
  setup: ({ arena, slots }) => {
    const alive = arena.u8(3);
    const x = arena.f64(4);
    const y = arena.f32(3);
    alive.fill(1);
    x.set([0.5, 1.5, 2.5, 3.5]);
    return {
      x,
      alive,
      teams: slots.map(() => ({ score: arena.i16(1), y: arena.i8(5) })),
      rest: { y, counts: [arena.u32(1), arena.u16(1), arena.i32(2)] },
    };
  },
  on: {
    push: (state, evt, ctx) => {
      state.x[evt.payload.at] = evt.payload.by;
      state.rest.y[0] = evt.payload.by;
      state.teams[evt.slot]!.score[0]!++;
      ctx.emit("ping", {});
    },
  },
  step: (state) => {
    state.rest.counts[0]![0]!++;
  },
});

const gameOf = (setup: (setup: Setup) => object, step?: (state: any) => void) => {
  const spec: GameSpec<Record<never, never>, Record<never, never>, object, unknown> = {
    name: "g",
    version: "1",
    events: {},
    setup,
    ...(step === undefined ? {} : { step }),
  };
  return defineGame(spec);
};

describe("a state of arena views", () => {
  test("EN-750 keeps what setup put into them, and shows as arrays", () => {
    expect(begun(swarm).inspect()).toEqual({
      x: { "<Float64Array>": [0.5, 1.5, 2.5, 3.5] },
      alive: { "<Uint8Array>": [1, 1, 1] },
      teams: [0, 1].map(() => ({ score: { "<Int16Array>": [0] }, y: { "<Int8Array>": [0, 0, 0, 0, 0] } })),
      rest: {
        y: { "<Float32Array>": [0, 0, 0] },
        counts: [{ "<Uint32Array>": [0] }, { "<Uint16Array>": [0] }, { "<Int32Array>": [0, 0] }],
      },
    });
  });

  test("EN-751 comes back from a snapshot in the very same views", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.double()), { maxLength: 10 }), (pushes) => {
        const [one, other] = [begun(swarm), begun(swarm)];
        const middle = new Snapshot();
        const run = (simulation: typeof one, from: number): void => {
          for (let i = from; i < pushes.length; i++) {
            const [at, by] = pushes[i]!;
            stepWith(simulation, i + 1, [i % 2, "push", { at, by }]);
          }
        };
        const half = pushes.length >> 1;
        for (let i = 0; i < half; i++)
          stepWith(one, i + 1, [i % 2, "push", { at: pushes[i]![0], by: pushes[i]![1] }]);
        one.saveInto(middle);
        run(one, half);
        run(other, 0);
        expect(other.hash()).toBe(one.hash());
        other.restore(middle);
        expect(other.hash()).toBe(one.hash(middle));
        run(other, half);
        expect(other.hash()).toBe(one.hash());
        expect(other.inspect()).toEqual(one.inspect());
      }),
      { seed: 7510, numRuns: 200 },
    );
  });

  test("EN-752 saving is one copy: all bytes of all views, without gaps, and the queue", () => {
    const simulation = begun(swarm);
    const snapshot = new Snapshot();
    simulation.saveInto(snapshot);
    expect(snapshot.length).toBe(4 * 8 + 3 * 4 + 4 + 2 * 4 + 2 * 2 + 2 + 2 * 5 + 3 + 1);
    stepWith(simulation, 1, [0, "push", { at: 0, by: 1 }]);
    simulation.saveInto(snapshot);
    expect(snapshot.length).toBeGreaterThan(4 * 8 + 3 * 4 + 4 + 2 * 4 + 2 * 2 + 2 + 2 * 5 + 3 + 1);
    expect((simulation.inspect() as Record<string, unknown>)["<pending>"]).toHaveLength(1);
  });

  test("EN-753 NaNs of all bits hash alike", () => {
    const withNaN = (high: number) =>
      gameOf(
        ({ arena }) => ({ x: arena.f64(2), pad: arena.u8(1), y: arena.f32(3) }),
        (state) => {
          new Uint32Array(state.x.buffer, state.x.byteOffset, 4)[3] = high;
          new Uint32Array(state.y.buffer, state.y.byteOffset, 3)[2] = high;
        },
      );
    const hashes = [0x7ff8_0000, 0xfff8_0000, 0x7ff8_1234].map((high) => {
      const simulation = begun(withNaN(high));
      stepWith(simulation, 1);
      const snapshot = new Snapshot();
      simulation.saveInto(snapshot);
      expect(simulation.hash(snapshot)).toBe(simulation.hash());
      return simulation.hash();
    });
    expect(new Set(hashes).size).toBe(1);
    const clean = begun(withNaN(0x3ff8_0000));
    stepWith(clean, 1);
    expect(hashes).not.toContain(clean.hash());
  });

  test("EN-754 a view of a snapshot is a copy", () => {
    const simulation = begun(swarm);
    const snapshot = new Snapshot();
    simulation.saveInto(snapshot);
    const view = simulation.viewOf(snapshot) as { x: Float64Array };
    view.x[0] = 99;
    expect((simulation.viewOf(snapshot) as typeof view).x[0]).toBe(0.5);
    expect(simulation.hash()).toBe(simulation.hash(snapshot));
    simulation.corrupt();
    expect((simulation.inspect() as { x: object }).x).toEqual({ "<Float64Array>": [0, 1.5, 2.5, 3.5] });
  });

  test("EN-755 mixes with nothing else", () => {
    const own = new Float64Array(2);
    const cases: readonly (readonly [setup: (setup: Setup) => object, words: string])[] = [
      [({ arena }) => ({ x: arena.f64(1), score: 0 }), "state.score is 0; a state that uses the arena"],
      [({ arena }) => ({ x: arena.f64(1), list: [[null]] }), "state.list[0][0] is null"],
      [
        ({ arena }) => ({ x: arena.f64(1), own }),
        "state.own is a typed array that does not come from the arena",
      ],
      [({ arena }) => ({ x: arena.f64(1), map: new Map() }), "state.map is a Map"],
      [({ arena }) => arena.f64(1), "state is a view; put it into an object"],
      [({ arena }) => ({ score: arena.f64(1).length }), "state.score is 1"],
      [({ arena }) => ({ x: arena.f64(-1) }), "whole number of elements"],
      [({ arena }) => ({ x: arena.f64(1.5) }), "whole number of elements"],
      [({ arena }) => ({ x: arena.u8(ARENA_BYTES), y: arena.u8(1) }), `at most ${ARENA_BYTES} bytes`],
    ];
    for (const [setup, words] of cases) {
      expect(() => begun(gameOf(setup))).toThrow(EchoNetError);
      expect(() => begun(gameOf(setup))).toThrow(words);
    }
  });

  test("EN-755 nor later: its objects are frozen, and the arena is closed after setup", () => {
    const adding = begun(
      gameOf(
        ({ arena }) => ({ x: arena.f64(1) }),
        (state) => Object.assign(state, { score: 1 }),
      ),
    );
    expect(() => stepWith(adding, 1)).toThrow(/not extensible/);
    let kept: Setup["arena"] | undefined;
    const keeping = begun(
      gameOf(
        ({ arena }) => {
          kept = arena;
          return { x: arena.f64(1) };
        },
        () => kept?.u8(1),
      ),
    );
    expect(() => stepWith(keeping, 1)).toThrow(/in setup only/);
  });
});
