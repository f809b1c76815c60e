import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SIGNAL_TEXT_BYTES } from "../transports/signaling.js";
import { readClientSignal } from "./signal-text.js";

const read = (value: unknown): unknown => {
  const reading = readClientSignal(JSON.stringify(value));
  return reading.ok ? reading.signal : reading.why;
};

describe("what a client says", () => {
  test("EN-1207 is read field by field, and what else it holds is left out", () => {
    const signals = [
      { type: "enter", room: "a-B_9" },
      { type: "enter", room: "a", players: 8 },
      { type: "next", players: 2, game: "splash@1" },
      { type: "invite", invite: "echo-net:AbC" },
      { type: "close" },
      { type: "signal", to: 255, data: { kind: "offer", sdp: "v=0\r\n" } },
      { type: "signal", to: 0, data: { kind: "candidate", candidate: "", mid: null, index: 0 } },
    ];
    for (const signal of signals) expect(read({ ...signal, more: [1] })).toEqual(signal);
  });

  test.each([
    [[], "is not a JSON object"],
    [null, "is not a JSON object"],
    [{}, 'has no "type"'],
    [{ type: "entered" }, 'has no "type"'],
    [{ type: "toString" }, 'has no "type"'],
    [{ type: ["enter"], room: "a" }, 'has no "type"'],
    [{ type: "enter" }, 'has no "room"'],
    [{ type: "enter", room: "" }, 'has no "room"'],
    [{ type: "enter", room: "a\n" }, 'has no "room"'],
    [{ type: "enter", room: "../a" }, 'has no "room"'],
    [{ type: "enter", room: "a".repeat(65) }, 'has no "room"'],
    [{ type: "enter", room: "a", players: 0 }, 'has no "players" from 1 to 8'],
    [{ type: "enter", room: "a", players: 9 }, 'has no "players" from 1 to 8'],
    [{ type: "enter", room: "a", players: "2" }, 'has no "players" from 1 to 8'],
    [{ type: "enter", room: "a", players: null }, 'has no "players" from 1 to 8'],
    [{ type: "next", players: 1, game: "g" }, 'has no "players" from 2 to 8'],
    [{ type: "next", players: 2.5, game: "g" }, 'has no "players" from 2 to 8'],
    [{ type: "next", players: 2 }, 'has no "game"'],
    [{ type: "next", players: 2, game: "two words" }, 'has no "game"'],
    [{ type: "next", players: 2, game: "g".repeat(129) }, 'has no "game"'],
    [{ type: "invite", invite: "" }, 'has no "invite"'],
    [{ type: "invite", invite: "a".repeat(1_025) }, 'has no "invite"'],
    [{ type: "invite", invite: "<b>\u2028" }, 'has no "invite"'],
    [{ type: "signal", to: -1, data: {} }, 'has no member "to"'],
    [{ type: "signal", to: 256, data: {} }, 'has no member "to"'],
    [{ type: "signal", to: "1", data: {} }, 'has no member "to"'],
    [{ type: "signal", to: 1 }, 'has no "data"'],
    [{ type: "signal", to: 1, data: [] }, 'has no "data"'],
    [{ type: "signal", to: 1, data: { sdp: { deep: 1 } } }, 'has no "data"'],
    [
      { type: "signal", to: 1, data: { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 } },
      'has no "data"',
    ],
  ])("EN-1207 %j is nothing that a client says, which is told in words", (value, why) => {
    expect(read(value)).toMatch(new RegExp(`^The message ${why}.*\\.$`));
  });

  test("EN-1207 no text makes the reader throw", () => {
    const deep = "[".repeat(MAX_SIGNAL_TEXT_BYTES);
    for (const text of [deep, `{"a":${deep}`, "", "\0", '{"type":"enter","room":', "\uD800"]) {
      expect(readClientSignal(text)).toEqual({ ok: false, why: "The message is not JSON." });
    }
    const field = fc.oneof(fc.string({ maxLength: 9 }), fc.integer(), fc.constantFrom(null, true, [], {}));
    const near = fc.record({
      type: fc.constantFrom("enter", "next", "invite", "signal"),
      room: fc.string({ minLength: 1, maxLength: 2 }),
      to: fc.nat(300),
      data: fc.dictionary(fc.string({ maxLength: 5 }), field, { maxKeys: 9 }),
    });
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.json({ maxDepth: 2 }),
      near.map((value) => JSON.stringify(value)),
    );
    let taken = 0;
    fc.assert(
      fc.property(text, (said) => {
        if (readClientSignal(said).ok) taken++;
      }),
      { seed: 2, numRuns: 1_500 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  test("EN-1207 what is passed on fits a text message whatever it was written like", () => {
    const signal = (sdp: string, index = ""): string =>
      `{"type":"signal","to":255,"data":{"kind":"offer","sdp":"${sdp}"${index}}}`;
    const passed = (text: string): number => {
      const reading = readClientSignal(text);
      if (!reading.ok || reading.signal.type !== "signal") return 0;
      return Buffer.byteLength(JSON.stringify({ type: "signal", from: 255, data: reading.signal.data }));
    };
    const room = MAX_SIGNAL_TEXT_BYTES - signal("").length;
    expect(passed(signal("a".repeat(room - 200)))).toBe(MAX_SIGNAL_TEXT_BYTES - 198);
    for (const sdp of ["a".repeat(room), "\u00e9".repeat(room / 2), "\\u0001".repeat(room / 6)]) {
      for (const index of ["", ',"a":1e20,"b":1e20,"c":1e20,"d":1e20,"e":1e20']) {
        expect(passed(signal(sdp, index))).toBeLessThanOrEqual(MAX_SIGNAL_TEXT_BYTES);
      }
    }
    expect(read({ type: "signal", to: 1, data: { sdp: "a".repeat(16_320) } })).toMatch(
      /more than 16320 bytes/,
    );
  });

  test("EN-1207 a key of that name pollutes no prototype", () => {
    const data = '{"type":"signal","to":1,"data":{"__proto__":"x","kind":"offer"}}';
    const reading = readClientSignal(data);
    expect(reading.ok && JSON.stringify(reading.signal)).toBe(data);
    expect(readClientSignal('{"__proto__":{"type":"close"}}').ok).toBe(false);
  });
});
