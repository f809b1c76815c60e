import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileOf, sixtyLinesIdentity, spliced } from "../../../test/journal/tiny-match.js";
import { asSlot } from "../base/brand.js";
import { concatBytes } from "../base/bytes.js";
import { utf8Encode } from "../base/text.js";
import type { Value } from "../base/value.js";
import { desyncStates } from "./desync.js";
import { MAX_TRACE_LINE_BYTES } from "./limits.js";
import { readTrace, type Trace } from "./trace-reader.js";
import { TraceWriter } from "./trace-writer.js";

/** The lines of a trace with these records. */
function traced(records: readonly [type: string, fields: Record<string, unknown>][]): string[] {
  const lines: string[] = [];
  const writer = new TraceWriter({ line: (text) => lines.push(text) }, sixtyLinesIdentity, [asSlot(1)]);
  for (const [type, fields] of records) writer.record(type, fields);
  return lines;
}

function traceOf(lines: readonly string[]): Trace {
  const reading = readTrace(fileOf(lines));
  if (!reading.ok) throw new Error(`line ${reading.refusal.line}: ${reading.refusal.what}`);
  return reading.trace;
}

describe("a trace", () => {
  test("EN-650 gives back its match and its records", () => {
    const lines = traced([
      ["update", { nowMs: 16.5, input: { keys: new Uint8Array([1]), big: 2n ** 60n } }],
      ["rollback", { from: 12, lca: 9, cause: undefined }],
      ["odd", { __proto__x: { __proto__: null, $a: -0 }, nothing: null, text: 'a"\n\ud800' }],
    ]);
    expect(lines[1]).toBe(
      '{"type":"update","nowMs":16.5,"input":{"big":{"$int":"1152921504606846976"},"keys":{"$bytes":"01"}}}',
    );
    expect(lines[2]).toBe('{"type":"rollback","from":12,"lca":9}');
    expect(traceOf(lines)).toEqual({
      match: sixtyLinesIdentity.matchId,
      session: sixtyLinesIdentity.sessionId,
      manifest: sixtyLinesIdentity.manifest,
      slots: [1],
      torn: false,
      records: [
        {
          line: 2,
          type: "update",
          fields: { nowMs: 16.5, input: { keys: new Uint8Array([1]), big: 2n ** 60n } },
        },
        { line: 3, type: "rollback", fields: { from: 12, lca: 9 } },
        { line: 4, type: "odd", fields: { __proto__x: { $a: -0 }, nothing: null, text: 'a"\n\ufffd' } },
      ],
    });
  });

  test("EN-650 is read up to its last whole line, wherever it was cut", () => {
    const lines = traced([
      ["one", { a: 1 }],
      ["two", { b: "é" }],
    ]);
    const file = fileOf(lines);
    const header = file.indexOf(0x0a);
    for (let length = 0; length < file.length; length++) {
      const reading = readTrace(file.subarray(0, length));
      const whole = file.subarray(0, length).filter((byte) => byte === 0x0a).length;
      if (length <= header)
        expect(reading).toMatchObject({ ok: false, torn: length > 0, refusal: { line: 1 } });
      else expect(reading.ok && reading.trace.records.length).toBe(whole - 1);
      expect(reading.ok && reading.trace.torn).toBe(length > header && file[length - 1] !== 0x0a);
    }
  });

  test.each<[number, string, string]>([
    [1, '{"type":"session"}', 'a trace begins with its line of type "trace"'],
    [1, "{}", 'a trace begins with its line of type "trace"'],
    [3, "", "it is not JSON"],
    [3, "[]", "it is no map"],
    [3, "{}", '"type" is no text'],
    [3, '{"type":1}', '"type" is no text'],
    [3, '{"type":"x","a":{"$bytes":"x"}}', '"$bytes" spells no value here'],
  ])("EN-651 refuses line %i where it is %s", (line, text, what) => {
    const records = traced([
      ["one", {}],
      ["two", {}],
    ]);
    const lines = spliced(records, line - 1, 1, text);
    expect(readTrace(fileOf(lines))).toEqual({ ok: false, torn: false, refusal: { line, what } });
  });

  test("EN-651 refuses a header of another format, and one whose fields do not hold", () => {
    const [header] = traced([]);
    const refusalOf = (text: string): string => {
      const reading = readTrace(fileOf([text]));
      return reading.ok ? "accepted" : reading.refusal.what;
    };
    expect(refusalOf(header!.replace('"format":1', '"format":7'))).toMatch(/^it is of format 7/);
    expect(refusalOf(header!.replace('"slots":[1]', '"slots":["1"]'))).toMatch(/^"slots"/);
    expect(refusalOf(header!.replace('"players":2', '"players":0'))).toMatch(/^"manifest" does not hold/);
    expect(refusalOf(header!.replace('"match":"', '"match":"0'))).toMatch(/^"match"/);
  });

  test("EN-651 throws for no bytes whatever", () => {
    const [header] = traced([]);
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json({ maxDepth: 4 }).map((text) => utf8Encode(text.replace(/\p{Surrogate}/gu, ""))!),
      fc
        .jsonValue()
        .map((value) => utf8Encode(JSON.stringify({ type: "x", value }).replace(/\\ud.{3}/g, ""))!),
    );
    const newline = new Uint8Array([0x0a]);
    let accepted = 0;
    fc.assert(
      fc.property(hostile, fc.boolean(), (noise, first) => {
        const line = concatBytes(noise, newline);
        const file = first ? concatBytes(line, fileOf([header!])) : concatBytes(fileOf([header!]), line);
        if (readTrace(file).ok) accepted++;
      }),
      { seed: 651, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  test("EN-614 holds a web of objects and one that throws, as far as they can be read", () => {
    const web: Record<string, unknown> = {};
    web.left = web;
    web.right = web;
    const trap = Object.defineProperty({}, "x", {
      enumerable: true,
      get() {
        throw new Error("not for reading");
      },
    });
    const [, first, second] = traced([
      ["refused", { payload: trap, kind: "move" }],
      ["refused", { payload: web }],
    ]);
    expect(first).toBe('{"type":"refused","payload":{"$other":"unreadable"},"kind":"move"}');
    expect(second!.length).toBeLessThan(MAX_TRACE_LINE_BYTES);
  });

  test("EN-652 replaces a record that is too long to be read again", () => {
    const text = "x".repeat(MAX_TRACE_LINE_BYTES / 3);
    const lines = traced([["state", { text }]]);
    expect(lines[1]).toBe(`{"type":"state","omitted":${text.length + '{"type":"state","text":""'.length}}`);
  });

  test("EN-653 gives, with another peer's, the states of the first tick that both kept", () => {
    const kept = (chronos: number, state?: Value): [string, Record<string, unknown>] => [
      "state",
      { chronos, state },
    ];
    const left = traceOf(
      traced([kept(7), kept(9, { x: 1 }), kept(8, { x: 2 }), ["other", { chronos: 1, state: 1 }]]),
    );
    const right = traceOf(traced([kept(1, 0), kept(7, 0), kept(8, { x: 3 }), kept(9, { x: 4 })]));
    expect(desyncStates(left, right)).toEqual({ chronos: 8, left: { x: 2 }, right: { x: 3 } });
    expect(desyncStates(left, traceOf(traced([])))).toBeUndefined();
  });
});
