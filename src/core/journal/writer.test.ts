import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  documented,
  fileOf,
  journalOf,
  play,
  replayed,
  sixtyLines,
  sixtyLinesIdentity,
  tinyCatalog,
  tinyIdentity,
} from "../../../test/journal/tiny-match.js";
import { asSlot, chronosTick, type Hash } from "../base/brand.js";
import { utf8Encode } from "../base/text.js";
import { EventCatalog } from "../envelope/catalog.js";
import { encode } from "../envelope/codec.js";
import { event, t } from "../envelope/declare.js";
import { nodeId } from "../envelope/node-id.js";
import { JournalWriter } from "./writer.js";

const hash = "ab".repeat(32) as Hash;

describe("the journal's writer", () => {
  test("EN-601 writes the documented journal, to the byte", () => {
    const page = readFileSync(new URL("../../../docs/journal.md", import.meta.url), "utf8");
    const example = /```jsonl\n(.*?)```/s.exec(page)?.[1];
    const { bytes } = play(tinyIdentity({ ticks: 2 }), 2, documented);
    expect(new TextDecoder().decode(bytes)).toBe(example);
    expect(replayed(utf8Encode(example!)!)).toMatchObject({ ok: true, complete: true, ticks: 2, events: 6 });
  });

  test("EN-601 writes equal bytes for equal ticks", () => {
    expect(play(sixtyLinesIdentity, 17, sixtyLines).bytes).toEqual(
      play(sixtyLinesIdentity, 17, sixtyLines).bytes,
    );
    const left = play(sixtyLinesIdentity, 9, sixtyLines, false).bytes;
    expect(play(sixtyLinesIdentity, 17, sixtyLines).bytes.subarray(0, left.length)).toEqual(left);
  });

  test("EN-602 writes each tick's events and refusals by author and id, then the tick", () => {
    const { lines } = play(sixtyLinesIdentity, 17, sixtyLines);
    const short = lines.map((line) => {
      const { type, chronos, author, id, reason } = JSON.parse(line);
      return [type, chronos, author, id, reason].filter((field) => field !== undefined).join(" ");
    });
    expect(short.slice(0, 5)).toEqual(["session", "tick 0", "event 1 0 0", "event 1 1 0", "tick 1"]);
    expect(short.slice(8, 13)).toEqual([
      "event 3 0 0",
      "event 3 0 1",
      "event 3 1 0",
      "refusal 3 1 1 paradox",
      "tick 3",
    ]);
    expect(short.slice(39, 44)).toEqual([
      "event 12 0 0",
      "event 12 0 1",
      "refusal 12 0 2 quota",
      "event 12 1 0",
      "tick 12",
    ]);
    expect(short.slice(58)).toEqual(["tick 17", "end 17"]);
  });

  test("EN-603 writes what was sent, whatever a handler has done to the payload since", () => {
    const lines: string[] = [];
    const writer = new JournalWriter({ line: (text) => lines.push(text) }, tinyIdentity(), {
      catalog: tinyCatalog,
    });
    writer.tick({ chronos: chronosTick(0), events: [], refusals: [], node: hash, stateHash: hash });
    const content = tinyCatalog.pack("move", { x: 1, y: 2 }, chronosTick(1));
    const envelope = tinyCatalog.envelope(content, 0, chronosTick(1), tinyIdentity().kairos, asSlot(0));
    envelope.payload.x = 99;
    writer.tick({ chronos: chronosTick(1), events: [envelope], refusals: [], node: hash, stateHash: hash });
    expect(lines[2]).toBe(
      '{"type":"event","chronos":1,"author":0,"id":0,"kind":"move","payload":{"x":1,"y":2}}',
    );
  });

  test("EN-603 writes the own tick of a t.tick field anew in each tick that repeats its sample", () => {
    const odd = { big: 1n, bigs: [], float: 0.5, note: "" };
    const { lines } = play(tinyIdentity(), 3, (_, slot) =>
      slot === 0 ? [{ kind: "odd", payload: odd }] : [],
    );
    expect(lines.filter((line) => line.includes('"odd"')).slice(1)).toEqual(
      [1, 2, 3].map(
        (n) =>
          `{"type":"event","chronos":${n},"author":0,"id":0,"kind":"odd",` +
          `"payload":{"at":${n},"big":1,"bigs":[],"float":0.5,"note":""}}`,
      ),
    );
  });

  test("EN-604 puts into the session line all that the match's identity is made of", () => {
    expect(journalOf(play(sixtyLinesIdentity, 1, sixtyLines).bytes)).toMatchObject({
      identity: sixtyLinesIdentity,
      events: tinyCatalog.description,
    });
  });

  test("EN-605 keeps ticks in order, and writes nothing after the end", () => {
    const writer = new JournalWriter({ line() {} }, tinyIdentity(), { catalog: tinyCatalog });
    const tick = (n: number) => ({
      chronos: chronosTick(n),
      events: [],
      refusals: [],
      node: hash,
      stateHash: hash,
    });
    expect(() => writer.end()).toThrow("broken invariant");
    expect(() => writer.tick(tick(1))).toThrow("broken invariant");
    writer.tick(tick(0));
    expect(() => writer.tick(tick(0))).toThrow("broken invariant");
    writer.end();
    expect(() => writer.tick(tick(1))).toThrow("broken invariant");
    expect(() => writer.end()).toThrow("broken invariant");
  });

  test("EN-613 lets the canonical bytes of each event be rebuilt from its line and the session line alone", () => {
    const { identity, ticks } = journalOf(play(sixtyLinesIdentity, 17, sixtyLines).bytes);
    const { kairos } = identity;
    let compared = 0;
    for (const tick of ticks) {
      for (const { id, kind, chronos, author, payload } of tick.events) {
        const request = sixtyLines(chronos, author)[id]!;
        const content = tinyCatalog.pack(request.kind, request.payload, chronos);
        const sent = tinyCatalog.canonicalBytes(tinyCatalog.envelope(content, id, chronos, kairos, author));
        expect(encode({ id, kind, chronos, kairos, author, payload })).toEqual(sent);
        compared++;
      }
    }
    expect(compared).toBe(40);
  });

  test("EN-606 leaves the state's hash out where the interval asks for none", () => {
    const { lines, bytes } = play(tinyIdentity({ hashEveryTicks: 3 }), 7, sixtyLines);
    const ticks = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "tick");
    expect(ticks.map(({ state }) => state === null)).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(replayed(bytes)).toMatchObject({ ok: true, ticks: 7, finalHash: ticks[6].state });
  });

  test("EN-608 refuses a game whose declarations make a session line that nobody would read", () => {
    const names = Array.from({ length: 256 }, (_, i) => `${i}`.padStart(64, "n"));
    const fields = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`f${i}`, t.oneOf(...names)]));
    const events = Object.fromEntries(["a", "b", "c"].map((kind) => [kind, event(fields)]));
    const catalog = EventCatalog.compile(events);
    expect(() => new JournalWriter({ line() {} }, tinyIdentity(), { catalog })).toThrow(
      /declared events take/,
    );
  });
});

describe("a node", () => {
  const first = nodeId(undefined, 0, [], hash);

  test("EN-607 differs with each of its parts", () => {
    const one = new Uint8Array(32).fill(1);
    const two = new Uint8Array(32).fill(2);
    const nodes = [
      first,
      nodeId(undefined, 0, [], undefined),
      nodeId(first, 1, [], hash),
      nodeId(first, 2, [], hash),
      nodeId(one, 1, [], hash),
      nodeId(first, 1, [one], hash),
      nodeId(first, 1, [one], undefined),
      nodeId(first, 1, [one, two], hash),
      nodeId(first, 1, [two, one], hash),
      nodeId(first, 1, [], undefined),
      nodeId(first, 1, [], "cd".repeat(32) as Hash),
    ];
    expect(new Set(nodes.map((node) => node.join())).size).toBe(nodes.length);
    expect(nodeId(first, 1, [one], hash)).toEqual(nodeId(first.slice(), 1, [one.slice()], hash));
  });

  test("EN-607 has a node before it, unless it is that of tick 0", () => {
    expect(() => nodeId(undefined, 1, [], hash)).toThrow("broken invariant");
    expect(() => nodeId(first, 0, [], hash)).toThrow("broken invariant");
  });
});

test("EN-602 the lines of a journal end with one newline each", () => {
  const { lines, bytes } = play(sixtyLinesIdentity, 17, sixtyLines);
  expect(bytes).toEqual(fileOf(lines));
  expect(bytes.filter((byte) => byte === 0x0a)).toHaveLength(60);
});
