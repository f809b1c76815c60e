import { beforeAll, describe, expect, test } from "vitest";
import { begun, stepWith } from "../../test/support/one-match.js";
import { asSlot, chronosTick } from "../core/base/brand.js";
import { defineGame, event, t } from "../index.js";
import { trapLanguage } from "../testing/language-traps.js";
import { DeterminismError, runGuarded } from "./guards.js";

const maths = Math as unknown as Record<string, (...values: number[]) => number>;
const clock = performance;

/** What throws, and what its advice names. */
type Use = readonly [what: string, use: () => unknown, instead: string];

const MATHS = "echo-net/math";
const CHANCE = "ctx.random";
const TIME = "ctx.chronos";
const EVENT = "an event from input";
const WORDS = "where the picture is drawn";

const INEXACT = [
  ...[
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
  ],
  ...["exp", "expm1", "log", "log2", "log10", "log1p", "pow", "cbrt", "hypot"],
];

const CAUGHT: readonly Use[] = [
  ...INEXACT.map((name): Use => [`Math.${name}`, () => maths[name]!(0.5, 0.5), MATHS]),
  ["Math.random", () => Math.random(), CHANCE],
  ["Date.now", () => Date.now(), TIME],
  ["Date", () => new Date(), TIME],
  ["Date", () => new Date(2020, 1, 1), TIME],
  ["Date", () => Date(), TIME],
  ["Date.UTC", () => Date.UTC(2020, 1), TIME],
  ["Date.parse", () => Date.parse("2020-01-01"), TIME],
  ["performance.now", () => clock.now(), TIME],
  ["crypto.getRandomValues", () => crypto.getRandomValues(new Uint8Array(1)), CHANCE],
  ["crypto.randomUUID", () => crypto.randomUUID(), CHANCE],
  ["setTimeout", () => clearTimeout(setTimeout(() => {}, 0)), TIME],
  ["setInterval", () => clearInterval(setInterval(() => {}, 1)), TIME],
  ["setImmediate", () => clearImmediate(setImmediate(() => {})), TIME],
  ["queueMicrotask", () => queueMicrotask(() => {}), TIME],
  ["fetch", () => fetch("data:,"), EVENT],
  ["localeCompare", () => "a".localeCompare("b"), WORDS],
  ["toLocaleLowerCase", () => "I".toLocaleLowerCase(), WORDS],
  ["toLocaleUpperCase", () => "i".toLocaleUpperCase(), WORDS],
  ["toLocaleString", () => (1234.5).toLocaleString(), WORDS],
  ["toLocaleString", () => 12_345n.toLocaleString(), WORDS],
  ["toLocaleString", () => [1234.5].toLocaleString(), WORDS],
  ["Intl", () => new Intl.NumberFormat(), WORDS],
  ["Intl", () => Intl.Collator(), WORDS],
  ["Intl", () => Intl.DateTimeFormat().resolvedOptions().timeZone, WORDS],
];

const platform = (): unknown[] => [
  ...Object.getOwnPropertyNames(Math).map((name) => maths[name]),
  Date,
  Date.now,
  Intl,
  "".toLocaleString,
  "".localeCompare,
  [].toLocaleString,
  clock.now,
  Object.hasOwn(clock, "now"),
  Object.hasOwn(crypto, "randomUUID"),
  setTimeout,
  queueMicrotask,
];

function thrownBy(code: () => unknown): string {
  try {
    code();
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("development guards", () => {
  beforeAll(() => trapLanguage());

  test.each(CAUGHT)(
    "EN-740 %s throws while the game's code runs, and says what to use",
    (what, use, instead) => {
      const before = platform();
      expect(() => runGuarded(use)).toThrow(DeterminismError);
      expect(() => runGuarded(use)).toThrow(`${what} `);
      const said = thrownBy(() => runGuarded(use));
      expect([MATHS, CHANCE, TIME, EVENT, WORDS].filter((advice) => said.includes(advice))).toEqual([
        instead,
      ]);
      expect(platform()).toEqual(before);
      expect(use).not.toThrow();
    },
  );

  test("EN-740 what gives the same bits everywhere stays as it is", () => {
    const exact = [
      "abs",
      "ceil",
      "clz32",
      "floor",
      "fround",
      "imul",
      "max",
      "min",
      "round",
      "sign",
      "sqrt",
      "trunc",
    ];
    expect(runGuarded(() => exact.map((name) => maths[name]!(2.5)))).toEqual(
      exact.map((name) => maths[name]!(2.5)),
    );
    expect(runGuarded(() => ({}) instanceof Date)).toBe(false);
    const guarded = new Set(CAUGHT.map(([what]) => what));
    const functions = Object.getOwnPropertyNames(Math).filter((name) => typeof maths[name] === "function");
    expect(functions.filter((name) => !exact.includes(name) && !guarded.has(`Math.${name}`))).toEqual(
      functions.filter((name) => name === "f16round" || name === "sumPrecise"),
    );
  });

  test("EN-741 they are gone after a throw, and stay while guarded code runs guarded code", () => {
    const before = platform();
    const fails = (): never => {
      throw new Error("mine");
    };
    expect(() => runGuarded(fails)).toThrow("mine");
    expect(platform()).toEqual(before);
    runGuarded(() => {
      expect(() => runGuarded(fails)).toThrow("mine");
      expect(() => Math.sin(1)).toThrow(DeterminismError);
    });
    expect(platform()).toEqual(before);
    // Whoever replaces a function meanwhile, as tests do with clocks, gets it back.
    const original = Date.now;
    const fixed = (): number => 5;
    Date.now = fixed;
    const now = clock.now;
    clock.now = fixed;
    expect(() => runGuarded(() => Date.now())).toThrow(DeterminismError);
    expect(Date.now()).toBe(5);
    expect(clock.now()).toBe(5);
    Date.now = original;
    clock.now = now;
  });

  const gambler = defineGame({
    name: "gambler",
    version: "1",
    events: { roll: event({ how: t.u8 }) },
    setup: () => ({ total: 0 }),
    on: {
      roll: (state, evt) => {
        state.total += evt.payload.how === 0 ? Math.random() : Date.now();
      },
    },
    input: (how: number, emit) => {
      if (how === 9) Math.sin(how);
      emit("roll", { how });
    },
  });

  test("EN-742 in guarded mode handlers and input run under them; otherwise not", () => {
    const free = begun(gambler);
    stepWith(free, 1, [0, "roll", { how: 0 }]);
    expect(free.faults).toEqual([]);
    expect(free.collectInput(asSlot(0), chronosTick(1), 9)).toHaveLength(1);
    const guarded = begun(gambler, { guarded: true });
    stepWith(guarded, 1, [0, "roll", { how: 0 }], [1, "roll", { how: 1 }]);
    expect(guarded.faults.map(({ error }) => (error as Error).message.split(" ")[0])).toEqual([
      "Math.random",
      "Date.now",
    ]);
    expect(guarded.inspect()).toEqual({ total: 0 });
    expect(guarded.collectInput(asSlot(0), chronosTick(1), 9)).toEqual([]);
    expect(guarded.inputFaults?.[0]?.error).toBeInstanceOf(DeterminismError);
  });

  test("EN-742 so do setup and step", () => {
    const drifting = defineGame({
      name: "drifting",
      version: "1",
      events: {},
      setup: () => ({ angle: 1 }),
      step: (state) => {
        state.angle = Math.sin(state.angle);
      },
    });
    expect(() => stepWith(begun(drifting, { guarded: true }), 1)).toThrow(/Math\.sin.*echo-net\/math/);
    const late = defineGame({ name: "late", version: "1", events: {}, setup: () => ({ at: Date.now() }) });
    expect(() => begun(late, { guarded: true })).toThrow(/setup threw DeterminismError: Date\.now/);
  });
});
