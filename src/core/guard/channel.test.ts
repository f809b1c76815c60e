import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesNamed } from "../../../test/guard/lobbies.js";
import { ByteWriter, equalBytes } from "../base/bytes.js";
import { blake3Keyed } from "../base/hash.js";
import { Xoshiro128 } from "../base/prng.js";
import {
  MAX_BODY_BYTES,
  MAX_SEALED_BYTES,
  REPLAY_WINDOW,
  SEAL_HEAD_BYTES,
  SEAL_TAG_BYTES,
} from "../wire/limits.js";
import { MATCH_DATAGRAM, SealedChannel } from "./channel.js";
import { ReplayWindow } from "./replay-window.js";
import { TagMaker } from "./tag.js";

const SEED = 20_260_301;
const forth = bytesNamed("forth");
const back = bytesNamed("back");
const writer = new ByteWriter();

const pair = (): [SealedChannel, SealedChannel] => [
  new SealedChannel({ send: forth, receive: back }),
  new SealedChannel({ send: back, receive: forth }),
];

function seal(channel: SealedChannel, body: Uint8Array): Uint8Array {
  channel.begin(writer);
  writer.bytes(body);
  return channel.finish(writer).slice();
}

describe("a sealed channel", () => {
  test("EN-301 opens what the other end sealed, whatever its length, and gives its body back", () => {
    const [ours, theirs] = pair();
    const random = new Xoshiro128(bytesNamed("bodies"));
    for (let length = 0; length <= MAX_BODY_BYTES; length++) {
      const body = Uint8Array.from({ length }, () => random.int(256));
      const datagram = seal(ours, body);
      expect(datagram.length).toBe(SEAL_HEAD_BYTES + length + SEAL_TAG_BYTES);
      expect(theirs.open(datagram)).toBeUndefined();
      expect(equalBytes(datagram.subarray(theirs.bodyStart, theirs.bodyEnd), body)).toBe(true);
    }
    expect(() => seal(ours, new Uint8Array(MAX_BODY_BYTES + 1))).toThrow(/keeps its bound/);
  });

  test("EN-302 tags with the first 8 bytes of keyed BLAKE3 over the datagram and its full sequence number", () => {
    const maker = new TagMaker(forth);
    const random = new Xoshiro128(bytesNamed("tags"));
    for (let length = 0; length <= MAX_SEALED_BYTES; length++) {
      const datagram = Uint8Array.from({ length: length + 8 }, () => random.int(256));
      const sequence = random.int(2 ** 32) * 2 ** 16 + random.int(2 ** 16);
      maker.make(datagram, length, sequence);
      const number = new ByteWriter(8);
      number.u32(sequence % 2 ** 32);
      number.u32(Math.floor(sequence / 2 ** 32));
      const tag = blake3Keyed(forth, datagram.subarray(0, length), number.view()).subarray(0, SEAL_TAG_BYTES);
      expect(maker.matches(datagram, length)).toBe(false);
      datagram.set(tag, length);
      expect(maker.matches(datagram, length)).toBe(true);
    }
  });

  test("EN-303 refuses a datagram of which any bit was changed, and it changes nothing", () => {
    const [ours, theirs] = pair();
    for (const length of [0, 9, 53, 60, 200]) {
      const datagram = seal(ours, new Uint8Array(length).fill(7));
      for (let bit = 0; bit < 8 * datagram.length; bit++) {
        const forged = datagram.slice();
        forged[bit >> 3]! ^= 1 << (bit & 7);
        expect(["tag", "type", "stale", "replayed"]).toContain(theirs.open(forged));
      }
      expect(theirs.open(datagram)).toBeUndefined();
      expect(theirs.open(datagram)).toBe("replayed");
    }
  });

  test("EN-304 refuses what it sealed itself, and what another match's keys sealed", () => {
    const [ours] = pair();
    expect(ours.open(seal(ours, Uint8Array.of(1)))).toBe("tag");
    const other = new SealedChannel({ send: bytesNamed("another match"), receive: back });
    expect(pair()[1].open(seal(other, Uint8Array.of(1)))).toBe("tag");
  });

  test("EN-305 refuses every length and type that cannot be", () => {
    const [, theirs] = pair();
    for (let length = 0; length <= 1300; length++) {
      const possible = length >= SEAL_HEAD_BYTES + SEAL_TAG_BYTES && length <= MAX_SEALED_BYTES;
      for (const type of [0, 1, MATCH_DATAGRAM - 1, MATCH_DATAGRAM, 0x10, 255]) {
        const datagram = new Uint8Array(length).fill(0xa5);
        if (length > 0) datagram[0] = type;
        const expected = !possible ? "length" : type !== MATCH_DATAGRAM ? "type" : undefined;
        const refusal = theirs.open(datagram);
        if (expected === undefined) expect(["tag", "stale"]).toContain(refusal);
        else expect(refusal).toBe(expected);
      }
    }
  });

  test("EN-306 takes each of the last 256 once, in any order, and nothing older", () => {
    const [ours, theirs] = pair();
    const sent = Array.from({ length: 3 * REPLAY_WINDOW }, (_, i) => seal(ours, Uint8Array.of(i & 255)));
    const newest = 2 * REPLAY_WINDOW;
    expect(theirs.open(sent[newest]!)).toBeUndefined();
    for (let i = 0; i <= newest - REPLAY_WINDOW; i++) expect(theirs.open(sent[i]!)).toBe("stale");
    for (let i = newest - 1; i > newest - REPLAY_WINDOW; i--) expect(theirs.open(sent[i]!)).toBeUndefined();
    for (let i = newest; i > newest - REPLAY_WINDOW; i--) expect(theirs.open(sent[i]!)).toBe("replayed");
    expect(theirs.open(sent[3 * REPLAY_WINDOW - 1]!)).toBeUndefined();
    expect(theirs.open(sent[newest]!)).toBe("replayed");
    expect(theirs.open(sent[newest + 1]!)).toBeUndefined();
  });

  test("EN-307 finds the full sequence number across the wrap of 16 bits and over long gaps", () => {
    const [ours, theirs] = pair();
    let opened = 0;
    for (let i = 1; i <= 200_000; i++) {
      const datagram = seal(ours, Uint8Array.of(i & 255));
      const lost = (i > 65_400 && i < 65_600) || (i > 70_000 && i < 70_000 + 32_000) || i % 7 === 0;
      if (lost) continue;
      if (theirs.open(datagram) === undefined) opened++;
    }
    const passed = Array.from({ length: 200_000 }, (_, i) => i + 1).filter(
      (i) => !((i > 65_400 && i < 65_600) || (i > 70_000 && i < 102_000) || i % 7 === 0),
    );
    expect(opened).toBe(passed.length);
  });

  test("EN-308 a replay window agrees with one that remembers everything", () => {
    const property = fc.property(
      fc.array(fc.integer({ min: -300, max: 600 }), { maxLength: 200 }),
      (steps) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        for (const step of steps) {
          const sequence = window.highest + step;
          const expected =
            sequence > window.highest
              ? undefined
              : sequence < 1 || sequence <= window.highest - REPLAY_WINDOW
                ? "stale"
                : seen.has(sequence)
                  ? "replayed"
                  : undefined;
          expect(window.refuses(sequence)).toBe(expected);
          if (expected !== undefined) continue;
          window.mark(sequence);
          seen.add(sequence);
          expect(window.expand(sequence & 0xffff)).toBe(sequence);
        }
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 2_000 });
  });
});
