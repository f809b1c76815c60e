import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { writeSlotEventHashes } from "../bridge/order.js";
import { EventCatalog } from "../envelope/catalog.js";
import { TickContent } from "../envelope/content.js";
import { event, t } from "../envelope/declare.js";
import { AuthorChain, SEGMENT_TICKS } from "./author-chain.js";

const catalog = EventCatalog.compile({ hold: event({ x: t.u8 }) });
const kairos = "ab".repeat(16) as KairosBranchId;
const match = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const held = (x: number): TickContent => TickContent.of([catalog.pack("hold", { x }, chronosTick(1))]);

/** The head after one segment in which slots 0 to 2 sent what `contentOf` says, of an author that plays `slots`. */
function headOf(
  matchId: Uint8Array,
  slots: readonly number[],
  contentOf: (slot: number, tick: number) => TickContent,
): Uint8Array {
  const chain = new AuthorChain(matchId, slots.map(asSlot));
  for (let tick = 1; tick <= SEGMENT_TICKS; tick++) {
    const contents = [0, 1, 2].map((slot) => contentOf(slot, tick));
    const hashes = new ByteWriter();
    contents.forEach((content, slot) => {
      writeSlotEventHashes(hashes, { catalog, kairos }, chronosTick(tick), asSlot(slot), content);
    });
    const record = { tick, node: new Uint8Array(32), stateHash: undefined, contents, ledgerEntry: undefined };
    expect(chain.add(record, hashes)).toBe(tick === SEGMENT_TICKS);
  }
  expect(chain.segment).toBe(0);
  return chain.head;
}

describe("the chain of what an author sent", () => {
  test("EN-525 covers each event of the author, and no other's", () => {
    const base = headOf(match(1), [0, 2], () => held(7));
    const with9 = (slot: number) =>
      headOf(match(1), [0, 2], (s, tick) => held(s === slot && tick === 9 ? 9 : 7));
    expect(with9(0)).not.toEqual(base);
    expect(with9(2)).not.toEqual(base);
    expect(with9(1)).toEqual(base);
  });

  test("EN-525 is of one match alone, where nobody did anything too", () => {
    const silent = [1, 2].map((id) => headOf(match(id), [0], () => TickContent.empty));
    expect(silent[0]).not.toEqual(silent[1]);
    const silence = new ByteWriter();
    silence.bytes(match(1));
    silence.varint(0);
    for (let tick = 0; tick < SEGMENT_TICKS; tick++) silence.varint(0);
    expect(silent[0]).toEqual(domainHash("author-chain", silence.finish()));
  });
});
