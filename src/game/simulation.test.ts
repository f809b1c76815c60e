import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begun, type Emitted, laneOf, matchOf, stepWith } from "../../test/support/one-match.js";
import { asSlot, chronosTick } from "../core/base/brand.js";
import { type Simulation, SimulationError, Snapshot } from "../core/session/simulation.js";
import { defineGame, event, t } from "../index.js";

/** A game with a rule of every kind: random draws, chains of derived events, a Map whose order matters. */
const brawl = defineGame({
  name: "brawl",
  version: "1",
  events: {
    move: event({ x: t.i8 }, { predict: "repeat" }),
    hit: event({ target: t.u8, power: t.u8 }),
    echo: event({ depth: t.u8, born: t.tick }),
  },
  effects: { bang: { at: t.i32, note: t.optional(t.text(20)) } },
  setup: ({ slots, random }) => ({
    fighters: slots.map(() => ({ x: 0, health: 100 + random.int(10) })),
    log: new Map<string, number>(),
    wind: 0,
  }),
  on: {
    move: (state, evt) => {
      state.fighters[evt.slot]!.x += evt.payload.x;
    },
    hit: (state, evt, ctx) => {
      const target = state.fighters[evt.payload.target];
      if (target === undefined) throw new RangeError(`nobody is ${evt.payload.target}`);
      target.health -= evt.payload.power + ctx.random.int(3);
      ctx.effect("bang", { at: target.x });
      ctx.emit("echo", { depth: 2 });
    },
    echo: {
      update: (state, evt, ctx) => {
        state.log.delete(`${evt.slot}`);
        state.log.set(`${evt.slot}`, evt.payload.born);
        if (evt.payload.depth > 0) ctx.emit("echo", { depth: evt.payload.depth - 1 });
      },
      post_update: (_state, evt, ctx) =>
        ctx.effect("bang", `echo ${evt.payload.born}`, { at: evt.payload.depth }),
    },
  },
  step: (state, ctx) => {
    state.wind = ctx.random.unit();
    for (const fighter of state.fighters) fighter.x *= 0.9;
  },
});

const emission: fc.Arbitrary<Emitted> = fc.oneof(
  fc.tuple(fc.nat(1), fc.constant("move"), fc.record({ x: fc.integer({ min: -128, max: 127 }) })),
  fc.tuple(fc.nat(1), fc.constant("hit"), fc.record({ target: fc.nat(2), power: fc.nat(255) })),
);
const history = fc.array(
  fc.array(emission, { maxLength: 4 }).map((events) => events.sort((a, b) => a[0] - b[0])),
  { minLength: 1, maxLength: 12 },
);

/** Everything that a tick shows: state, effects, faults. */
const outcomeOf = (simulation: Simulation): unknown => ({
  hash: simulation.hash(),
  effects: simulation.effects,
  faults: simulation.faults.map(({ where, error }) => `${where}: ${error}`),
});

describe("a game as a simulation", () => {
  test("EN-702 a tick depends on the saved state, the tick and its events alone", () => {
    fc.assert(
      fc.property(history, fc.nat(), (ticks, pick) => {
        const straight = begun(brawl);
        const snapshots = [new Snapshot()];
        straight.saveInto(snapshots[0]!);
        const outcomes = ticks.map((events, i) => {
          stepWith(straight, i + 1, ...events);
          const snapshot = new Snapshot();
          straight.saveInto(snapshot);
          snapshots.push(snapshot);
          return outcomeOf(straight);
        });
        // From any tick on, in another simulation, after having been elsewhere.
        const from = pick % ticks.length;
        const other = begun(brawl);
        stepWith(other, 40, [0, "hit", { target: 1, power: 5 }]);
        other.restore(snapshots[from]!);
        for (let i = from; i < ticks.length; i++) {
          stepWith(other, i + 1, ...ticks[i]!);
          const snapshot = new Snapshot();
          other.saveInto(snapshot);
          expect(snapshot.view()).toEqual(snapshots[i + 1]!.view());
          expect(outcomeOf(other)).toEqual(outcomes[i]);
        }
        expect(straight.inspect(snapshots[0])).toEqual(begun(brawl).inspect());
      }),
      { seed: 7020, numRuns: 200 },
    );
  });

  test("EN-702 a match begins anew from its seed, and another seed is another match", () => {
    const simulation = begun(brawl);
    const hash = simulation.hash();
    stepWith(simulation, 1, [0, "hit", { target: 1, power: 5 }]);
    expect(simulation.hash()).not.toBe(hash);
    simulation.begin(matchOf(2));
    expect(simulation.hash()).toBe(hash);
    simulation.begin(matchOf(2, 8));
    expect(simulation.hash()).not.toBe(hash);
  });

  test("EN-703 the hash covers the derived events that wait", () => {
    const [a, b] = [begun(brawl), begun(brawl)];
    stepWith(a, 1, [0, "move", { x: 0 }]);
    stepWith(b, 1, [0, "move", { x: 0 }]);
    expect(a.hash()).toBe(b.hash());
    const quiet = begun(brawl);
    const chatty = begun(brawl);
    stepWith(quiet, 1, [0, "hit", { target: 1, power: 0 }]);
    stepWith(chatty, 1, [1, "hit", { target: 1, power: 0 }]);
    const tree = chatty.inspect() as Record<string, unknown>;
    expect(tree["<pending>"]).toEqual([{ kind: "echo", entity: 1, payload: { depth: 2, born: 0 } }]);
    expect({ ...tree, "<pending>": [] }).toEqual({ ...(quiet.inspect() as object), "<pending>": [] });
    expect(chatty.hash()).not.toBe(quiet.hash());
  });

  test("EN-704 every tick's generator starts afresh, and a rerun draws the same", () => {
    const draws: number[] = [];
    const dice = defineGame({
      name: "dice",
      version: "1",
      events: { roll: event({}) },
      setup: () => ({ total: 0 }),
      on: { roll: (_state, _evt, ctx) => void draws.push(ctx.random.int(1 << 30)) },
      step: (_state, ctx) => void draws.push(ctx.random.int(1 << 30)),
    });
    const simulation = begun(dice);
    const start = new Snapshot();
    simulation.saveInto(start);
    stepWith(simulation, 1, [0, "roll", {}]);
    stepWith(simulation, 2, [0, "roll", {}]);
    simulation.restore(start);
    stepWith(simulation, 1);
    const [first, second, third, fourth, fifth] = draws;
    expect(new Set([first, second, third, fourth]).size).toBe(4);
    expect(fifth).toBe(first);
    stepWith(begun(dice, { seed: 8 }), 1);
    expect(draws[5]).not.toBe(first);
  });

  test("EN-705 the view of a snapshot is a copy that nobody else holds", () => {
    const simulation = begun(brawl);
    const snapshot = new Snapshot();
    simulation.saveInto(snapshot);
    const view = simulation.viewOf(snapshot) as { fighters: { x: number }[] };
    view.fighters[0]!.x = 77;
    const again = simulation.viewOf(snapshot) as typeof view;
    expect(again.fighters[0]!.x).toBe(0);
    expect(simulation.inspect()).toEqual(simulation.inspect(snapshot));
  });

  test("EN-706 corrupt changes one leaf, always the same one", () => {
    const [a, b] = [begun(brawl), begun(brawl)];
    const before = a.inspect() as { fighters: { x: number }[] };
    a.corrupt();
    b.corrupt();
    expect(a.hash()).toBe(b.hash());
    expect((a.inspect() as typeof before).fighters[0]!.x).toBe(1);
    (before.fighters[0] as { x: number }).x = 1;
    expect(a.inspect()).toEqual(before);
  });

  test("EN-707 a state that cannot be saved is refused: at setup as GAME_INVALID, later as SimulationError", () => {
    const gameWith = (state: () => object, spoil: (state: any) => void) =>
      defineGame({ name: "g", version: "1", events: {}, setup: state, step: spoil });
    const bad = gameWith(
      () => ({ at: new Date(0) }),
      () => {},
    );
    expect(() => begun(bad)).toThrow(/setup: state\.at is a Date/);
    const none = gameWith((() => 5) as never, () => {});
    expect(() => begun(none)).toThrow(/setup returned 5/);
    const throwing = gameWith(
      () => {
        throw new TypeError("no map");
      },
      () => {},
    );
    expect(() => begun(throwing)).toThrow(/setup threw TypeError: no map/);
    const turning = begun(
      gameWith(
        () => ({ list: [{}] }),
        (state) => state.list.push(state.list[0]),
      ),
    );
    stepWith(turning, 1);
    expect(() => turning.saveInto(new Snapshot())).toThrow(SimulationError);
    expect(() => turning.hash()).toThrow(/state\.list\[1\] is the same object as state\.list\[0\]/);
  });

  test("EN-707 one that throws when it is read is refused alike", () => {
    const unreadable = (): object => {
      const ownKeys = (): never => {
        throw new TypeError("not to be read");
      };
      return new Proxy({}, { ownKeys });
    };
    const parts = { name: "g", version: "1", events: {} };
    expect(() => begun(defineGame({ ...parts, setup: unreadable }))).toThrow(
      expect.objectContaining({ code: "GAME_INVALID", hint: expect.stringContaining("not to be read") }),
    );
    const game = defineGame({
      ...parts,
      setup: () => ({ list: [] as object[] }),
      step: (state) => {
        state.list.push(unreadable());
      },
    });
    for (const guarded of [false, true]) {
      const simulation = begun(game, { guarded });
      stepWith(simulation, 1);
      expect(() => simulation.saveInto(new Snapshot())).toThrow(SimulationError);
      expect(() => simulation.hash()).toThrow(/the state cannot be saved: not to be read/);
    }
  });

  test("EN-718 guarded, what a save would lose is refused at every save, however late and brief", () => {
    const game = defineGame({
      name: "g",
      version: "1",
      events: {},
      setup: () => ({ shots: [] as object[] }),
      step: (state, ctx) => {
        state.shots = ctx.chronos % 100 === 77 ? [Object.freeze({ x: 1 })] : [];
      },
    });
    const simulation = begun(game, { guarded: true });
    const snapshot = new Snapshot();
    for (let tick = 1; tick < 77; tick++) {
      stepWith(simulation, tick);
      simulation.saveInto(snapshot);
    }
    stepWith(simulation, 77);
    expect(() => simulation.saveInto(snapshot)).toThrow(/state\.shots\[0\] is frozen/);
  });
});

describe("effects", () => {
  test("EN-720 carry name, key, checked data and whose they are", () => {
    const simulation = begun(brawl);
    stepWith(
      simulation,
      5,
      [0, "hit", { target: 1, power: 1 }],
      [0, "hit", { target: 0, power: 1 }],
      [1, "hit", { target: 0, power: 1 }],
    );
    expect(simulation.effects).toEqual([
      { name: "bang", key: "#5/0/0", data: { at: 0 }, slot: 0 },
      { name: "bang", key: "#5/0/1", data: { at: 0 }, slot: 0 },
      { name: "bang", key: "#5/1/0", data: { at: 0 }, slot: 1 },
    ]);
    stepWith(simulation, 6);
    expect(simulation.effects.map(({ key, slot }) => [key, slot])).toEqual([
      ["echo 6", 0],
      ["echo 6", 0],
      ["echo 6", 1],
    ]);
    stepWith(simulation, 9);
    stepWith(simulation, 10);
    stepWith(simulation, 11);
    expect(simulation.effects).toEqual([]);
  });

  test("EN-721 one that breaks its declaration, comes too late or is one too many is a fault", () => {
    const faulty = defineGame({
      name: "faulty",
      version: "1",
      events: { ask: event({ how: t.u8 }) },
      effects: { bang: { x: t.u8 } },
      setup: () => ({}),
      on: {
        ask: {
          pre_update: (_state, evt, ctx) => {
            const effect = ctx.effect as (...given: unknown[]) => void;
            if (evt.payload.how === 0) effect("bang", { x: 256 });
            if (evt.payload.how === 1) effect("bung", { x: 1 });
            if (evt.payload.how === 2) effect("bang", 7, { x: 1 });
            if (evt.payload.how === 3) effect("bang", "k".repeat(257), { x: 1 });
            if (evt.payload.how === 4) for (let i = 0; i <= 1024; i++) effect("bang", { x: 1 });
            if (evt.payload.how === 6) effect("toString", {});
          },
          timeline_flush: (_state, evt, ctx) => {
            if (evt.payload.how === 5) ctx.effect("bang", { x: 1 });
          },
        },
      },
      step: (_state, ctx) => ctx.effect("bang", "step", { x: 1 }),
    });
    const words = ["effect bang.x: must be", "bung is not declared", "is not text", "has 257 characters"];
    words.push("more than 1024", "too late", "toString is not declared");
    for (const [how, expected] of words.entries()) {
      const simulation = begun(faulty);
      stepWith(simulation, 1, [1, "ask", { how }]);
      expect(simulation.faults.map(({ where, error }) => `${where}: ${error}`)).toEqual([
        expect.stringMatching(new RegExp(`^on.ask of slot 1: .*${expected}`)),
      ]);
      expect(simulation.effects).toEqual([{ name: "bang", key: "step", data: { x: 1 }, slot: undefined }]);
    }
  });
});

describe("faults", () => {
  test("EN-722 a handler that throws costs its event and nothing else", () => {
    const [faulty, spared] = [begun(brawl), begun(brawl)];
    const bad: Emitted = [0, "hit", { target: 2, power: 1 }];
    const good: Emitted[] = [
      [0, "move", { x: 5 }],
      [1, "hit", { target: 0, power: 9 }],
    ];
    stepWith(faulty, 1, good[0]!, bad, good[1]!);
    stepWith(spared, 1, ...good);
    expect(faulty.hash()).toBe(spared.hash());
    expect(faulty.effects).toEqual(spared.effects);
    expect(faulty.faults).toEqual([{ error: new RangeError("nobody is 2"), where: "on.hit of slot 0" }]);
    stepWith(faulty, 2);
    expect(faulty.faults).toEqual([]);
  });

  test("EN-722 whatever it did before it threw, to state, payload, queue and generator, is undone", () => {
    const vandal = defineGame({
      name: "vandal",
      version: "1",
      events: { put: event({ list: t.list(t.u8, 4) }), spoil: event({}), late: event({}) },
      setup: () => ({ lists: [] as number[][], drawn: 0 }),
      on: {
        put: (state, evt) => {
          evt.payload.list.push(99);
          state.lists.push(evt.payload.list);
        },
        spoil: (state, _evt, ctx) => {
          state.lists.length = 0;
          ctx.random.unit();
          ctx.emit("late", {});
          throw new Error("spoilt");
        },
      },
      step: (state, ctx) => {
        state.drawn = ctx.random.int(1000);
      },
    });
    const [faulty, spared] = [begun(vandal), begun(vandal)];
    stepWith(faulty, 1, [0, "put", { list: [1] }], [1, "spoil", {}]);
    stepWith(spared, 1, [0, "put", { list: [1] }]);
    expect(faulty.inspect()).toEqual(spared.inspect());
    expect(faulty.inspect()).toMatchObject({ lists: [[1, 99]] });
    expect(faulty.hash()).toBe(spared.hash());
  });

  test("EN-723 reruns are bounded: after three throws none of that slot's events run in the tick", () => {
    let calls = 0;
    const angry = defineGame({
      name: "angry",
      version: "1",
      events: { boom: event({ n: t.u8 }), chain: event({}) },
      setup: () => ({ seen: [] as number[] }),
      on: {
        boom: (state, evt, ctx) => {
          calls++;
          state.seen.push(evt.payload.n);
          if (evt.payload.n < 200) throw new Error(`boom ${evt.payload.n}`);
          ctx.emit("chain", {});
        },
        chain: () => {
          throw new Error("chain");
        },
      },
    });
    const simulation = begun(angry);
    const crowd = Array.from({ length: 100 }, (_, n): Emitted => [0, "boom", { n }]);
    stepWith(
      simulation,
      1,
      ...crowd,
      [0, "boom", { n: 250 }],
      [1, "boom", { n: 200 }],
      [1, "boom", { n: 201 }],
    );
    expect(simulation.faults.map(({ error }) => String(error))).toEqual(
      [0, 1, 2].map((n) => `Error: boom ${n}`),
    );
    expect(simulation.inspect()).toMatchObject({ seen: [200, 201] });
    expect(calls).toBe(1 + 1 + 1 + 2);
    simulation.saveInto(new Snapshot());
    stepWith(simulation, 2);
    expect(simulation.faults.map(({ where }) => where)).toEqual(["on.chain of slot 1", "on.chain of slot 1"]);
  });

  test("EN-724 a step that throws is a SimulationError with its cause", () => {
    const broken = defineGame({
      name: "broken",
      version: "1",
      events: {},
      setup: () => ({ ticks: 0 }),
      step: (state) => {
        if (++state.ticks === 2) throw new TypeError("out of ideas");
      },
    });
    const simulation = begun(broken);
    const start = new Snapshot();
    stepWith(simulation, 1);
    simulation.saveInto(start);
    expect(() => stepWith(simulation, 2)).toThrow(
      expect.objectContaining({
        name: "SimulationError",
        message: "step threw in tick 2: out of ideas",
        cause: new TypeError("out of ideas"),
      }),
    );
    simulation.restore(start);
    expect(simulation.inspect()).toEqual({ ticks: 1 });
  });

  test("EN-724 so is a handler's throw where the tick's start was not saved", () => {
    const simulation = begun(brawl);
    stepWith(simulation, 1);
    expect(() => stepWith(simulation, 2, [0, "hit", { target: 9, power: 1 }])).toThrow(SimulationError);
  });
});

describe("input and predict", () => {
  const shooter = defineGame({
    name: "shooter",
    version: "1",
    events: { move: event({ x: t.i8 }, { predict: "repeat" }), fire: event({}) },
    setup: () => ({ x: 3, list: [1, 2] }),
    input: (device: string | undefined, emit, state, slot, ctx) => {
      if (device === "throw") throw new Error("loose cable");
      if (device === "unknown") (emit as (kind: string, payload: unknown) => void)("mve", {});
      if (device === "touch") state.list.reverse();
      if (device === "break") Object.assign(state, { f: () => 0 });
      ctx.local.calls = (ctx.local.calls ?? 0) + 1;
      emit("move", { x: state.x + slot });
      if (device === "fire") emit("fire", {});
      if (device === "bot") emit("move", { x: ctx.random.int(100) });
      if (device === "count") emit("move", { x: ctx.local.calls });
    },
    predict: (state, slot, lastKnown, ctx) => {
      if (slot === 1) return undefined;
      if (lastKnown.length === 0) throw new Error("nothing known");
      return [{ kind: "move", payload: { x: state.x + ctx.chronos } }];
    },
  });
  const collect = (simulation: Simulation, device: string | undefined, slot = 0, tick = 1): unknown[] =>
    simulation
      .collectInput(asSlot(slot), chronosTick(tick), device)
      .map(({ kind, payload }) => [kind, payload]);

  test("EN-725 input turns a device and the state into requests, in order", () => {
    const simulation = begun(shooter);
    expect(collect(simulation, "fire", 1)).toEqual([
      ["move", { x: 4 }],
      ["fire", {}],
    ]);
    expect(simulation.inputFaults).toEqual([]);
    expect(collect(begun(brawl), undefined)).toEqual([]);
  });

  test("EN-725 its generator is of player and tick, its local value lasts from call to call", () => {
    const draw = (slot: number, tick: number): unknown => collect(begun(shooter), "bot", slot, tick)[1];
    expect(draw(0, 1)).toEqual(draw(0, 1));
    expect(new Set([draw(0, 1), draw(1, 1), draw(0, 2)].map((drawn) => JSON.stringify(drawn))).size).toBe(3);
    const simulation = begun(shooter);
    collect(simulation, undefined, 0);
    expect(collect(simulation, "count", 0)[1]).toEqual(["move", { x: 2 }]);
    expect(collect(simulation, "count", 1)[1]).toEqual(["move", { x: 1 }]);
  });

  test("EN-726 an input that throws or emits what is not declared gives no events and a fault", () => {
    const simulation = begun(shooter);
    for (const [device, words] of [
      ["throw", "loose cable"],
      ["unknown", "mve, which the game does not declare"],
    ] as const) {
      expect(collect(simulation, device)).toEqual([]);
      expect(simulation.inputFaults?.map(({ where, error }) => `${where} ${error}`)).toEqual([
        expect.stringContaining(words),
      ]);
    }
    collect(simulation, undefined);
    expect(simulation.inputFaults).toEqual([]);
  });

  test("EN-727 guarded, an input that touches the state is told where, and the state is as before", () => {
    const simulation = begun(shooter, { guarded: true });
    const hash = simulation.hash();
    expect(collect(simulation, "touch")).toEqual([["move", { x: 3 }]]);
    expect(String(simulation.inputFaults?.[0]?.error)).toContain(
      "input of slot 0 changed the state at list[0]",
    );
    expect(simulation.hash()).toBe(hash);
    collect(simulation, "break");
    expect(String(simulation.inputFaults?.[0]?.error)).toContain("state.f is the function f");
    expect(simulation.hash()).toBe(hash);
  });

  test("EN-728 predict reads the state; undefined or a throw leaves it to the declarations", () => {
    const simulation = begun(shooter);
    const known = [{ kind: "move", payload: { x: 1 } }];
    expect(simulation.predict?.(asSlot(0), chronosTick(9), known)).toEqual([
      { kind: "move", payload: { x: 12 } },
    ]);
    expect(simulation.predict?.(asSlot(1), chronosTick(9), known)).toBeUndefined();
    expect(simulation.predict?.(asSlot(0), chronosTick(9), [])).toBeUndefined();
    expect(simulation.inputFaults).toEqual([
      { error: new Error("nothing known"), where: "predict of slot 0" },
    ]);
    expect(begun(brawl).predict).toBeUndefined();
  });
});

test("EN-702 an idle tick hands out the very same empty lists", () => {
  const simulation = begun(brawl);
  stepWith(simulation, 1);
  const { effects, faults } = simulation;
  simulation.step(chronosTick(2), laneOf(simulation, 2, []));
  expect(simulation.effects).toBe(effects);
  expect(simulation.faults).toBe(faults);
});
