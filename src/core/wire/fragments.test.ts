import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog, contentOf, move } from "../../../test/wire/contents.js";
import { asSlot } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { Xoshiro128 } from "../base/prng.js";
import type { TickContent } from "../envelope/content.js";
import { FragmentAssembler } from "./fragment-assembler.js";
import { FragmentSender } from "./fragment-sender.js";
import type { Fragment, FragmentAck } from "./frame.js";
import {
  FRAGMENT_BYTES,
  MAX_ASSEMBLY_BYTES,
  MAX_DUE_BYTES,
  MAX_FRAGMENTS,
  MAX_FRAME_FRAGMENT_ACKS,
  MAX_FRAME_FRAGMENTS,
  MAX_UNACKED_BYTES,
  MAX_UNACKED_TICKS,
} from "./limits.js";
import { RunCodec } from "./run.js";

const SEED = 20_260_401;
const runs = new RunCodec(catalog.kinds);
const slot = asSlot(0);

function encoded(content: TickContent): Uint8Array {
  const writer = new ByteWriter();
  runs.writeContent(writer, content);
  return writer.finish();
}

const long = (bytes: number, x = 1): TickContent =>
  contentOf(move(x), ["blob", { data: Uint8Array.from({ length: bytes }, (_, i) => i * x) }]);

/** All parts that are due, in datagrams of one part each. */
function due(sender: FragmentSender, now: number, resendTicks: number): Fragment[] {
  const parts: Fragment[] = [];
  for (;;) {
    const next: Fragment[] = [];
    sender.fill(next, now, resendTicks, FRAGMENT_BYTES + 10);
    if (next.length === 0) return parts;
    parts.push(...next);
  }
}

describe("fragments", () => {
  test("EN-220 carry a long tick in any order, lost and repeated parts and acknowledgements included", () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      (bytes, seed) => {
        const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => seed >>> i));
        const content = long(bytes);
        const sender = new FragmentSender();
        const assembler = new FragmentAssembler(runs);
        sender.add(slot, 5, encoded(content));
        let rounds = 0;
        for (let now = 0; assembler.content(slot, 5) === undefined; now += 6) {
          expect(rounds++).toBeLessThan(100);
          const parts = due(sender, now, 6).flatMap((part) => (random.int(5) === 0 ? [part, part] : [part]));
          for (const part of parts.sort(() => random.int(3) - 1)) {
            if (random.int(3) !== 0) expect(assembler.accept(part, 0)).toBeUndefined();
          }
          const acks: FragmentAck[] = [];
          assembler.fillAcks(acks);
          if (random.int(3) !== 0) for (const ack of acks) sender.acknowledge(ack);
        }
        expect(assembler.content(slot, 5)!.equals(content)).toBe(true);
        sender.forget(slot, 5);
        assembler.forget(slot, 5);
        expect([sender.size, assembler.bytes]).toEqual([0, 0]);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 100 });
  });

  test("EN-221 go again after a round trip without acknowledgement, and only those", () => {
    const sender = new FragmentSender();
    const assembler = new FragmentAssembler(runs);
    sender.add(slot, 1, encoded(long(4_000)));
    const first = due(sender, 10, 7);
    expect(first.map(({ index, total }) => [index, total])).toEqual([0, 1, 2, 3].map((index) => [index, 4]));
    expect(due(sender, 16, 7)).toEqual([]);
    for (const index of [1, 3]) assembler.accept(first[index]!, 0);
    const acks: FragmentAck[] = [];
    assembler.fillAcks(acks);
    expect(acks).toEqual([{ slot, tick: 1, low: 0b1010, high: 0 }]);
    expect([acks.length, assembler.fillAcks(acks), acks.length]).toEqual([1, undefined, 1]);
    sender.acknowledge(acks[0]!);
    expect(due(sender, 17, 7).map(({ index }) => index)).toEqual([0, 2]);
    assembler.accept(first[3]!, 0);
    assembler.fillAcks(acks);
    expect(acks.length).toBe(2);
  });

  test("EN-222 fill a datagram within its room, oldest tick first", () => {
    const sender = new FragmentSender();
    for (let tick = 1; tick <= 40; tick++) sender.add(slot, tick, encoded(long(20, tick)));
    const few: Fragment[] = [];
    sender.fill(few, 0, 6, 100);
    expect(few.map(({ tick }) => tick)).toEqual([1, 2]);
    const many: Fragment[] = [];
    sender.fill(many, 0, 6, 10_000);
    expect(many.map(({ tick }) => tick)).toEqual(
      Array.from({ length: MAX_FRAME_FRAGMENTS }, (_, i) => i + 3),
    );
    const assembler = new FragmentAssembler(runs);
    for (const part of [...few, ...many]) assembler.accept(part, 0);
    const acks: FragmentAck[] = [];
    assembler.fillAcks(acks);
    expect(acks.length).toBe(MAX_FRAME_FRAGMENT_ACKS);
    assembler.fillAcks(acks);
    expect(acks.length).toBe(MAX_FRAME_FRAGMENT_ACKS);
    const rest: FragmentAck[] = [];
    assembler.fillAcks(rest);
    expect(rest.length).toBe(2);
  });

  test("EN-223 hold bounded memory, whatever is sent, and what one player may have under way", () => {
    const property = fc.property(
      fc.array(
        fc.record({
          tick: fc.integer({ min: 1, max: 2 * MAX_UNACKED_TICKS }),
          slot: fc.integer({ min: 0, max: 7 }).map(asSlot),
          index: fc.nat(MAX_FRAGMENTS - 1),
          total: fc.integer({ min: 1, max: MAX_FRAGMENTS }),
        }),
        { maxLength: 300 },
      ),
      (parts) => {
        const assembler = new FragmentAssembler(runs);
        for (const part of parts) {
          const index = part.index % part.total;
          const length = index === part.total - 1 ? 1 + (part.tick % FRAGMENT_BYTES) : FRAGMENT_BYTES;
          assembler.accept({ ...part, index, bytes: new Uint8Array(length) }, 0);
          expect(assembler.bytes).toBeLessThanOrEqual(MAX_ASSEMBLY_BYTES + MAX_DUE_BYTES);
        }
        for (let each = 0; each < 8; each++) assembler.forget(asSlot(each), 2 * MAX_UNACKED_TICKS);
        expect(assembler.bytes).toBe(0);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 200 });
    for (const bytes of [60_000, 1_100, 520, 120]) {
      const assembler = new FragmentAssembler(runs);
      const content = long(bytes);
      const slots = Math.min(8, Math.ceil(MAX_UNACKED_BYTES / content.byteLength / MAX_UNACKED_TICKS));
      let sent = 0;
      for (let tick = 1; tick <= MAX_UNACKED_TICKS; tick++) {
        for (let each = 0; each < slots && sent + content.byteLength <= MAX_UNACKED_BYTES; each++) {
          const sender = new FragmentSender();
          sender.add(asSlot(each), tick, encoded(content));
          for (const part of due(sender, 0, 6)) expect(assembler.accept(part, 0)).toBeUndefined();
          expect(assembler.content(asSlot(each), tick)!.equals(content)).toBe(true);
          sent += content.byteLength;
        }
      }
      expect(sent).toBeGreaterThan(MAX_UNACKED_BYTES / 2);
    }
  });

  test("EN-223 find room for the tick that is due, however much has come for later ones", () => {
    const assembler = new FragmentAssembler(runs);
    const content = long(60_000);
    const offer = (each: number, tick: number): (string | undefined)[] => {
      const sender = new FragmentSender();
      sender.add(asSlot(each), tick, encoded(content));
      return due(sender, 0, 6).map((part) => assembler.accept(part, 0));
    };
    for (let tick = 2; tick <= 9; tick++) offer(0, tick);
    expect(offer(1, 2)).toContain("overload");
    for (let each = 0; each < 8; each++) {
      expect(offer(each, 1)).not.toContain("overload");
      expect(assembler.content(asSlot(each), 1)!.equals(content)).toBe(true);
    }
    expect(assembler.bytes).toBeGreaterThan(MAX_ASSEMBLY_BYTES);
    expect(assembler.bytes).toBeLessThanOrEqual(MAX_ASSEMBLY_BYTES + MAX_DUE_BYTES);
  });

  test("EN-224 that contradict, crowd or run ahead are refused, and those of old ticks ignored", () => {
    const part = (changes: Partial<Fragment>): Fragment => ({
      ...{ slot, tick: 1, index: 0, total: 2, bytes: new Uint8Array(FRAGMENT_BYTES) },
      ...changes,
    });
    const assembler = new FragmentAssembler(runs);
    expect(assembler.accept(part({}), 0)).toBeUndefined();
    expect(assembler.accept(part({}), 0)).toBeUndefined();
    expect(assembler.accept(part({ total: 3 }), 0)).toBe("conflict");
    expect(assembler.accept(part({ bytes: new Uint8Array(FRAGMENT_BYTES).fill(1) }), 0)).toBe("conflict");
    expect(assembler.accept(part({ tick: MAX_UNACKED_TICKS + 1 }), 0)).toBe("ahead");
    assembler.forget(slot, 1);
    expect(assembler.accept(part({ tick: 1_000 }), 1_000)).toBeUndefined();
    expect(assembler.bytes).toBe(0);
    expect(assembler.accept(part({ tick: 1_001 }), 1_000)).toBeUndefined();
    expect(assembler.accept(part({ tick: 1_000 + MAX_UNACKED_TICKS }), 1_000)).toBeUndefined();
    expect(assembler.accept(part({ tick: 1_001 + MAX_UNACKED_TICKS }), 1_000)).toBe("ahead");
    for (let tick = 1_002; ; tick++) {
      const refusal = assembler.accept(part({ tick, total: MAX_FRAGMENTS }), 1_000);
      if (refusal === undefined) continue;
      expect(refusal).toBe("overload");
      break;
    }
  });

  test("EN-225 whose whole makes no sense are refused once it is there, and never give a content", () => {
    const assembler = new FragmentAssembler(runs);
    const say = (tick: number, ...bytes: readonly number[]): string | undefined =>
      assembler.accept({ slot, tick, index: 0, total: 1, bytes: Uint8Array.from(bytes) }, 0);
    expect(say(1, 0)).toBe("fragment");
    expect(say(2, 1)).toBe("fragment");
    expect(say(3, 3)).toBe("truncated");
    expect(say(4, 3, 2 * catalog.kinds.length)).toBe("kind");
    expect(say(5, 3, 1)).toBe("reference");
    expect(say(6, 3, 2 * catalog.kindNamed("fire")!.index, 9)).toBe("trailing");
    expect(say(7, 3, 2 * catalog.kindNamed("move")!.index, 9)).toBe("payload");
    for (let tick = 1; tick <= 7; tick++) expect(assembler.content(slot, tick)).toBeUndefined();
    expect(say(8, 2)).toBeUndefined();
    expect(assembler.content(slot, 8)!.events).toEqual([]);
  });
});
