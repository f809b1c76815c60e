import { describe, expect, test } from "vitest";
import { assemble, leb, list } from "../../test/wasm/assembler.js";
import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import { event, t } from "../core/envelope/declare.js";
import { type Simulation, Snapshot } from "../core/session/simulation.js";
import { checkDeterminism } from "../testing/index.js";
import { defineModuleGame, type ModuleGame } from "./module-game.js";
import { ModuleTrap } from "./trap.js";

const EMPTY = 0x40;
const i32 = (value: number): number[] => [0x41, ...leb(value)];

/** Adds to a sum in memory and counts in a global, asking its host for what to add. */
const bytesOf = (first = 0): Uint8Array =>
  assemble({
    imports: [{ module: "host", name: "more", type: "i>i" }],
    functions: [
      {
        type: "i>i",
        export: "add",
        code: [
          ...[...i32(8), ...i32(8), 0x28, 2, 0, 0x20, 0, 0x10, 0, 0x6a, 0x36, 2, 0],
          ...[0x23, 0, ...i32(1), 0x6a, 0x24, 0, ...i32(8), 0x28, 2, 0],
        ],
      },
      { type: ">", export: "boom", code: [...i32(8), ...i32(999), 0x36, 2, 0, 0x00] },
      { type: ">", export: "spin", code: [0x03, EMPTY, 0x0c, 0, 0x0b] },
      { type: ">i", export: "count", code: [0x23, 0] },
    ],
    memory: [0, 1],
    globals: [{ type: "i", isMutable: true, code: i32(0) }],
    raw: { 11: list([[0, ...i32(8), 0x0b, 1, first]]) },
  });

interface Api {
  readonly add: (by: number) => number;
  readonly boom: () => void;
  readonly spin: () => void;
  readonly count: () => number;
  /** Glue that keeps something: how often it was asked since it was made. */
  readonly asked: () => number;
}

const RULES = [{ module: "host", name: "more", type: "i>i" }];

function gameOf(bytes: Uint8Array = bytesOf(), rules: typeof RULES = RULES): ModuleGame {
  return defineModuleGame({
    name: "sums",
    version: "1",
    module: {
      bytes,
      imports: rules,
      bind: (exports) => {
        let asked = 0;
        const more = (by: number): number => by + asked++;
        return { imports: { host: { more } }, api: { ...exports, asked: () => asked } as unknown as Api };
      },
    },
    events: {
      ...{ add: event({ by: t.u8 }), boom: event({}), spin: event({}) },
      ...{ hide: event({}), shrug: event({}) },
    },
    setup: (_, api) => ({ sum: api.add(1), asked: 0, count: 0 }),
    on: {
      add(state, { payload }, _, api) {
        state.sum = api.add(payload.by);
        state.sum = api.add(payload.by);
        state.asked = api.asked();
      },
      boom: (_state, _evt, _ctx, api) => api.boom(),
      spin: (_state, _evt, _ctx, api) => api.spin(),
      hide(state, _evt, _ctx, api) {
        try {
          api.spin();
        } catch {
          state.sum = -1;
        }
      },
      shrug(state, _evt, _ctx, api) {
        try {
          api.boom();
        } catch {
          state.sum = api.count();
        }
      },
    },
    step(state, _, api) {
      state.count = api.count();
    },
    input: (_, emit, state) => emit("add", { by: state.sum % 7 }),
  });
}

const KAIROS = "0".repeat(32) as KairosBranchId;
const game = gameOf();

function born(): Simulation {
  const simulation = game.createSimulation();
  simulation.begin({ kairos: KAIROS, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] });
  return simulation;
}

type Request = readonly [slot: number, kind: string, payload?: unknown];

function run(simulation: Simulation, tick: number, ...requests: readonly Request[]): Snapshot {
  const before = new Snapshot();
  simulation.saveInto(before);
  const events = requests.map(([slot, kind, payload = {}], id) => {
    const content = game.catalog.pack(kind, payload, chronosTick(tick));
    return game.catalog.envelope(content, id, chronosTick(tick), KAIROS, asSlot(slot));
  });
  simulation.step(chronosTick(tick), events);
  return before;
}

const stateOf = (simulation: Simulation): unknown => {
  const present = new Snapshot();
  simulation.saveInto(present);
  return simulation.viewOf(present);
};

describe("a game that uses a module", () => {
  test("EN-1048 keeps the module's memory and globals with its state: saved, restored, hashed, begun anew", () => {
    const one = born();
    const saved: Snapshot[] = [];
    const hashes: string[] = [];
    for (let tick = 1; tick <= 12; tick++) {
      saved.push(run(one, tick, [tick % 2, "add", { by: tick }]));
      hashes.push(one.hash());
    }
    // Twice each number, one more the second time, and one before the match.
    expect(stateOf(one)).toEqual({ sum: 1 + 2 * 78 + 12, asked: 2, count: 25 });
    expect(new Set(hashes).size).toBe(12);
    const other = born();
    for (const from of [11, 5, 0]) {
      other.restore(saved[from]!);
      for (let tick = from + 1; tick <= 12; tick++) {
        run(other, tick, [tick % 2, "add", { by: tick }]);
        expect(other.hash()).toBe(hashes[tick - 1]);
      }
    }
    expect(one.hash(saved[4])).toBe(hashes[3]);
    const looked = (snapshot: Snapshot): any => other.inspect(snapshot);
    expect(looked(saved[1]!)["<module>"].memory.blocks).not.toEqual(
      looked(saved[2]!)["<module>"].memory.blocks,
    );
    expect(looked(saved[1]!)).toMatchObject({
      sum: 4,
      "<module>": { globals: "03000000", memory: { bytes: 65_536 } },
    });
    one.begin({ kairos: KAIROS, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] });
    expect(one.hash()).toBe(born().hash());
  });

  test("EN-1049 gets the module's JavaScript anew for each call, so that nothing of it outlives a rollback", async () => {
    const one = born();
    for (let tick = 1; tick <= 3; tick++) {
      run(one, tick, [0, "add", { by: 1 }], [1, "add", { by: 1 }]);
      expect(stateOf(one)).toMatchObject({ asked: 2 });
    }
    expect(await checkDeterminism(game, { ticks: 30 })).toMatchObject({ ok: true });
  });

  test.each([
    ["boom", "trap", "on.boom trapped"],
    ["spin", "fuel", "on.spin ran out of fuel: it had 2000000"],
    ["hide", "fuel", "on.hide ran out of fuel: it had 2000000"],
    ["shrug", "trap", "on.shrug trapped"],
  ])(
    "EN-1050 drops an event over which the module traps, as if it had never come: %s",
    (kind, reason, words) => {
      const [one, other] = [born(), born()];
      for (let tick = 1; tick <= 5; tick++) {
        run(one, tick, [0, "add", { by: tick }], [1, kind], [0, "add", { by: 1 }]);
        run(other, tick, [0, "add", { by: tick }], [0, "add", { by: 1 }]);
        expect(one.faults).toMatchObject([
          { where: `on.${kind} of slot 1`, error: { kind: reason, message: words } },
        ]);
        expect(one.faults[0]!.error).toBeInstanceOf(ModuleTrap);
        expect(one.hash()).toBe(other.hash());
      }
    },
  );

  test("EN-1051 is known by every byte of the module, and refuses what it may not import", () => {
    expect(gameOf().fingerprint).toBe(game.fingerprint);
    expect(gameOf(bytesOf(1)).fingerprint).not.toBe(game.fingerprint);
    expect(() => gameOf(bytesOf(), [])).toThrow(/it imports host\.more, which nobody provides/);
    expect(() => gameOf(new Uint8Array(8))).toThrow(EchoNetError);
  });
});
