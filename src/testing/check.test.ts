import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { event, t } from "../core/envelope/declare.js";
import { defineGame } from "../game/define-game.js";
import { checkDeterminism, type DeterminismFinding, type DeterminismReport } from "./check.js";

const events = { move: event({ x: t.i8 }, { predict: "repeat" }), fire: event({ power: t.u8 }) };

interface Ship {
  x: number;
  hits: number;
}

interface State {
  ships: Ship[];
  total: number;
}

type Step = (state: State, ctx: { readonly random: { int(below: number): number } }) => void;
type Handler = (state: State, slot: number, power: number) => void;

/** A small game that is sound but for what the test puts in. */
function makeGame(parts: {
  readonly setup?: () => void;
  readonly fire?: Handler;
  readonly step?: Step;
  readonly input?: (state: State, slot: number) => void;
}): Parameters<typeof checkDeterminism>[0] {
  return defineGame({
    name: "checked",
    version: "1",
    events,
    setup: ({ slots }): State => {
      parts.setup?.();
      return { ships: slots.map(() => ({ x: 0, hits: 0 })), total: 0 };
    },
    on: {
      move: (state, evt) => {
        state.ships[evt.slot]!.x += evt.payload.x;
      },
      fire: (state, evt, ctx) => {
        state.ships[evt.slot]!.hits += evt.payload.power + ctx.random.int(3);
        parts.fire?.(state, evt.slot, evt.payload.power);
      },
    },
    step: (state, ctx) => {
      state.total = (state.total * 31 + state.ships.reduce((sum, ship) => sum + ship.x, 0)) % 65_521;
      parts.step?.(state, ctx);
    },
    input: (_: unknown, emit, state, slot, ctx) => {
      parts.input?.(state, slot);
      emit("move", { x: ctx.random.int(5) - 2 });
      if (ctx.random.int(4) === 0) emit("fire", { power: ctx.random.int(200) });
    },
  });
}

const options = { ticks: 60, seed: 3, rollbackTicks: 8 };

function finding(report: DeterminismReport): DeterminismFinding {
  expect(report.ok).toBe(false);
  return report as DeterminismFinding;
}

describe("checkDeterminism", () => {
  test("EN-830 says nothing of a sound game", async () => {
    for (const players of [1, 2, 3]) {
      expect(await checkDeterminism(makeGame({}), { ...options, players })).toEqual({ ok: true });
    }
  });

  test("EN-830 says nothing of state in an arena, of Maps and Sets in the state, of caches that only save time", async () => {
    const arena = defineGame({
      name: "arena",
      version: "1",
      events,
      setup: ({ arena, slots }) => ({ x: arena.f64(slots.length), hits: arena.i32(slots.length) }),
      on: {
        move: (state, evt) => {
          state.x[evt.slot]! += evt.payload.x / 3;
        },
        fire: (state, evt) => {
          state.hits[evt.slot]! += evt.payload.power;
        },
      },
      input: (_: unknown, emit, _state, _slot, ctx) => {
        emit("move", { x: ctx.random.int(5) - 2 });
        if (ctx.random.int(4) === 0) emit("fire", { power: ctx.random.int(200) });
      },
    });
    expect(await checkDeterminism(arena, options)).toEqual({ ok: true });

    const squares = new Map<number, number>();
    const collections = defineGame({
      name: "collections",
      version: "1",
      events,
      setup: () => ({ shooters: new Set<number>(), powers: new Map<number, number>(), sum: 0 }),
      on: {
        fire: (state, evt) => {
          const { power } = evt.payload;
          if (!squares.has(power)) squares.set(power, power * power);
          state.shooters.delete(evt.slot);
          state.shooters.add(evt.slot);
          state.powers.set(evt.slot, squares.get(power)!);
        },
      },
      step: (state) => {
        for (const slot of state.shooters) state.sum = (state.sum * 7 + slot) % 1_000_003;
      },
      input: (_: unknown, emit, _state, _slot, ctx) => {
        if (ctx.random.int(4) === 0) emit("fire", { power: ctx.random.int(200) });
      },
    });
    expect(await checkDeterminism(collections, options)).toEqual({ ok: true });
  });

  test("EN-831 catches state kept outside", async () => {
    let shots = 0;
    const game = makeGame({
      fire: (state, slot) => {
        shots++;
        if (shots % 5 === 0) state.ships[slot]!.hits++;
      },
    });
    const { chronos, path, cause } = finding(await checkDeterminism(game, options));
    expect(chronos).toBeGreaterThan(0);
    expect(path).toMatch(/^ships\[\d\]\.hits$/);
    expect(cause).toContain("outside");
  });

  test("EN-831 catches state kept outside that setup makes anew", async () => {
    let shots = 0;
    const game = makeGame({
      setup: () => {
        shots = 0;
      },
      fire: (state) => {
        shots++;
        state.total = shots;
      },
    });
    const { path, cause } = finding(await checkDeterminism(game, options));
    expect(path).toBe("total");
    expect(cause).toContain("rollback");
  });

  test("EN-831 catches a closure that every simulation makes for itself", async () => {
    let clocks = 0;
    let clock = { ticks: 0 };
    const game = makeGame({
      setup: () => {
        clocks++;
        clock = { ticks: 0 };
      },
      step: (state) => {
        clock.ticks++;
        state.total += clock.ticks;
      },
    });
    expect(finding(await checkDeterminism(game, options)).path).toBe("total");
    expect(clocks).toBeGreaterThan(0);
  });

  const wait = async (): Promise<void> => await undefined;
  const later: readonly (readonly [string, Step])[] = [
    [
      "await",
      (state) =>
        void wait()
          .then(wait)
          .then(() => state.total++),
    ],
    ["a promise", (state) => void Promise.resolve().then(() => state.total++)],
  ];
  test.each(later)("EN-836 catches state that %s changes between ticks", async (_, step) => {
    const { chronos, path, cause } = finding(await checkDeterminism(makeGame({ step }), options));
    expect([chronos, path]).toEqual([1, "total"]);
    expect(cause).toMatch(/between two ticks.*await.*promise/);
  });

  test("EN-836 catches it also where it is rare", async () => {
    let calls = 0;
    const step: Step = (state) => {
      if (++calls === 7) void Promise.resolve().then(() => state.total++);
    };
    expect(finding(await checkDeterminism(makeGame({ step }), options)).cause).toMatch(/between two ticks/);
  });

  test("EN-832 catches a Set outside the state that is iterated", async () => {
    const seen = new Set<number>();
    const game = makeGame({
      fire: (_, slot) => {
        seen.add(slot);
      },
      step: (state) => {
        for (const slot of seen) state.total = (state.total * 31 + slot) % 65_521;
      },
    });
    const { path, cause } = finding(await checkDeterminism(game, options));
    expect(path).toBe("total");
    expect(cause).toContain("Set");
  });

  test("EN-832 catches such a Set where setup empties it", async () => {
    const seen = new Set<number>();
    const game = makeGame({
      setup: () => seen.clear(),
      fire: (_, slot) => {
        seen.add(slot);
      },
      step: (state) => {
        for (const slot of seen) state.total = (state.total * 31 + slot) % 65_521;
      },
    });
    expect(finding(await checkDeterminism(game, options)).path).toBe("total");
  });

  test.each([
    ["Date.now", () => Date.now()],
    ["performance.now", () => performance.now()],
    ["Math.random", () => Math.random()],
    ["Math.sin", () => Math.sin(1)],
  ])("EN-833 catches %s, in step, in a handler and in input", async (name, use) => {
    const inStep = finding(await checkDeterminism(makeGame({ step: () => void use() }), options));
    expect([inStep.chronos, inStep.cause]).toEqual([1, expect.stringContaining(name)]);
    const inHandler = finding(await checkDeterminism(makeGame({ fire: () => void use() }), options));
    expect(inHandler.cause).toContain("on.fire");
    expect(inHandler.cause).toContain(name);
    expect(inHandler.error).toBeInstanceOf(Error);
    const inInput = finding(await checkDeterminism(makeGame({ input: () => void use() }), options));
    expect(inInput.cause).toContain("input of slot");
    expect(inInput.cause).toContain(name);
    const inSetup = finding(await checkDeterminism(makeGame({ setup: () => void use() }), options));
    expect([inSetup.chronos, inSetup.cause]).toEqual([0, expect.stringContaining(name)]);
  });

  test("EN-834 catches input that changes the state, and code that throws", async () => {
    const written = await checkDeterminism(
      makeGame({
        input: (state) => {
          state.total++;
        },
      }),
      options,
    );
    expect(finding(written).cause).toMatch(/input .*changed the state/);
    const thrown = await checkDeterminism(
      makeGame({
        fire: (_, slot) => {
          if (slot === 1) throw new Error("slot one shot");
        },
      }),
      options,
    );
    expect(finding(thrown).cause).toMatch(/on\.fire.* threw: slot one shot/);
    expect((finding(thrown).error as Error).message).toBe("slot one shot");
  });

  test.each([
    ["a number out of range", { x: 1000 }, "move.x"],
    ["a number with a fraction", { x: 0.5 }, "move.x"],
    ["a field that is missing", {}, "move.x"],
  ])("EN-834 catches an event that cannot be sent: %s", async (_, payload, place) => {
    const game = defineGame({
      name: "sends",
      version: "1",
      events,
      setup: () => ({ sum: 0 }),
      input: (_device, emit) => emit("move", payload as { x: number }),
    });
    const { cause } = finding(await checkDeterminism(game, options));
    expect(cause).toMatch(/^input of slot \d emits move, which cannot be sent: /);
    expect(cause).toContain(place);
  });

  test("EN-834 catches more events than a tick holds", async () => {
    const game = defineGame({
      name: "sends too much",
      version: "1",
      events,
      setup: () => ({ sum: 0 }),
      input: (_device, emit) => {
        for (let i = 0; i < 100; i++) emit("move", { x: 1 });
      },
    });
    expect(finding(await checkDeterminism(game, options)).cause).toContain("the tick is full");
  });

  test("EN-834 catches what no state can hold", async () => {
    const game = makeGame({
      fire: (state) => {
        (state as { callback?: unknown }).callback = (): number => 1;
      },
    });
    expect(finding(await checkDeterminism(game, options)).cause).toContain("callback");
  });

  test("EN-835 the devices' input is handed to the game, by slot and tick", async () => {
    const asked: string[] = [];
    const game = defineGame({
      name: "devices",
      version: "1",
      events,
      setup: () => ({ sum: 0 }),
      on: {
        move: (state, evt) => {
          state.sum += evt.payload.x;
        },
      },
      input: (device: { readonly x: number } | undefined, emit) => {
        if (device !== undefined) emit("move", { x: device.x });
      },
    });
    const input = (slot: number, chronos: number): { x: number } => {
      asked.push(`${slot}@${chronos}`);
      return { x: (slot + chronos) % 100 };
    };
    expect(await checkDeterminism(game, { ticks: 10, input })).toEqual({ ok: true });
    expect(new Set(asked)).toEqual(
      new Set([0, 1].flatMap((slot) => Array.from({ length: 10 }, (_, i) => `${slot}@${i + 1}`))),
    );
  });

  test("EN-835 refuses what is no game", async () => {
    const check = checkDeterminism as (game: unknown) => Promise<unknown>;
    await expect(check({ name: "pond" })).rejects.toThrow(/checkDeterminism takes a game/);
  });

  test("EN-835 refuses options that make no sense", async () => {
    for (const wrong of [
      { ticks: 0 },
      { ticks: 1.5 },
      { players: 9 },
      { players: 0 },
      { rollbackTicks: 0 },
    ]) {
      await expect(checkDeterminism(makeGame({}), wrong)).rejects.toThrow(EchoNetError);
    }
  });
});
