import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ArraySource,
  anyPeer,
  catalog,
  contentOf,
  kindIndex,
  move,
  nothing,
} from "../../../test/wire/contents.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { TickContent } from "../envelope/content.js";
import { MAX_BODY_BYTES, MAX_RUN_TICKS } from "./limits.js";
import { type ContentSource, needsFragments, Run, RunCodec } from "./run.js";

const SEED = 20_260_101;
const codec = new RunCodec(catalog.kinds);

function write(
  source: ContentSource,
  slots: number,
  base: number,
  count: number,
  limit = 1e6,
): [Uint8Array, number] {
  const writer = new ByteWriter();
  const written = codec.write(writer, base, count, slots, source, limit);
  return [writer.finish(), written];
}

function read(bytes: Uint8Array, slots: number, base: number, count: number, source: ContentSource): Run {
  const run = new Run();
  run.base = base;
  run.count = count;
  const reader = new ByteReader(bytes);
  expect(codec.read(reader, run, slots, source)).toBeUndefined();
  expect(reader.finished).toBe(true);
  return run;
}

/** The refusal of a run of so many ticks of one slot whose base is tick 0. */
function refusal(count: number, ...bytes: readonly number[]): string | undefined {
  const run = new Run();
  run.count = count;
  const reader = new ByteReader(Uint8Array.from(bytes));
  return codec.read(reader, run, 1, nothing) ?? (reader.finished ? undefined : "trailing");
}

describe("a run", () => {
  test("EN-201 gives back what every slot authored in every tick, from any base", () => {
    const property = fc.property(anyPeer(20), fc.nat(20), (peer, base) => {
      const source = new ArraySource(peer);
      const [bytes, written] = write(source, peer.length, base, 20 - base);
      expect(written).toBe(20 - base);
      const run = read(bytes, peer.length, base, written, source);
      const fresh = read(bytes, peer.length, base, written, onlyTick(source, base));
      expect(run.knownFrom).toBe(0);
      expect(fresh.knownFrom).toBe(0);
      for (let index = 0; index < peer.length; index++) {
        for (let i = 0; i < written; i++) {
          const sent = source.content(index, base + 1 + i)!;
          for (const got of [run.contents[index]![i], fresh.contents[index]![i]]) {
            if (got === undefined) expect(needsFragments(sent, peer.length)).toBe(true);
            else expect(got.equals(sent)).toBe(true);
          }
        }
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test("EN-202 gives a tick that only repeats as the very object that predicts it", () => {
    const still = contentOf(move(1));
    const mixed = contentOf(move(2), ["fire", {}]);
    const source = new ArraySource([[still, still, mixed, mixed.repeated, mixed.repeated]]);
    const [bytes] = write(source, 1, 0, 5);
    const run = read(bytes, 1, 0, 5, nothing);
    const [a, b, c, d, e] = run.contents[0]!;
    expect(b).toBe(a);
    expect(d).toBe(c!.repeated);
    expect(e).toBe(d);
    expect(a!.equals(still) && c!.equals(mixed) && d!.equals(mixed.repeated)).toBe(true);
  });

  test("EN-203 gives a tick that the receiver holds as the very object it holds", () => {
    const property = fc.property(anyPeer(12), fc.nat(12), (peer, base) => {
      const source = new ArraySource(peer);
      const [bytes, written] = write(source, peer.length, base, 12 - base);
      const received = read(bytes, peer.length, base, written, onlyTick(source, base));
      const holding = new ArraySource(
        peer.map((_, index) =>
          Array.from({ length: 12 }, (_, i) =>
            i < base ? source.content(index, i + 1) : received.contents[index]![i - base],
          ),
        ),
      );
      const again = read(bytes, peer.length, base, written, holding);
      for (let index = 0; index < peer.length; index++) {
        for (let i = 0; i < written; i++)
          expect(again.contents[index]![i]).toBe(received.contents[index]![i]);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test("EN-204 takes one byte while nothing changes, and none without ticks", () => {
    const still = contentOf(move(1), ["aim", { at: 0.5 }]);
    const source = new ArraySource([new Array(130).fill(still), new Array(130).fill(TickContent.empty)]);
    expect(write(source, 2, 1, 127)[0]).toEqual(Uint8Array.of(127));
    expect(write(source, 2, 1, 128)[0].length).toBe(2);
    expect(write(source, 2, 1, 0)[0].length).toBe(0);
  });

  test("EN-205 stops where its room ends, and goes on from there in the next", () => {
    const property = fc.property(
      anyPeer(30),
      fc.integer({ min: 1_060, max: MAX_BODY_BYTES }),
      (peer, room) => {
        const source = new ArraySource(peer);
        let base = 0;
        for (let sent = 0; base < 30; sent++) {
          expect(sent).toBeLessThan(30);
          const [bytes, written] = write(source, peer.length, base, 30 - base, room);
          expect(bytes.length).toBeLessThanOrEqual(room);
          expect(written).toBeGreaterThan(0);
          const run = read(bytes, peer.length, base, written, onlyTick(source, base));
          for (let i = 0; i < written; i++) {
            const got = run.contents[0]![i];
            if (got !== undefined) expect(got.equals(source.content(0, base + 1 + i)!)).toBe(true);
          }
          base += written;
        }
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 200 });
    const source = new ArraySource([[contentOf(["say", { text: "x".repeat(300) }])]]);
    expect(write(source, 1, 0, 1, 300)).toEqual([new Uint8Array(0), 0]);
    expect(write(source, 1, 0, 1, 1)).toEqual([new Uint8Array(0), 0]);
  });

  test("EN-206 without its base is known from the first tick that the receiver holds, or that names its events", () => {
    const [a, b, c] = [contentOf(move(1)), contentOf(move(2)), contentOf(move(3))];
    const source = new ArraySource([[a, a, a, b, b, c]]);
    const [bytes, written] = write(source, 1, 1, 5);
    const unheld = read(bytes, 1, 1, written, nothing);
    expect(unheld.knownFrom).toBe(2);
    expect(unheld.contents[0]!.slice(2, 5).map((content) => content!.equals(b))).toEqual([true, true, false]);
    const held = read(bytes, 1, 1, written, onlyTick(source, 3));
    expect(held.knownFrom).toBe(1);
    expect(held.contents[0]![1]).toBe(a);
    const mixed = contentOf(move(1), ["fire", {}]);
    const [twin] = write(new ArraySource([[a, mixed]]), 1, 1, 1);
    expect(read(twin, 1, 1, 1, nothing).knownFrom).toBe(1);
    expect(read(twin, 1, 1, 1, new ArraySource([[undefined, mixed]])).contents[0]![0]).toBe(mixed);
  });

  test("EN-207 leaves out what is too long, and counts the next tick from the one before that", () => {
    const still = contentOf(move(1));
    const long = contentOf(move(1), ["blob", { data: new Uint8Array(600) }]);
    expect(needsFragments(long, 1)).toBe(true);
    const source = new ArraySource([[still, long, still]]);
    const [bytes] = write(source, 1, 0, 3);
    const [first, second, third] = read(bytes, 1, 0, 3, nothing).contents[0]!;
    expect(second).toBeUndefined();
    expect(third).toBe(first);
    const [after] = write(source, 1, 2, 1);
    expect(after).toEqual(Uint8Array.of(1));
    expect(read(after, 1, 2, 1, source).contents[0]![0]).toBe(long.repeated);
  });

  test("EN-208 always has room in one datagram for one tick of any number of slots", () => {
    for (let slots = 1; slots <= 8; slots++) {
      const sizes = Array.from({ length: 600 }, (_, size) =>
        contentOf(["say", { text: "x".repeat(size % 400) }]),
      );
      const longest = sizes.filter((content) => !needsFragments(content, slots)).at(-1)!;
      const source = new ArraySource(Array.from({ length: slots }, () => [longest]));
      expect(write(source, slots, 0, 1, MAX_BODY_BYTES - 110)[1]).toBe(1);
    }
  });

  test("EN-209 that does not add up is refused, each fault by its own code", () => {
    const fire = 2 * kindIndex("fire");
    expect(refusal(1, 0, 3, fire)).toBeUndefined();
    expect(refusal(3)).toBe("truncated");
    expect(refusal(3, 0)).toBe("truncated");
    expect(refusal(1, 0, 3)).toBe("truncated");
    expect(refusal(1, 0, 0x83, 0, fire)).toBe("truncated");
    expect(refusal(3, 4)).toBe("run");
    expect(refusal(MAX_RUN_TICKS, 0xff, 0xff, 3)).toBe("run");
    expect(refusal(1, 0, 3, 2 * catalog.kinds.length)).toBe("kind");
    expect(refusal(1, 0, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)).toBe("kind");
    expect(refusal(1, 0, 3, 2 * kindIndex("move"), 1)).toBe("payload");
    expect(refusal(1, 0, 3, fire + 1)).toBe("reference");
    expect(refusal(1, 0, 0x83, 0x02, ...new Array<number>(257).fill(fire))).toBe("events");
    expect(refusal(1, 0, 3, fire, 0)).toBe("trailing");
  });
});

/** A receiver that holds one tick only. */
function onlyTick(source: ContentSource, tick: number): ContentSource {
  return { content: (index, asked) => (asked === tick ? source.content(index, tick) : undefined) };
}
