import fc from "fast-check";
import { expect, test } from "vitest";
import { assemble } from "../../test/wasm/assembler.js";
import { blake3Bytes } from "../core/base/hash.js";
import { BLOCK_BYTES, DIGEST_BYTES } from "./blake3-kernel.js";
import { BlockDigests } from "./four-blocks.js";
import { PAGE_BYTES } from "./limits.js";
import { prepare } from "./prepare.js";
import { StateHasher } from "./state-hasher.js";

const { report } = prepare(
  assemble({ memory: [0, 1], globals: [{ type: "I", isMutable: true, code: [0x42, 0] }] }),
);

/** A saved state: number of pages, a global, memory, what stands behind. */
function saved(
  pages: number,
  global: number,
  bytes: readonly (readonly [at: number, byte: number])[],
  tail: number[],
): Uint8Array {
  const state = new Uint8Array(12 + pages * PAGE_BYTES + tail.length);
  state[0] = pages;
  state[4] = global;
  for (const [at, byte] of bytes) if (at < pages * PAGE_BYTES) state[12 + at] = byte;
  state.set(tail, 12 + pages * PAGE_BYTES);
  return state;
}

const states = fc.array(
  fc.record({
    pages: fc.integer({ min: 0, max: 3 }),
    global: fc.integer({ min: 0, max: 2 }),
    bytes: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3 * PAGE_BYTES - 1 }), fc.integer({ min: 0, max: 3 })),
      {
        maxLength: 4,
      },
    ),
    tail: fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("EN-1024 a state's hash depends on the state alone, not on what was hashed before", () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(states, (sequence) => {
      const hasher = new StateHasher(report);
      for (const { pages, global, bytes, tail } of sequence) {
        const state = saved(pages, global, bytes, tail);
        const hash = hex(hasher.hash(state));
        expect(hash).toBe(hex(new StateHasher(report).hash(state)));
        // Where a view begins in its buffer does not matter either.
        const shifted = new Uint8Array(state.length + 1).subarray(1);
        shifted.set(state);
        expect(hex(hasher.hash(shifted))).toBe(hash);
        const kept = [...new Map(bytes)].filter(([at, byte]) => byte !== 0 && at < pages * PAGE_BYTES);
        const key = JSON.stringify([pages, global, tail, kept.sort(([a], [b]) => a - b)]);
        expect(seen.get(hash) ?? key).toBe(key);
        seen.set(hash, key);
      }
    }),
    { seed: 24, numRuns: 60 },
  );
  expect(seen.size).toBeGreaterThan(100);
});

test("EN-1024 blocks are hashed by BLAKE3, in any number at once", () => {
  const memory = Uint8Array.from({ length: 40 * BLOCK_BYTES }, (_, i) => (i * i + (i >> 7)) & 255);
  const digests = new BlockDigests();
  for (const count of [0, 1, 3, 4, 5, 8, 31]) {
    const blocks = Array.from({ length: count }, (_, i) => (i * 7) % 40);
    const written = new Uint8Array(40 * DIGEST_BYTES);
    digests.write(memory, blocks, written);
    for (let block = 0; block < 40; block++) {
      const right = blocks.includes(block)
        ? blake3Bytes(memory.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
        : new Uint8Array(DIGEST_BYTES);
      expect(hex(written.subarray(block * DIGEST_BYTES, (block + 1) * DIGEST_BYTES))).toBe(hex(right));
    }
  }
});
