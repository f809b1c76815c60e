import { describe, expect, test } from "vitest";
import {
  fileOf,
  journalOf,
  play,
  sixtyLines,
  sixtyLinesIdentity,
  spliced,
  tinyIdentity,
} from "../../../test/journal/tiny-match.js";
import { diffJournals, diffLines } from "./diff.js";

const good = play(sixtyLinesIdentity, 17, sixtyLines);
const diff = (left: Uint8Array, right: Uint8Array) => diffJournals(journalOf(left), journalOf(right));

describe("the difference of two journals", () => {
  test("EN-640 is none where they are equal", () => {
    expect(diff(good.bytes, good.bytes.slice())).toBeUndefined();
  });

  test("EN-640 is the first tick and line where one state differs", () => {
    const corrupt = play(sixtyLinesIdentity, 17, sixtyLines, true, 2);
    const line = good.lines.findIndex((text) => text.startsWith('{"type":"tick","chronos":5')) + 1;
    expect(diff(good.bytes, corrupt.bytes)).toEqual({
      chronos: 5,
      line,
      what: "state",
      left: good.lines[line - 1],
      right: corrupt.lines[line - 1],
    });
  });

  test("EN-640 is the first event that one match had and the other had not", () => {
    const other = play(sixtyLinesIdentity, 17, (tick, slot) => {
      const requests = sixtyLines(tick, slot);
      return tick === 9 && slot === 1 ? [] : requests;
    });
    expect(diff(good.bytes, other.bytes)).toMatchObject({ chronos: 9, what: "events" });
    expect(diff(other.bytes, good.bytes)).toMatchObject({ chronos: 9, what: "events" });
  });

  test("EN-640 is the node where equal states have another past", () => {
    const sparse = { hashEveryTicks: 20 };
    const still = play(tinyIdentity(sparse), 3, () => []);
    const grown = play(tinyIdentity(sparse), 3, () => []);
    const line = still.lines[2]!.replace(/"node":"[0-9a-f]{4}/, '"node":"0000');
    const journals = [still, grown].map(({ bytes }) => journalOf(bytes));
    const changed = { ...journals[1]!, bytes: fileOf(spliced(grown.lines, 2, 1, line)) };
    expect(diffJournals(journals[0]!, changed)).toMatchObject({ chronos: 1, line: 3, what: "node" });
  });

  test("EN-640 is the length where one ends and the other goes on", () => {
    const short = play(sixtyLinesIdentity, 9, sixtyLines, false);
    const next = short.lines.length + 1;
    expect(diff(good.bytes, short.bytes)).toMatchObject({
      chronos: 10,
      line: next,
      what: "length",
      right: undefined,
    });
    expect(diff(short.bytes, good.bytes)).toMatchObject({
      chronos: 10,
      line: next,
      what: "length",
      left: undefined,
    });
    const left = play(sixtyLinesIdentity, 9, sixtyLines);
    expect(diff(good.bytes, left.bytes)).toMatchObject({ chronos: 10, line: next, what: "length" });
  });

  test("EN-640 is the first line where they are of two matches", () => {
    expect(diff(good.bytes, play(tinyIdentity(), 17, sixtyLines).bytes)).toMatchObject({
      chronos: undefined,
      line: 1,
      what: "session",
    });
  });
});

test("EN-640 files of lines are compared line by line", () => {
  const left = fileOf(["a", "b", "c"]);
  expect(diffLines(left, fileOf(["a", "b", "c"]))).toBeUndefined();
  expect(diffLines(left, fileOf(["a", "bb", "c"]))).toEqual({ line: 2, left: "b", right: "bb" });
  expect(diffLines(left, fileOf(["a"]))).toEqual({ line: 2, left: "b", right: undefined });
  expect(diffLines(fileOf([]), left)).toEqual({ line: 1, left: undefined, right: "a" });
});
