import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { GAME_MARK } from "../core/session/simulation.js";
import { defineGame, event, isGame, t } from "../index.js";

const parts = () => ({
  name: "pond",
  version: "1",
  tickHz: 30,
  events: { move: event({ x: t.i8 }), fire: event({}) },
  effects: { bang: { x: t.i32 } },
  setup: () => ({ x: 0 }),
});

describe("defineGame", () => {
  test("EN-708 makes a game that any copy of the package recognises", () => {
    const game = defineGame(parts());
    expect(game).toMatchObject({ name: "pond", version: "1", tickHz: 30 });
    expect(game.catalog.kinds.map(({ name }) => name)).toEqual(["fire", "move"]);
    expect(isGame(game)).toBe(true);
    expect(isGame({ [Symbol.for("echo-net.game")]: true })).toBe(true);
    for (const other of [undefined, null, 1, "game", {}, { ...parts() }, { [GAME_MARK]: 1 }]) {
      expect(isGame(other)).toBe(false);
    }
    expect(defineGame({ ...parts(), tickHz: undefined }).tickHz).toBe(60);
  });

  test("EN-709 the fingerprint covers name, version, rate, events and effects", () => {
    const base = defineGame(parts()).fingerprint;
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    const changed = [
      { ...parts(), name: "lake" },
      { ...parts(), version: "2" },
      { ...parts(), tickHz: 31 },
      { ...parts(), events: { move: event({ x: t.i16 }), fire: event({}) } },
      { ...parts(), events: { move: event({ x: t.i8 }, { predict: "repeat" }), fire: event({}) } },
      { ...parts(), events: { move: event({ x: t.i8 }, { aionWeight: 1 }), fire: event({}) } },
      { ...parts(), events: { move: event({ x: t.i8 }) } },
      { ...parts(), effects: { bang: { x: t.i16 } } },
      { ...parts(), effects: { bang: { x: t.i32 }, boom: {} } },
      { ...parts(), effects: {} },
    ];
    const fingerprints = changed.map((spec) => defineGame(spec as ReturnType<typeof parts>).fingerprint);
    expect(new Set([base, ...fingerprints]).size).toBe(changed.length + 1);
  });

  test("EN-709 and never the code or the order of declarations", () => {
    const base = defineGame(parts()).fingerprint;
    const { events } = parts();
    const same = defineGame({
      ...parts(),
      events: { fire: events.fire, move: events.move },
      setup: () => ({ x: 1, y: 2 }),
      on: { move: (state) => void state.x },
      step: () => {},
      input: () => {},
    });
    expect(same.fingerprint).toBe(base);
    expect(base).toBe(defineGame(parts()).fingerprint);
  });

  const WRONG: readonly (readonly [change: object, words: string])[] = [
    [{ name: "" }, "a game's name is text"],
    [{ name: "x".repeat(65) }, "a game's name is text"],
    [{ name: "pönd" }, "a game's name is text"],
    [{ version: 1 }, "a game's version is text"],
    [{ tickHz: 0 }, "tickHz is a whole number"],
    [{ tickHz: 59.94 }, "tickHz is a whole number"],
    [{ tickHz: 1001 }, "tickHz is a whole number"],
    [{ events: undefined }, "a game's events is an object"],
    [{ events: { "no spaces": event({}) } }, "cannot name an event"],
    [{ effects: { "no spaces": {} } }, "cannot name an effect"],
    [{ effects: { bang: { x: "u8" } } }, "needs a type from t"],
    [{ effects: 3 }, "a game's effects is an object"],
    [{ setup: undefined }, "a game's setup is a function"],
    [{ step: {} }, "a game's step is a function"],
    [{ on: { jump: () => {} } }, "on.jump handles a kind that events does not declare"],
    [{ on: { move: { after: () => {} } } }, "on.move is a function, or one for each of pre_update"],
    [{ on: { move: { update: 3 } } }, "on.move is a function"],
    [{ on: { move: 3 } }, "on.move is a function"],
    [{ stpe: () => {} }, "a game has no part stpe"],
    [{ step: async () => {} }, "a game's step is a plain function, not async"],
    [{ input: function* () {} }, "a game's input is a plain function"],
    [{ on: { move: async () => {} } }, "on.move is a plain function"],
    [{ on: { move: { update: async () => {} } } }, "on.move is a plain function"],
  ];

  test.each(WRONG)("EN-708 refuses what is wrong, in words: %#", (change, words) => {
    const define = (): unknown => defineGame({ ...parts(), ...change } as ReturnType<typeof parts>);
    expect(define).toThrow(EchoNetError);
    expect(define).toThrow(
      expect.objectContaining({ code: "GAME_INVALID", hint: expect.stringContaining(words) }),
    );
  });

  test("EN-708 refuses what is no definition at all", () => {
    for (const other of [undefined, null, "pond"]) {
      expect(() => defineGame(other as unknown as ReturnType<typeof parts>)).toThrow(EchoNetError);
    }
  });
});
