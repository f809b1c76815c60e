import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFrame, fill, frames } from "../../../test/wire/frames.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { Xoshiro128 } from "../base/prng.js";
import { Frame } from "./frame.js";
import { MAX_BODY_BYTES, MAX_RUN_TICKS } from "./limits.js";
import { FRAME_REFUSALS, type FrameRefusal } from "./refusal.js";
import type { ContentSource } from "./run.js";

const SEED = 20_260_601;
const MUTANTS = 300_000;
const reader = new ByteReader();
const got = new Frame();

/** What a receiver holds, with a count of how often it was asked. */
let asked = 0;
const counting = (source: ContentSource): ContentSource => ({
  content(index, tick) {
    asked++;
    return source.content(index, tick);
  },
});

function decode(
  bytes: Uint8Array,
  length: number,
  sources: readonly ContentSource[],
): FrameRefusal | undefined {
  reader.open(bytes, 0, length);
  return frames.decode(reader, got, 0, sources);
}

/** Bodies of good frames, and what their receiver holds. */
const samples = fc.sample(anyFrame, { seed: SEED, numRuns: 500 }).map((any) => {
  const frame = new Frame();
  const writer = new ByteWriter();
  fill(frame, any);
  frames.encode(writer, frame, 0, any.sources, 1e6);
  return { bytes: writer.finish(), sources: any.sources.map(counting) };
});

const nothing: readonly ContentSource[] = [0, 1, 2].map(() => counting({ content: () => undefined }));

/** Changes a copy of a good body: bits, bytes, cuts, insertions, exchanged pieces. Returns its new length. */
function mutate(target: Uint8Array, source: Uint8Array, donor: Uint8Array, random: Xoshiro128): number {
  let length = Math.min(source.length, target.length);
  target.set(source.subarray(0, length));
  for (let changes = 1 + random.int(3); changes > 0; changes--) {
    const at = random.int(length + 1);
    const kind = random.int(6);
    if (kind === 0 && length > 0) target[at % length]! ^= 1 << random.int(8);
    else if (kind === 1 && length > 0) target[at % length] = EDGES[random.int(EDGES.length)]!;
    else if (kind === 2) length = at;
    else if (kind === 3 && length < target.length) {
      target.copyWithin(at + 1, at, length++);
      target[at] = random.int(256);
    } else if (kind === 4 && at < length) {
      target.copyWithin(at, at + 1, length--);
    } else {
      const piece = donor.subarray(0, random.int(Math.min(40, target.length - at, donor.length) + 1));
      target.set(piece, at);
      length = Math.max(length, at + piece.length);
    }
  }
  return length;
}

const EDGES: readonly number[] = [0, 1, 2, 3, 7, 8, 16, 17, 64, 65, 127, 128, 129, 131, 255];

describe("hostile bytes inside an authentic datagram", () => {
  test("EN-230 of every length, first byte and fill are refused by a code or read, and nothing throws", () => {
    const body = new Uint8Array(MAX_BODY_BYTES + 20);
    const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => i));
    const fills = [(): number => 0, (): number => 255, (): number => random.int(256)];
    for (const fillByte of fills) {
      for (let length = 0; length <= body.length; length++) {
        for (let first = 0; first < 256; first += length < 40 ? 1 : 37) {
          for (let i = 1; i < Math.min(length, 60); i++) body[i] = fillByte();
          body[0] = first;
          const refusal = decode(body, length, nothing);
          if (refusal !== undefined) expect(FRAME_REFUSALS).toContain(refusal);
          else expect(reader.finished).toBe(true);
        }
      }
    }
  });

  test("EN-231 mutated from good ones meet every refusal a thousand times, and cost bounded work", () => {
    const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => 7 * i + 1));
    const counts = new Map<string, number>();
    const target = new Uint8Array(MAX_BODY_BYTES);
    let pastTheHead = 0;
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const { bytes, sources } = samples[random.int(samples.length)]!;
      const donor = samples[random.int(samples.length)]!;
      const length = mutate(target, bytes, donor.bytes, random);
      asked = 0;
      const refusal = decode(target, length, sources) ?? "none";
      counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
      if (!HEAD_REFUSALS.has(refusal)) pastTheHead++;
      if (asked > MOST_ASKED) expect(asked).toBeLessThanOrEqual(MOST_ASKED);
    }
    for (const code of FRAME_REFUSALS) expect(counts.get(code), code).toBeGreaterThanOrEqual(1_000);
    expect([...counts.keys()].sort()).toEqual([...FRAME_REFUSALS, "none"].sort());
    expect(pastTheHead).toBeGreaterThan(MUTANTS / 3);
  });
});

/** What a body is refused for before or within its sections; `truncated` and `peer` for either, so not counted. */
const HEAD_REFUSALS: ReadonlySet<string> = new Set([
  "flags",
  "tick",
  "list",
  "fragment",
  "truncated",
  "peer",
]);

/** Four slots in all, each asked for its base and for 255 ticks once. */
const MOST_ASKED = 4 * (MAX_RUN_TICKS + 1);
