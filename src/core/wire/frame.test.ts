import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArraySource, contentOf, move } from "../../../test/wire/contents.js";
import { anyFrame, fill, frames, slotsByPeer } from "../../../test/wire/frames.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { type TickContent, TickContent as Ticks } from "../envelope/content.js";
import { Frame } from "./frame.js";
import { FRAGMENT_BYTES, MAX_BODY_BYTES, MAX_RUN_TICKS, MAX_TICK } from "./limits.js";
import type { ContentSource, Run } from "./run.js";

const SEED = 20_260_501;
const ROOM = 1_000_000;
const sent = new Frame();
const got = new Frame();
const writer = new ByteWriter();

function encode(sources: readonly ContentSource[], budget = ROOM, author = 0): [Uint8Array, number] {
  writer.reset();
  const written = frames.encode(writer, sent, author, sources, budget);
  return [writer.finish(), written];
}

const decode = (bytes: Uint8Array, sources: readonly ContentSource[], sender = 0): string | undefined =>
  frames.decode(new ByteReader(bytes), got, sender, sources);

function expectRun(run: Run, source: ContentSource): void {
  expect(run.knownFrom).toBe(0);
  for (const [index, contents] of run.contents.entries()) {
    for (let i = 0; i < run.count; i++) {
      const content = contents[i];
      if (content !== undefined) expect(content.equals(source.content(index, run.base + 1 + i)!)).toBe(true);
    }
  }
}

/** An idle frame of peer 1: one slot that repeats, acknowledged but for the last few ticks. */
function idleAt(tick: number, node: Uint8Array): readonly ContentSource[] {
  const still = contentOf(move(3, -4));
  sent.reset();
  sent.run.base = tick - 7;
  sent.run.count = 7;
  sent.head = tick - 2;
  sent.ack = tick - 6;
  sent.leadTicks = -3;
  sent.depthTicks = 5;
  sent.report = { tick: tick - 9, node };
  const source = { content: (): TickContent => still };
  return [source, source, source];
}

describe("a frame", () => {
  test("EN-210 gives back every section as it was", () => {
    const property = fc.property(anyFrame, (any) => {
      fill(sent, any);
      const [bytes, written] = encode(any.sources);
      expect(written).toBe(sent.run.count);
      expect(decode(bytes, any.sources)).toBeUndefined();
      const { run: _sentRun, forwards: sentForwards, ...sentParts } = sent;
      const { run: _gotRun, forwards: gotForwards, ...gotParts } = got;
      expect(gotParts).toEqual(sentParts);
      expect([got.run.base, got.run.count, got.seal]).toEqual([sent.run.base, sent.run.count, sent.seal]);
      expectRun(got.run, any.sources[0]!);
      expect(gotForwards.map(({ peer, base, count }) => [peer, base, count])).toEqual(
        sentForwards.map(({ peer, base, count }) => [peer, base, count]),
      );
      for (const forward of gotForwards) expectRun(forward, any.sources[forward.peer]!);
    });
    fc.assert(property, { seed: SEED, numRuns: 400 });
  });

  test("EN-211 of an idle tick has 8 bytes besides run and report up to tick 16,383, and 9 up to 2,097,151", () => {
    const sizeAt = (tick: number): number => encode(idleAt(tick, new Uint8Array(8)))[0].length;
    expect([100, 16_383, 16_400, 2_097_151].map(sizeAt)).toEqual([17, 18, 19, 19]);
    const [bytes] = encode(idleAt(10_000, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)), ROOM, 1);
    expect(decode(bytes, idleAt(10_000, new Uint8Array(8)), 1)).toBeUndefined();
    expect(got.report).toEqual({ tick: 9_991, node: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
  });

  test("EN-212 keeps within its room and leaves the newest ticks for the next", () => {
    const property = fc.property(anyFrame, fc.integer({ min: 1_100, max: MAX_BODY_BYTES }), (any, budget) => {
      fill(sent, any);
      sent.fragments.length = 0;
      sent.fragmentAcks.length = 0;
      sent.ledger = undefined;
      sent.signature = undefined;
      sent.lost.length = 0;
      const asked = sent.forwards.map(({ count }) => count);
      const [bytes, written] = encode(any.sources, budget);
      expect(bytes.length).toBeLessThanOrEqual(budget);
      if (sent.run.count > 0) expect(written).toBeGreaterThan(0);
      expect(decode(bytes, any.sources)).toBeUndefined();
      expect(got.run.count).toBe(written);
      expectRun(got.run, any.sources[0]!);
      for (const [i, forward] of sent.forwards.entries()) {
        expect(forward.count).toBeLessThanOrEqual(asked[i]!);
        expect(got.forwards[i]!.count).toBe(forward.count);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test("EN-213 has room for the longest fragment beside a report, a signature and a tick that repeats", () => {
    const still = contentOf(move(1));
    const source = { content: (): TickContent => still };
    sent.reset();
    sent.run.base = MAX_TICK - MAX_RUN_TICKS;
    sent.run.count = MAX_RUN_TICKS;
    sent.head = 0;
    sent.ack = MAX_TICK;
    sent.report = { tick: MAX_TICK, node: new Uint8Array(8) };
    sent.signature = { segment: MAX_TICK, head: new Uint8Array(8), signature: new Uint8Array(64) };
    const fragment = { slot: slotsByPeer[0]![0]!, tick: MAX_TICK, index: 62, total: 64 };
    sent.fragments.push({ ...fragment, bytes: new Uint8Array(FRAGMENT_BYTES) });
    const [bytes, written] = encode([source, source, source], MAX_BODY_BYTES);
    expect(written).toBe(MAX_RUN_TICKS);
    expect(decode(bytes, [source, source, source])).toBeUndefined();
    expect(got.seal).toBe(MAX_TICK);
  });

  test("EN-214 sends no more than 255 ticks, and clamps lead and depth", () => {
    const source = new ArraySource([new Array<TickContent>(400).fill(Ticks.empty)]);
    const sources = [source, source, source];
    sent.reset();
    sent.run.count = 400;
    sent.leadTicks = -1_000;
    sent.depthTicks = 1_000;
    const [bytes, written] = encode(sources, ROOM, 1);
    expect(written).toBe(MAX_RUN_TICKS);
    expect(decode(bytes, sources, 1)).toBeUndefined();
    expect([got.leadTicks, got.depthTicks]).toEqual([-128, 255]);
  });
});
