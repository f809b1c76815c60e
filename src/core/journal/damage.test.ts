import { describe, expect, test } from "vitest";
import {
  fileOf,
  play,
  sixtyLines,
  sixtyLinesIdentity,
  spliced,
  tinyGame,
  tinyIdentity,
} from "../../../test/journal/tiny-match.js";
import { utf8Encode } from "../base/text.js";
import { readJournal } from "./reader.js";
import { replayJournal } from "./replay.js";

const { lines, bytes } = play(sixtyLinesIdentity, 17, sixtyLines);
const isSealed = (line: string): boolean => line.includes('"chain"');

/** The number of the line that holds each byte. */
const lineOfByte = lines.flatMap((line, i) => new Array<number>(utf8Encode(line)!.length + 1).fill(i + 1));

/** What reading and replaying finds: the line or tick that does not hold, `torn`, `incomplete` or `good`. */
function verdict(file: Uint8Array): string {
  const reading = readJournal(file);
  if (!reading.ok) return `line ${reading.refusal.line}`;
  const replay = replayJournal(reading.journal, tinyGame());
  if (replay.type === "other-game") return "other game";
  if (replay.firstDivergence !== null) return `tick ${replay.firstDivergence.chronos}`;
  return replay.torn ? "torn" : replay.complete ? "good" : "incomplete";
}

/** Flips one bit of every byte; where what is found is not what the byte's line and the next chain allow. */
function unnoticed(file: Uint8Array, bit: number): string[] {
  const wrong: string[] = [];
  for (let at = 0; at < file.length; at++) {
    const first = lineOfByte[at]!;
    const last = Math.max(first, lines.findIndex((line, i) => i + 1 >= first && isSealed(line)) + 1);
    const flipped = file.slice();
    flipped[at]! ^= 1 << bit;
    const found = verdict(flipped);
    const line = Number(/^line (\d+)$/.exec(found)?.[1]);
    // The last newline: without it, the last line is torn.
    const noticed = at === file.length - 1 ? found === "torn" : line >= first && line <= last;
    if (!noticed) wrong.push(`bit ${bit} of byte ${at}: ${found}`);
  }
  return wrong;
}

describe("a damaged journal", () => {
  const bits = [0, 1, 2, 3, 4, 5, 6, 7];

  test.each(bits)("EN-620 is refused for bit %i of any byte, at its line or the next with a chain", (bit) => {
    expect(lines).toHaveLength(60);
    expect(verdict(bytes)).toBe("good");
    expect(unnoticed(bytes, bit)).toEqual([]);
  });

  test.each(bits)("EN-620 is refused without an end line too, for bit %i of any byte", (bit) => {
    const short = fileOf(lines.slice(0, 5));
    expect(verdict(short)).toBe("incomplete");
    expect(unnoticed(short, bit)).toEqual([]);
  });

  test("EN-621 replays as far as it is whole where it is cut at any byte, and is said to be torn or incomplete", () => {
    const firstNewline = lineOfByte.indexOf(2);
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const found = verdict(cut);
      if (length < firstNewline) {
        expect(found, `${length} bytes`).toBe("line 1");
        continue;
      }
      const whole = lineOfByte[length]! !== lineOfByte[length - 1]!;
      expect(found, `${length} bytes`).toBe(whole ? "incomplete" : "torn");
      const reading = readJournal(cut);
      const kept = lines.slice(0, lineOfByte[length]! - 1);
      const ticks = kept.filter((line) => line.startsWith('{"type":"tick"')).length;
      expect(reading.ok && reading.journal.ticks.length).toBe(ticks);
      expect(reading.ok && reading.journal.unfinishedLines).toBe(
        kept.length - 1 - Math.max(0, kept.map(isSealed).lastIndexOf(true)),
      );
    }
  });

  test("EN-621 tells a file that ends in its first line from an empty one", () => {
    expect(readJournal(new Uint8Array(0))).toEqual({
      ok: false,
      torn: false,
      refusal: { line: 1, what: "the journal is empty" },
    });
    expect(readJournal(bytes.subarray(0, 100))).toMatchObject({
      ok: false,
      torn: true,
      refusal: { line: 1 },
    });
  });

  test("EN-622 is refused where two of its lines, or its lines and another match's, change places", () => {
    for (let i = 1; i < lines.length - 1; i++) {
      const swapped = [...lines.slice(0, i), lines[i + 1]!, lines[i]!, ...lines.slice(i + 2)];
      expect(verdict(fileOf(swapped))).toMatch(/^line /);
      expect(verdict(fileOf(spliced(lines, i, 1)))).toMatch(/^line /);
      expect(verdict(fileOf(spliced(lines, i, 0, lines[i]!)))).toMatch(/^line /);
    }
    const other = play(
      tinyIdentity({ ticks: 17, limits: { eventsPerTick: 2, bytesPerTick: 255 } }),
      17,
      sixtyLines,
    );
    expect(verdict(fileOf([other.lines[0]!, ...lines.slice(1)]))).toBe("line 2");
  });
});
