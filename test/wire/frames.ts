import fc from "fast-check";
import { asSlot, type Slot } from "../../src/core/base/brand.js";
import { ForwardedRun, type Frame } from "../../src/core/wire/frame.js";
import { FrameCodec } from "../../src/core/wire/frame-codec.js";
import { FRAGMENT_BYTES, MAX_TICK } from "../../src/core/wire/limits.js";
import { ledgerEntryBytes, maxLedgerEntries } from "../../src/core/wire/sections.js";
import { ArraySource, anyPeer, catalog } from "./contents.js";

/** Three peers, of two, one and one slots. */
export const slotsByPeer: readonly (readonly Slot[])[] = [[0, 1], [2], [3]].map((slots) => slots.map(asSlot));
export const frames: FrameCodec = new FrameCodec(catalog.kinds, slotsByPeer);

const TICKS = 12;
const tick = fc.integer({ min: 0, max: MAX_TICK });
const slot = fc.integer({ min: 0, max: 3 }).map(asSlot);
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length, size: "max" });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

const fragment = fc
  .record({
    slot,
    tick: fc.integer({ min: 1, max: MAX_TICK }),
    index: fc.nat(63),
    spare: fc.nat(63),
    last: fc.integer({ min: 1, max: 40 }),
  })
  .chain(({ slot, tick, index, spare, last }) => {
    // Only last parts are shorter than a datagram is long: more than one full part does not fit a frame.
    const total = Math.min(64, index + 1 + (last === 40 ? spare : 0));
    const length = index === total - 1 ? last : FRAGMENT_BYTES;
    return bytes(length).map((part) => ({ slot, tick, index, total, bytes: part }));
  });

/** What a frame of peer 0 says apart from runs. */
const anyParts = fc.record({
  head: tick,
  ack: tick,
  leadTicks: fc.integer({ min: -128, max: 127 }),
  depthTicks: fc.integer({ min: 0, max: 255 }),
  report: fc.option(fc.record({ tick, node: bytes(8) }), { nil: undefined }),
  settled: fc.boolean(),
  away: fc.boolean(),
  leave: fc.option(fc.record({ peer: fc.nat(2), tick, signature: bytes(64) }), { nil: undefined, freq: 1 }),
  lost: fc.array(fc.record({ peer: fc.nat(2), heldSeal: tick }), { maxLength: 7 }),
  fragmentAcks: fc.array(fc.record({ slot, tick, low: u32, high: u32 }), { maxLength: 16 }),
  fragments: fc.array(fragment, { maxLength: 3 }),
  signature: fc.option(fc.record({ segment: tick, head: bytes(8), signature: bytes(64) }), {
    nil: undefined,
    freq: 1,
  }),
  ledger: fc.option(
    fc
      .record({
        fromTick: fc.integer({ min: 0, max: MAX_TICK - 16 }),
        count: fc.integer({ min: 1, max: maxLedgerEntries(4) }),
      })
      .chain(({ fromTick, count }) =>
        bytes(ledgerEntryBytes(4) * count).map((entries) => ({ fromTick, count, entries })),
      ),
    { nil: undefined, freq: 1 },
  ),
});

export type Parts = typeof anyParts extends fc.Arbitrary<infer T> ? T : never;

/** A frame of peer 0 and what all peers authored: `TICKS` ticks each. */
export const anyFrame = fc.record({
  parts: anyParts,
  base: fc.nat(TICKS),
  forwards: fc.subarray([1, 2]),
  forwardBase: fc.nat(TICKS),
  sources: fc
    .tuple(anyPeer(TICKS, 2), anyPeer(TICKS, 1), anyPeer(TICKS, 1))
    .map(([first, second, third]) => [
      new ArraySource([first[0]!, first.at(-1)!]),
      new ArraySource([second[0]!]),
      new ArraySource([third[0]!]),
    ]),
});

export type AnyFrame = typeof anyFrame extends fc.Arbitrary<infer T> ? T : never;

/** Fills a frame as its author would. */
export function fill(frame: Frame, { parts, base, forwards, forwardBase }: AnyFrame): void {
  frame.reset();
  const { lost, fragmentAcks, fragments, ...scalars } = parts;
  Object.assign(frame, scalars);
  frame.lost.push(...lost);
  frame.fragmentAcks.push(...fragmentAcks);
  frame.fragments.push(...fragments);
  frame.run.base = base;
  frame.run.count = TICKS - base;
  for (const peer of forwards) {
    const forward = new ForwardedRun();
    forward.peer = peer;
    forward.base = forwardBase;
    forward.count = TICKS - forwardBase;
    frame.forwards.push(forward);
  }
}
