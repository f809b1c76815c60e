import { beforeEach, describe, expect, test } from "vitest";
import { trials, trialsPlan } from "../../test/wasm/abi-module.js";
import { assemble } from "../../test/wasm/assembler.js";
import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import { type MatchSeed, type Simulation, SimulationError, Snapshot } from "../core/session/simulation.js";
import { faultWords } from "../testing/fault-words.js";
import { FAULTS_PER_TICK } from "./limits.js";
import { loadWasmGame } from "./load.js";
import { ModuleTrap } from "./trap.js";

const game = loadWasmGame(trials());
const KAIROS = "0".repeat(32) as KairosBranchId;
const MATCH: MatchSeed = { kairos: KAIROS, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] };

const born = (): Simulation => {
  const simulation = game.createSimulation();
  simulation.begin(MATCH);
  return simulation;
};

type Request = readonly [slot: number, kind: string, payload?: unknown];

function events(tick: number, requests: readonly Request[]): EventEnvelope[] {
  const counts = new Map<number, number>();
  return requests.map(([slot, kind, payload = {}]) => {
    const id = counts.get(slot) ?? 0;
    counts.set(slot, id + 1);
    const content = game.catalog.pack(kind, payload, chronosTick(tick));
    return game.catalog.envelope(content, id, chronosTick(tick), KAIROS, asSlot(slot));
  });
}

/** Saves, as every session does before it steps, then steps. */
function run(simulation: Simulation, tick: number, ...requests: readonly Request[]): Snapshot {
  const before = new Snapshot();
  simulation.saveInto(before);
  simulation.step(chronosTick(tick), events(tick, requests));
  return before;
}

const sumOf = (simulation: Simulation): number => {
  const present = new Snapshot();
  simulation.saveInto(present);
  return (simulation.viewOf(present) as { sum: number }).sum;
};

let one: Simulation;
let other: Simulation;
beforeEach(() => {
  one = born();
  other = born();
});

describe("a module as a simulation", () => {
  test("EN-1020 is saved, restored and hashed with memory, globals and the events that wait", () => {
    const saved: Snapshot[] = [];
    const hashes: string[] = [];
    for (let tick = 1; tick <= 20; tick++) {
      saved.push(
        run(one, tick, [0, "add", { n: tick }], ...(tick % 5 === 0 ? ([[1, "pass"]] as const) : [])),
      );
      hashes.push(one.hash());
    }
    expect(new Set(hashes).size).toBe(20);
    expect(one.derivedCount).toBe(0);
    expect(sumOf(one)).toBe(210 + 9);
    for (const from of [19, 10, 4]) {
      other.restore(saved[from]!);
      for (let tick = from + 1; tick <= 20; tick++) {
        run(other, tick, [0, "add", { n: tick }], ...(tick % 5 === 0 ? ([[1, "pass"]] as const) : []));
        expect(other.hash()).toBe(hashes[tick - 1]);
      }
    }
    expect(one.hash(saved[3])).toBe(hashes[2]);
  });

  test("EN-1021 begins every match from the same state", () => {
    run(one, 1, [0, "grow"], [0, "add", { n: 9 }]);
    one.begin(MATCH);
    expect(one.hash()).toBe(other.hash());
    other.begin({ ...MATCH, seed: Uint8Array.from(MATCH.seed, () => 5) });
    expect(one.hash()).not.toBe(other.hash());
  });

  test("EN-1022 keeps nothing of an abandoned future, neither in memory that it grew nor in its globals", () => {
    const start = run(one, 1, [0, "grow"], [0, "add", { n: 1 }]);
    const grown = run(one, 2, [0, "grow"]);
    expect(grown.length).toBeGreaterThan(start.length);
    // What it left at 180,000 was there when it looked again.
    expect(sumOf(one)).toBe(6);
    one.restore(start);
    expect(one.hash()).toBe(other.hash());
    for (const simulation of [one, other]) run(simulation, 1, [0, "grow"]);
    expect(sumOf(one)).toBe(0);
    expect(one.hash()).toBe(other.hash());
  });

  test("EN-1023 shows what it declares as its view, and its memory by the block", () => {
    run(one, 1, [0, "add", { n: 8 }], [0, "pass"]);
    const tree = one.inspect() as {
      view: unknown;
      memory: { bytes: number; blocks: object };
      "<pending>": unknown;
    };
    expect(tree.view).toEqual({ sum: 8 });
    expect(tree.memory.bytes).toBe(65_536);
    expect(Object.keys(tree.memory.blocks)).toEqual(["0x0", "0x400"]);
    expect(tree["<pending>"]).toEqual([{ kind: "add", entity: 0, payload: { n: 3 } }]);
    const before = one.hash();
    one.corrupt();
    expect(one.hash()).not.toBe(before);
  });
});

describe("a fault in an event's handler", () => {
  test.each([
    ["boom", "trap"],
    ["deep", "depth"],
    ["spin", "fuel"],
    ["wrong", "host"],
    ["flood", "host"],
  ])("EN-1030 drops that event and nothing else, as if it had never come: %s", (kind, reason) => {
    for (let tick = 1; tick <= 1000; tick++) {
      const faulty: Request[] = tick % 100 === 1 ? [[0, kind]] : [];
      run(one, tick, [0, "add", { n: 1 }], ...faulty, [1, "add", { n: 2 }]);
      run(other, tick, [0, "add", { n: 1 }], [1, "add", { n: 2 }]);
      expect(one.faults.map(({ where }) => where)).toEqual(faulty.map(() => `on.${kind} of slot 0`));
      for (const { error } of one.faults) expect((error as ModuleTrap).kind).toBe(reason);
      if (tick % 50 === 1) expect(one.hash()).toBe(other.hash());
    }
    expect(one.hash()).toBe(other.hash());
    expect(sumOf(one)).toBe(3000);
  });

  test("EN-1031 says alike in every engine what happened", () => {
    run(one, 1, [0, "boom"], [0, "spin"], [1, "deep"], [1, "wrong"], [2, "flood"]);
    expect(one.faults.map(({ error }) => (error as Error).message)).toEqual([
      "echo_on_event trapped",
      "echo_on_event ran out of fuel: it had 2000000",
      "echo_on_event calls itself too deeply",
      "echo_on_event: 3 bytes are no event add: they do not fit its declared fields",
      "echo_on_event: one tick emits more than 1024 of derived events: a chain without an end?",
    ]);
  });

  test("EN-1054 says on this machine alone what trapped, and in which function", () => {
    run(one, 1, [0, "boom"], [0, "spin"]);
    const [trapped, dry] = one.faults.map(({ error }) => error as ModuleTrap);
    expect(trapped!.localCause).toMatch(
      /^unreachable, in the prepared module's function \d+( \S+)? at byte 0x[0-9a-f]+$/,
    );
    expect(dry!.localCause).toBeUndefined();
    expect(faultWords("on.boom of slot 0", trapped)).toBe(
      `on.boom of slot 0 threw: echo_on_event trapped (here: ${trapped!.localCause})`,
    );
  });

  test.each([
    ["traps", [0x00], /^echo_view trapped$/],
    ["gives bytes that do not fit", [0x41, 0, 0x41, 3, 0x10, 3], /^echo_view: 3 bytes are no view/],
  ])("EN-1055 a view that %s is told once with the next local input, and remarked on", (_, code, words) => {
    const plan = trialsPlan();
    const functions = plan.functions!.map((each) => (each.export === "echo_view" ? { ...each, code } : each));
    const simulation = loadWasmGame(assemble({ ...plan, functions })).createSimulation();
    simulation.begin(MATCH);
    const saved = new Snapshot();
    simulation.saveInto(saved);
    const told = (): unknown => {
      expect(simulation.viewOf(saved)).toBeUndefined();
      simulation.collectInput(asSlot(0), chronosTick(1), { n: 1 });
      return simulation.inputFaults;
    };
    expect(told()).toMatchObject([{ where: "view", error: { message: expect.stringMatching(words) } }]);
    expect(told()).toEqual([]);
    expect(simulation.remarks!()).toMatchObject([
      { subject: "view", text: expect.stringContaining("the view is empty: echo_view") },
    ]);
    expect(simulation.inputFaults).toEqual([]);
    expect(one.remarks!()).toEqual([]);
  });

  test("EN-1032 after three of one entity, or eight in all, drops the rest", () => {
    run(
      one,
      1,
      ...Array.from({ length: 5 }, () => [0, "boom"] as const),
      [0, "add", { n: 1 }],
      [1, "add", { n: 2 }],
    );
    expect(one.faults).toHaveLength(3);
    expect(sumOf(one)).toBe(2);
    const slots = [0, 1, 2, 3];
    const many = slots.flatMap((slot) => Array.from({ length: 3 }, () => [slot, "boom"] as const));
    run(one, 2, ...many, [5, "add", { n: 2 }]);
    expect(one.faults).toHaveLength(FAULTS_PER_TICK);
    expect(sumOf(one)).toBe(2);
  });

  test("EN-1033 a step that traps ends the match", () => {
    run(one, 1, [0, "add", { n: 1 }]);
    expect(() => run(one, 2, [0, "stop"])).toThrow(SimulationError);
    expect(() => run(one, 2, [0, "stop"])).toThrow("step failed in tick 2: echo_step trapped");
  });
});

describe("input", () => {
  test("EN-1034 runs beside the match and leaves no trace in it", () => {
    run(one, 1, [0, "add", { n: 1 }]);
    const before = one.hash();
    expect(one.collectInput(asSlot(0), chronosTick(2), { n: 77 })).toEqual([
      { kind: "add", payload: { n: 77 } },
    ]);
    expect(one.inputFaults).toEqual([]);
    expect(one.hash()).toBe(before);
    // The next call sees the match again, nothing of the call before.
    expect(one.collectInput(asSlot(0), chronosTick(2), { n: 78 })).toEqual([
      { kind: "add", payload: { n: 78 } },
    ]);
    expect(one.hash()).toBe(before);
  });

  test("EN-1035 that fails is its own player's affair", () => {
    expect(one.collectInput(asSlot(1), chronosTick(2), undefined)).toEqual([]);
    expect(one.inputFaults).toMatchObject([{ where: "input of slot 1", error: { kind: "fuel" } }]);
    expect(one.collectInput(asSlot(1), chronosTick(2), { n: 256 })).toEqual([]);
    expect(one.inputFaults![0]!.error).toMatchObject({
      problem: "must be a whole number from 0 to 255, not 256",
    });
    expect(one.hash()).toBe(other.hash());
    expect(one.inputFaults![0]!.error).not.toBeInstanceOf(ModuleTrap);
  });
});
