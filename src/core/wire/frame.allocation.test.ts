import { expect, test } from "vitest";
import { contentOf, move } from "../../../test/wire/contents.js";
import { frames } from "../../../test/wire/frames.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import type { TickContent } from "../envelope/content.js";
import { Frame } from "./frame.js";
import { MAX_BODY_BYTES } from "./limits.js";

const FRAMES = 20_000;

/** By how many bytes the heap grows while the work is done so often: the median of nine times, once it is warm. */
function growthOf(work: () => void): number {
  const growths = Array.from({ length: 12 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < FRAMES; i++) work();
    return process.memoryUsage().heapUsed - before;
  });
  return growths.slice(3).sort((a, b) => a - b)[4]!;
}

// In a file of its own: what ran before in the same process decides how these functions are compiled.
test("EN-215 an idle tick is written and read without allocating", () => {
  const still = contentOf(move(3, -4));
  const source = { content: (): TickContent => still };
  const sources = [source, source, source];
  const sent = new Frame();
  const got = new Frame();
  const writer = new ByteWriter(2048);
  const reader = new ByteReader();
  sent.run.base = 1_000;
  sent.run.count = 7;
  sent.head = 1_005;
  sent.ack = 1_001;
  sent.report = { tick: 998, node: new Uint8Array(8) };
  const once = (): void => {
    writer.reset();
    frames.encode(writer, sent, 1, sources, MAX_BODY_BYTES);
    reader.open(writer.buffer, 0, writer.length);
    invariant(frames.decode(reader, got, 1, sources) === undefined, "a good frame is read");
  };
  once();
  const objects = (): unknown[] => [got.run.contents[0], got.report, got.run.contents[0]![0], writer.buffer];
  const kept = objects();
  let leaked: number[] = [];
  const wasteful = growthOf(() => {
    once();
    leaked = [leaked.length];
  });
  // One small object a frame shows: what is measured here can be seen.
  expect(wasteful).toBeGreaterThan(FRAMES * 16);
  expect(growthOf(once)).toBeLessThan(FRAMES * 4);
  for (const [i, object] of objects().entries()) expect(object).toBe(kept[i]);
});
