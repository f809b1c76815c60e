import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRelayed, readServerSignal } from "./signal-reader.js";
import { MAX_SIGNAL_TEXT_BYTES, memberAddress, memberOf, type ServerSignal } from "./signaling.js";

const entered = { type: "entered", room: "pond", you: 2, host: 0, members: [0, 1] } as const;
const SIGNALS: readonly ServerSignal[] = [
  entered,
  { ...entered, invite: "echo-net:word" },
  { type: "came", member: 3 },
  { type: "went", member: 255 },
  { type: "invite", invite: "echo-net:word" },
  { type: "signal", from: 1, data: { kind: "offer", sdp: "v=0\r\n" } },
  { type: "signal", from: 1, data: { kind: "answer", sdp: "v=0\r\n" } },
  { type: "signal", from: 1, data: { kind: "candidate", candidate: "candidate:1 …", mid: "0" } },
  { type: "closing", inMs: 5_000 },
  { type: "refused", code: "room-full", hint: "It is full." },
];

describe("what a server says", () => {
  test.each(SIGNALS)("EN-873 is read: $type", (signal) => {
    expect(readServerSignal(JSON.stringify(signal))).toEqual(signal);
    // What later versions may add is left alone.
    expect(readServerSignal(JSON.stringify({ ...signal, more: [1] }))).toEqual(signal);
  });

  test.each([
    ...["", "{", "null", "7", "[]", '"entered"', "{}", '{"type":"__proto__"}', '{"type":"toString"}'],
    ...[
      { ...entered, you: 256 },
      { ...entered, host: -1 },
      { ...entered, room: "a b" },
      { ...entered, members: [0, 1, 2, 3, 4, 5, 6, 7] },
      { ...entered, members: ["0"] },
      { ...entered, invite: "two words" },
      { ...entered, invite: "x".repeat(1_025) },
      { type: "came", member: 1.5 },
      { type: "signal", from: 1, data: { kind: "offer", sdp: 7 } },
      { type: "signal", from: 1, data: { kind: "candidate", candidate: "x".repeat(1_025), mid: "0" } },
      { type: "signal", from: 1, data: null },
      { type: "refused", code: "toString", hint: "" },
      { type: "closing", inMs: "soon" },
    ].map((value) => JSON.stringify(value)),
  ])("EN-873 is nothing: %s", (text) => {
    expect(readServerSignal(text)).toBeUndefined();
  });

  test("EN-873 is nothing where it is longer than a message may be, and hints are cut", () => {
    const long = { type: "signal", from: 1, data: { kind: "offer", sdp: "x".repeat(MAX_SIGNAL_TEXT_BYTES) } };
    expect(readServerSignal(JSON.stringify(long))).toBeUndefined();
    const hint = "x".repeat(10_000);
    const refused = readServerSignal(JSON.stringify({ type: "refused", code: "silent", hint }));
    expect(refused).toMatchObject({ hint: hint.slice(0, 512) });
  });

  test("EN-873 never throws, whatever it is", () => {
    const damaged = fc
      .tuple(fc.constantFrom(...SIGNALS), fc.jsonValue(), fc.nat(), fc.nat(12))
      .map(([signal, value, at, cut]) => {
        const keys = Object.keys(signal);
        const spoilt = JSON.stringify({ ...signal, [keys[at % keys.length]!]: value });
        return spoilt.slice(0, cut === 0 ? at % spoilt.length : undefined);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string(), fc.json()), (text) => {
        const signal = readServerSignal(text);
        if (signal !== undefined) expect(readServerSignal(JSON.stringify(signal))).toEqual(signal);
      }),
      { seed: 4, numRuns: 2_000 },
    );
  });

  test("EN-873 a relayed frame is a member and 1 to 1,200 bytes", () => {
    expect(readRelayed(Uint8Array.of(7, 1, 2))).toEqual({ from: 7, datagram: Uint8Array.of(1, 2) });
    for (const length of [0, 1, 1_202, 100_000]) {
      expect(readRelayed(new Uint8Array(length))).toBeUndefined();
    }
  });

  test("EN-870 an address is room: and the member's number; anything else is none", () => {
    for (const member of [0, 7, 255]) expect(memberOf(memberAddress(member))).toBe(member);
    for (const none of ["", "room:", "room:256", "room:01", "room:-1", "room:1 ", "udp:1.2.3.4:5"]) {
      expect(memberOf(none)).toBeUndefined();
    }
  });
});
