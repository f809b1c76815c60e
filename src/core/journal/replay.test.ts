import { describe, expect, test } from "vitest";
import {
  journalOf,
  play,
  rechained,
  replayed,
  sixtyLines,
  sixtyLinesIdentity,
  spliced,
  tinyGame,
  tinyIdentity,
} from "../../../test/journal/tiny-match.js";
import type { Hash } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import { EventCatalog } from "../envelope/catalog.js";
import type { Game } from "../session/simulation.js";
import { replayJournal } from "./replay.js";

const { lines, bytes } = play(sixtyLinesIdentity, 17, sixtyLines);
const lineNumbered = (n: number): string => lines[n - 1]!;

describe("a replay", () => {
  test("EN-630 finds what the match found", () => {
    expect(replayed(bytes)).toEqual({
      type: "replayed",
      ok: true,
      complete: true,
      torn: false,
      ticks: 17,
      events: 38,
      finalHash: JSON.parse(lineNumbered(59)).state,
      firstDivergence: null,
    });
  });

  test("EN-630 names the first tick whose state differs, with both hashes", () => {
    const other = play(sixtyLinesIdentity, 17, sixtyLines, true, 2);
    const stateOf = (text: string | undefined): string => JSON.parse(text!).state;
    const tick5 = lines.findIndex((line) => line.startsWith('{"type":"tick","chronos":5'));
    expect(replayed(bytes, tinyGame(2))).toMatchObject({
      ok: false,
      complete: true,
      ticks: 5,
      finalHash: stateOf(other.lines[tick5]),
      firstDivergence: {
        chronos: 5,
        what: "state",
        line: tick5 + 1,
        expected: stateOf(lines[tick5]),
        actual: stateOf(other.lines[tick5]),
      },
    });
  });

  test("EN-630 names the first tick whose node differs", () => {
    const forged = rechained(
      spliced(lines, 12, 1, lineNumbered(13).replace(/"node":"[0-9a-f]{4}/, '"node":"0000')),
    );
    expect(replayed(forged)).toMatchObject({
      ok: false,
      firstDivergence: { chronos: 3, what: "node", line: 13 },
    });
  });

  test("EN-630 covers with the node what a tick without state hash does", () => {
    const sparse = play(tinyIdentity({ hashEveryTicks: 10 }), 17, sixtyLines);
    expect(replayed(sparse.bytes)).toMatchObject({ ok: true, ticks: 17 });
    const at = sparse.lines.findIndex((line) => line.includes('"chronos":3') && line.includes('"event"'));
    const forged = rechained(spliced(sparse.lines, at, 1, sparse.lines[at]!.replace('"x":0', '"x":1')));
    expect(replayed(forged)).toMatchObject({ ok: false, firstDivergence: { chronos: 3, what: "node" } });
  });

  test.each<[string, number, (line: string) => string]>([
    [
      "lets in what loses its claim",
      12,
      (line) => line.replace(',"reason":"paradox"', "").replace("refusal", "event"),
    ],
    ["refuses for another reason", 12, (line) => line.replace('"paradox"', '"quota"')],
    [
      "refuses what wins its claim",
      10,
      (line) => line.replace("event", "refusal").replace(/}$/, ',"reason":"paradox"}'),
    ],
    ["refuses a sample", 9, (line) => line.replace("event", "refusal").replace(/}$/, ',"reason":"late"}')],
    ["holds a kind that is not declared", 9, (line) => line.replace('"move"', '"fly"')],
    ["holds a payload that is not declared", 9, (line) => line.replace('"x":0', '"x":128')],
    ["holds a field that is not declared", 9, (line) => line.replace('{"x":0', '{"w":0,"x":0')],
    ["lacks a declared field", 9, (line) => line.replace('"x":0,', "")],
  ])("EN-631 names the line of a forged journal that %s", (_, line, change) => {
    const result = replayed(rechained(spliced(lines, line - 1, 1, change(lineNumbered(line)))));
    expect(result).toMatchObject({ ok: false, firstDivergence: { chronos: 3, what: "events", line } });
    expect(result.firstDivergence!.actual).not.toBe(result.firstDivergence!.expected);
  });

  test("EN-631 finds an event that was left out", () => {
    const forged = rechained(spliced(lines, 11, 1));
    expect(replayed(forged)).toMatchObject({
      ok: false,
      firstDivergence: { chronos: 3, what: "node", line: 12 },
    });
  });

  test("EN-631 decides again that who has no right may not emit", () => {
    const mute = play(tinyIdentity({}, true), 4, sixtyLines);
    expect(mute.lines.filter((line) => line.includes('"reason":"rights"'))).toHaveLength(5);
    expect(replayed(mute.bytes)).toMatchObject({ ok: true, complete: true, events: 5 });
  });

  test("EN-632 tells another game from one that diverges", () => {
    const journal = journalOf(bytes);
    const other = { ...tinyGame(), name: "huge", fingerprint: "00".repeat(32) as Hash };
    expect(replayJournal(journal, other)).toEqual({
      type: "other-game",
      hint: 'the journal was made with the game "tiny" version "1"; this is "huge" version "1"',
    });
    expect(replayJournal(journal, { ...other, name: "tiny" })).toMatchObject({
      type: "other-game",
      hint: expect.stringMatching(
        /this is that game, but its tick rate, events or effects have changed since$/,
      ),
    });
    const undeclared = { ...tinyGame(), catalog: EventCatalog.compile({}) };
    expect(replayJournal(journal, undeclared)).toMatchObject({ type: "other-game" });
  });

  test("EN-633 compares from one tick on, and ends with another", () => {
    expect(replayed(bytes, tinyGame(), { from: 17 })).toMatchObject({ ok: true, ticks: 17 });
    expect(replayed(bytes, tinyGame(), { until: 4 })).toMatchObject({ ok: true, ticks: 4, complete: true });
    expect(replayed(bytes, tinyGame(2), { until: 4 })).toMatchObject({ ok: true });
    expect(replayed(bytes, tinyGame(2), { from: 9 })).toMatchObject({
      ok: false,
      firstDivergence: { chronos: 9 },
    });
    const forged = rechained(
      spliced(lines, 12, 1, lineNumbered(13).replace(/"state":"[0-9a-f]{4}/, '"state":"0000')),
    );
    expect(replayed(forged, tinyGame(), { from: 3 })).toMatchObject({ firstDivergence: { chronos: 3 } });
    expect(replayed(forged, tinyGame(), { from: 4 })).toMatchObject({ ok: true });
    for (const range of [{ from: 18 }, { until: 18 }, { from: 5, until: 4 }, { from: -1 }, { from: 0.5 }]) {
      expect(() => replayed(bytes, tinyGame(), range)).toThrow(EchoNetError);
    }
  });

  test("EN-633 tells its progress after every tick", () => {
    const told: string[] = [];
    replayed(bytes, tinyGame(), { until: 3, onProgress: (chronos, last) => told.push(`${chronos}/${last}`) });
    expect(told).toEqual(["0/3", "1/3", "2/3", "3/3"]);
  });

  test("EN-634 is not ok where the journal is torn, and is where only its end is missing", () => {
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a, -2) + 1);
    expect(replayed(whole)).toMatchObject({ ok: true, complete: false, torn: false, ticks: 17 });
    expect(replayed(bytes.subarray(0, whole.length + 5))).toMatchObject({
      ok: false,
      complete: false,
      torn: true,
    });
    const session = bytes.subarray(0, bytes.indexOf(0x0a) + 1);
    expect(replayed(session)).toMatchObject({
      ok: true,
      complete: false,
      ticks: 0,
      events: 0,
      finalHash: null,
    });
  });

  test("EN-635 names the tick in which the game throws, with what it threw", () => {
    const game: Game = {
      ...tinyGame(),
      createSimulation() {
        const simulation = tinyGame().createSimulation();
        const step = simulation.step.bind(simulation);
        simulation.step = (tick, events) => {
          if (tick === 7) throw new RangeError("the sky is falling");
          step(tick, events);
        };
        return simulation;
      },
    };
    expect(replayed(bytes, game)).toMatchObject({
      ok: false,
      ticks: 6,
      firstDivergence: { chronos: 7, what: "fault", actual: "the sky is falling" },
    });
  });
});
