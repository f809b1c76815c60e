import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fileOf,
  journalOf,
  play,
  rechained,
  refusalOf,
  sixtyLines,
  sixtyLinesIdentity,
  spliced,
} from "../../../test/journal/tiny-match.js";
import { concatBytes } from "../base/bytes.js";
import { utf8Encode } from "../base/text.js";
import { MAX_JOURNAL_LINE_BYTES, MAX_JOURNAL_TICK_BYTES } from "./limits.js";
import { readJournal } from "./reader.js";

const { lines, bytes } = play(sixtyLinesIdentity, 17, sixtyLines);

/** The journal with one line changed, and every chain computed anew. */
const forged = (line: number, change: (text: string) => string): Uint8Array =>
  rechained(lines.map((text, i) => (i + 1 === line ? change(text) : text)));
const inLine = (line: number, from: string | RegExp, to: string): Uint8Array =>
  forged(line, (text) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  });

describe("the journal's reader", () => {
  test("EN-602 reads what was written", () => {
    const journal = journalOf(bytes);
    expect(journal).toMatchObject({ complete: true, torn: false, unfinishedLines: 0 });
    expect(journal.ticks.map((tick) => tick.chronos)).toEqual(Array.from({ length: 18 }, (_, n) => n));
    expect(journal.ticks[3]).toMatchObject({
      line: 13,
      events: [
        { line: 9, author: 0, id: 0, kind: "move", refusal: undefined },
        { line: 10, author: 0, id: 1, kind: "take", payload: { item: 5 }, refusal: undefined },
        { line: 11, author: 1, id: 0, kind: "move", refusal: undefined },
        { line: 12, author: 1, id: 1, kind: "take", payload: { item: 5 }, refusal: "paradox" },
      ],
    });
    expect(journal.bytes).toEqual(bytes);
  });

  test.each<[string, number, string | RegExp, string]>([
    ["a space", 3, ",", ", "],
    ["a space at the end", 3, /$/, " "],
    ["a carriage return", 3, /$/, "\r"],
    ["another order of keys", 3, '"author":0,"id":0', '"id":0,"author":0'],
    ["another order of keys in a payload", 3, '"x":-2,"y":0', '"y":0,"x":-2'],
    ["a field more", 3, /}$/, ',"note":1}'],
    ["a key twice", 3, '"id":0', '"id":0,"id":0'],
    ["a number with a fraction", 3, '"y":0', '"y":0.0'],
    ["a number with an exponent", 3, '"x":-2', '"x":-2e0'],
    ["minus zero", 3, '"y":0', '"y":-0'],
    ["an escape", 3, '"move"', '"mov\\u0065"'],
    ["capital hex digits", 2, /"node":"[0-9a-f]+"/, `"node":"${"AB".repeat(32)}"`],
    ["a state left out", 2, /"state":"[0-9a-f]+"/, '"state":null'],
    ["capital letters in a key", 1, /"hostKey":"[0-9a-f]+"/, `"hostKey":"${"AB".repeat(32)}"`],
  ])("EN-623 refuses another spelling: %s", (_, line, from, to) => {
    expect(refusalOf(inLine(line, from, to))).toMatch(new RegExp(`^line ${line}: `));
  });

  test.each<[string, number, string | RegExp, string]>([
    ["an unknown type", 3, '"event"', '"events"'],
    ["a second session line", 2, /^.*$/, lines[0]!],
    ["no session line", 1, /^.*$/, lines[1]!],
    ["a tick too many", 6, /^.*$/, lines[8]!],
    ["a tick's number too high", 5, '"chronos":1', '"chronos":2'],
    ["an event of another tick", 3, '"chronos":1', '"chronos":2'],
    ["an event twice", 4, /^.*$/, lines[2]!],
    ["events in the wrong order", 11, '"author":1', '"author":0'],
    ["an id that skips", 10, '"id":1', '"id":2'],
    ["a first id above 0", 3, '"id":0', '"id":1'],
    ["an author who does not play", 4, '"author":1', '"author":2'],
    ["an author that is the simulation", 4, '"author":1', '"author":"simulation"'],
    ["an unknown reason", 12, '"paradox"', '"because"'],
    ["a refusal without reason", 12, ',"reason":"paradox"', ""],
    ["a reason for an event that entered", 3, /}$/, ',"reason":"quota"}'],
    ["an end at another tick", 60, '"chronos":17', '"chronos":16'],
    ["a line that is a list", 3, /^.*$/, "[]"],
    ["a line that is a number", 3, /^.*$/, "1"],
    ["an empty line", 3, /^.*$/, ""],
    ["a byte order mark", 1, /^/, "\ufeff"],
    ["an undeclared tag", 3, '"y":0', '"y":{"$date":"1"}'],
  ])("EN-624 refuses lines that make no journal: %s", (_, line, from, to) => {
    expect(refusalOf(inLine(line, from, to))).toMatch(new RegExp(`^line ${line}: `));
  });

  test("EN-624 refuses events in tick 0, ticks past the match's length and lines after the end", () => {
    const event = lines[2]!.replace('"chronos":1', '"chronos":0');
    expect(refusalOf(rechained(spliced(lines, 1, 0, event)))).toMatch("line 2: tick 0 has no events");
    const tick = lines[58]!.replace('"chronos":17', '"chronos":18');
    expect(refusalOf(rechained(spliced(lines, 59, 1, tick)))).toBe("line 60: the match has no tick after 17");
    expect(refusalOf(rechained([...lines, lines[59]!]))).toBe("line 61: it stands after the end");
    expect(refusalOf(rechained([...lines, tick]))).toBe("line 61: it stands after the end");
    const dangling = lines[56]!.replace('"chronos":17', '"chronos":18');
    expect(refusalOf(rechained(spliced(lines, 59, 0, dangling)))).toMatch(/^line 61: the events before it/);
  });

  test("EN-604 refuses a session line of which an identity is not what the rest makes it", () => {
    for (const name of ["match", "session", "game", "kairos"]) {
      const wrong = inLine(1, new RegExp(`"${name}":"[0-9a-f]{4}`), `"${name}":"0000`);
      expect(refusalOf(wrong)).toBe(`line 1: "${name}" is not what the rest of the line makes it`);
    }
    expect(refusalOf(inLine(1, '"tickHz":60', '"tickHz":61'))).toMatch(/^line 1: "match" is not/);
    expect(refusalOf(inLine(1, '"slots":[1]', '"slots":[0]'))).toMatch(/^line 1: "roster" does not hold: /);
    expect(refusalOf(inLine(1, '"players":2', '"players":9'))).toMatch(/^line 1: "manifest" does not hold: /);
    expect(refusalOf(inLine(1, '"name":"tiny"', '"name":"\\ud800"'))).toMatch(
      /^line 1: "manifest" does not hold: /,
    );
    expect(refusalOf(inLine(1, '"manifest":{', '"manifest":{"__proto__":{},'))).toMatch(
      /^line 1: "manifest"/,
    );
  });

  test("EN-625 says of another format or protocol which it is", () => {
    expect(refusalOf(inLine(1, '"format":1', '"format":2'))).toBe(
      "line 1: it is of format 2, and this program reads format 1",
    );
    expect(refusalOf(inLine(1, '"protocol":1', '"protocol":9'))).toBe(
      "line 1: it is of protocol 9, and this program reads protocol 1",
    );
    expect(refusalOf(inLine(1, '"format":1', '"format":"1"'))).toBe("line 1: it names no format");
  });

  test("EN-622 finds a changed line at the next chain, and says since where", () => {
    const changed = fileOf(lines.map((line, i) => (i === 10 ? line.replace('"x":0', '"x":1') : line)));
    expect(refusalOf(changed)).toBe(
      "line 13: the chain does not hold: this line was changed, or one since line 9",
    );
  });

  test("EN-626 refuses lines and ticks that are too long, before they are parsed", () => {
    const long = `${lines[0]!.slice(0, -1)},"x":"${"x".repeat(MAX_JOURNAL_LINE_BYTES)}"}`;
    expect(refusalOf(fileOf([long]))).toBe(`line 1: it is longer than ${MAX_JOURNAL_LINE_BYTES} bytes`);
    const note = "n".repeat(MAX_JOURNAL_LINE_BYTES - 200);
    const event = (id: number) =>
      `{"type":"event","chronos":1,"author":0,"id":${id},"kind":"odd","payload":{"note":"${note}"}}`;
    const count = Math.ceil(MAX_JOURNAL_TICK_BYTES / MAX_JOURNAL_LINE_BYTES) + 1;
    const file = rechained([...lines.slice(0, 2), ...Array.from({ length: count }, (_, id) => event(id))]);
    expect(refusalOf(file)).toMatch(/^line \d+: the lines since the last tick take more than/);
  });

  test("EN-627 throws for no bytes whatever", () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: "binary", maxLength: 200 })
        .map((text) => utf8Encode(text.replace(/\p{Surrogate}/gu, ""))!),
      fc.json({ maxDepth: 6 }).map((text) => utf8Encode(text.replace(/\p{Surrogate}/gu, ""))!),
    );
    const newline = new Uint8Array([0x0a]);
    const short = lines.slice(0, 13);
    let parsed = 0;
    fc.assert(
      fc.property(hostile, fc.nat(short.length - 1), (noise, at) => {
        const file = concatBytes(fileOf(short.slice(0, at)), noise, newline, fileOf(short.slice(at)));
        const reading = readJournal(file);
        expect(reading.ok).toBe(false);
        if (!reading.ok && !/JSON|UTF-8/.test(reading.refusal.what)) parsed++;
      }),
      { seed: 627, numRuns: 3000 },
    );
    expect(parsed).toBeGreaterThan(500);
  });

  test("EN-627 throws for no replaced, doubled or dropped piece of a real line", () => {
    const edit = fc.record({
      line: fc.nat(12),
      from: fc.nat(1000),
      length: fc.nat(30),
      by: fc.oneof(
        fc.constantFrom("", "null", "{}", "[]", "-1", "1e999", '"__proto__"', '{"$map":{}}'),
        fc.json(),
      ),
    });
    fc.assert(
      fc.property(edit, ({ line, from, length, by }) => {
        const text = lines[line]!;
        const at = from % text.length;
        const changed = text.slice(0, at) + by.replace(/\p{Surrogate}/gu, "") + text.slice(at + length);
        const reading = readJournal(fileOf(spliced(lines.slice(0, 13), line, 1, changed)));
        expect(reading.ok).toBe(changed === text);
      }),
      { seed: 628, numRuns: 5000 },
    );
  });

  test("EN-627 survives nesting to any depth", () => {
    const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    const line = lines[2]!.replace('{"x":-2,"y":0}', deep);
    expect(refusalOf(fileOf(spliced(lines, 2, 1, line)))).toMatch(/^line 3: /);
  });
});
