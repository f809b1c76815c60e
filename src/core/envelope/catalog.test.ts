import { blake3 } from "@noble/hashes/blake3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../base/brand.js";
import { ByteReader, ByteWriter, concatBytes, equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { Xoshiro128 } from "../base/prng.js";
import { fromHex, toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { EventCatalog } from "./catalog.js";
import { decode, encode } from "./codec.js";
import { event, t } from "./declare.js";
import type { EventEnvelope } from "./event-envelope.js";
import { PayloadError } from "./field-type.js";

const KAIROS = "00112233445566778899aabbccddeeff" as KairosBranchId;
const AT = chronosTick(70_000);

const declared = {
  move: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
  sample: event(
    { left: t.bool, right: t.bool, fire: t.bool, tick: t.tick, aim: t.f32 },
    { predict: "repeat" },
  ),
  say: event({ text: t.text(40), to: t.optional(t.u8), team: t.optional(t.oneOf("red", "blue")) }),
  all: event({
    b: t.bool,
    u8: t.u8,
    i16: t.i16,
    u32: t.u32,
    i64: t.i64,
    f32: t.f32,
    f64: t.f64,
    tick: t.tick,
    text: t.text(12),
    bytes: t.bytes(12),
    one: t.oneOf("x", "yy"),
    list: t.list(t.list(t.f64, 3), 3),
    seen: t.list(t.tick, 3),
    flags: t.list(t.bool, 9),
    maybe: t.optional(t.i64),
    when: t.optional(t.tick),
  }),
  empty: event({}),
};
const catalog = EventCatalog.compile(declared);

const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, Number.NaN, 2 ** 53, 1e300));
const i64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -9n, max: 9n }));
const tick = fc.integer({ min: 0, max: 200_000 });
const smallText = fc.string({ unit: "grapheme-ascii", maxLength: 4 });
const payloads: Record<keyof typeof declared, fc.Arbitrary<unknown>> = {
  move: fc.record({ x: fc.integer({ min: -128, max: 127 }), y: fc.integer({ min: -128, max: 127 }) }),
  sample: fc.record(
    { left: fc.boolean(), right: fc.boolean(), fire: fc.boolean(), tick, aim: number },
    { requiredKeys: ["left", "right", "fire", "aim"] },
  ),
  say: fc.record(
    {
      text: fc.string({ unit: "binary", maxLength: 10 }),
      to: fc.nat(255),
      team: fc.constantFrom("red", "blue"),
    },
    { requiredKeys: ["text"] },
  ),
  all: fc.record(
    {
      b: fc.boolean(),
      u8: fc.nat(255),
      i16: fc.integer({ min: -32_768, max: 32_767 }),
      u32: fc.nat(0xffff_ffff),
      i64,
      f32: number,
      f64: number,
      tick,
      text: smallText,
      bytes: fc.uint8Array({ maxLength: 12 }),
      one: fc.constantFrom("x", "yy"),
      list: fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 3 }),
      seen: fc.array(tick, { maxLength: 3 }),
      flags: fc.array(fc.boolean(), { maxLength: 9 }),
      maybe: i64,
      when: tick,
    },
    {
      requiredKeys: [
        "b",
        "u8",
        "i16",
        "u32",
        "i64",
        "f32",
        "f64",
        "text",
        "bytes",
        "one",
        "list",
        "seen",
        "flags",
      ],
    },
  ),
  empty: fc.constant({}),
};
const request = fc
  .constantFrom(...(Object.keys(declared) as (keyof typeof declared)[]))
  .chain((kind) => payloads[kind].map((payload) => ({ kind, payload })));

/** The six members that the canonical bytes are made of, encoded as any other map. */
const generic = ({ id, kind, chronos, kairos, author, payload }: EventEnvelope): Uint8Array =>
  encode({ id, kind, chronos, kairos, author, payload } as Value);

function skims(kind: string, bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  catalog.kindNamed(kind)!.skim(reader);
  return reader.finished;
}

describe("EventCatalog", () => {
  test("EN-140 kinds are numbered by the order of their names' bytes", () => {
    expect(catalog.kinds.map((kind) => kind.name)).toEqual(["all", "empty", "move", "sample", "say"]);
    expect(catalog.kinds.map((kind) => kind.index)).toEqual([0, 1, 2, 3, 4]);
    expect(
      EventCatalog.compile({ b: event({}), a: event({}), Z: event({}) }).kinds.map((k) => k.name),
    ).toEqual(["Z", "a", "b"]);
    expect(catalog.kindNamed("move")?.repeats).toBe(true);
    expect(catalog.kindNamed("constructor")).toBe(undefined);
  });

  test("EN-140 too many kinds, wrong names and what is no declaration are refused", () => {
    const kinds = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, event({})]));
    const hint = (events: object): string => {
      try {
        EventCatalog.compile(events as never);
        return "accepted";
      } catch (error) {
        expect(error).toBeInstanceOf(EchoNetError);
        expect((error as EchoNetError).code).toBe("GAME_INVALID");
        return (error as EchoNetError).hint;
      }
    };
    expect(hint(kinds(256))).toBe("accepted");
    expect(hint(kinds(257))).toBe("the game declares 257 events; 256 are allowed");
    expect(hint({ "no name": event({}) })).toContain('"no name" cannot name an event');
    expect(hint({ move: { x: t.i8 } })).toContain("event move needs its fields");
  });

  test("EN-141 the canonical bytes of an envelope are those of its six members as any map", () => {
    fc.assert(
      fc.property(request, fc.nat(70_000), tick, fc.nat(7), ({ kind, payload }, id, at, author) => {
        const chronos = chronosTick(at);
        const content = catalog.pack(kind, payload, chronos);
        const evt = catalog.envelope(content, id, chronos, KAIROS, asSlot(author));
        expect(toHex(catalog.canonicalBytes(evt))).toBe(toHex(generic(evt)));
        const byUser = { ...evt, envelopeHash: evt.envelopeHash };
        expect(toHex(catalog.canonicalBytes(byUser))).toBe(toHex(generic(evt)));
        expect((decode(generic(evt)) as { kind: string }).kind).toBe(kind);
      }),
      { seed: 1411, numRuns: 3_000 },
    );
  });

  test("EN-141 a derived event is authored by the simulation", () => {
    const evt = catalog.derived(catalog.pack("move", { x: 1, y: -1 }, AT), 3, AT, KAIROS, asSlot(5));
    expect([evt.author, evt.slot, evt.id, evt.payload]).toEqual(["simulation", 5, 3, { x: 1, y: -1 }]);
    expect(toHex(catalog.canonicalBytes(evt))).toBe(toHex(generic(evt)));
  });

  test("EN-142 the envelopeHash is BLAKE3-256 of the canonical bytes, whatever became of the payload", () => {
    const content = catalog.pack("move", { x: 1, y: 2 }, AT);
    const evt = catalog.envelope(content, 0, AT, KAIROS, asSlot(1));
    const expected = toHex(blake3(generic(evt)));
    (evt.payload as { x: number }).x = 99;
    expect(evt.envelopeHash).toBe(expected);
    expect(toHex(catalog.envelopeHashBytes(content, 0, AT, KAIROS, asSlot(1)))).toBe(expected);
    expect(toHex(blake3(catalog.canonicalBytes(evt)))).toBe(expected);
    const other = "ffeeddccbbaa99887766554433221100" as KairosBranchId;
    for (const [id, at, kairos, author] of [
      [1, AT, KAIROS, 1],
      [0, 70_001, KAIROS, 1],
      [0, AT, other, 1],
      [0, AT, KAIROS, 2],
    ] as const) {
      expect(catalog.envelope(content, id, chronosTick(at), kairos, asSlot(author)).envelopeHash).not.toBe(
        expected,
      );
    }
  });

  test("EN-143 every envelope has a payload of its own", () => {
    const content = catalog.pack("all", fc.sample(payloads.all, { seed: 1431, numRuns: 1 })[0], AT);
    const [first, second] = [0, 1].map((id) => catalog.envelope(content, id, AT, KAIROS, asSlot(0)).payload);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
    expect(first.list).not.toBe(second.list);
    expect(first.bytes).not.toBe(second.bytes);
    first.bytes.fill(7);
    expect(catalog.unpack(content, AT)).toEqual(second);
  });

  test("EN-144 an equal payload is packed to the very same content", () => {
    const first = catalog.pack("sample", { left: true, right: false, fire: false, aim: 0.5 }, AT);
    const again = catalog.pack(
      "sample",
      { aim: 0.5, fire: false, left: true, right: false, tick: 70_001 },
      chronosTick(70_001),
    );
    expect(again).toBe(first);
    expect(catalog.pack("sample", { left: true, right: true, fire: false, aim: 0.5 }, AT)).not.toBe(first);
  });

  test("EN-145 the description tells declarations apart, not the order in which they are written", () => {
    const describe = (events: Parameters<typeof EventCatalog.compile>[0]): string =>
      toHex(encode(EventCatalog.compile(events).description));
    const base = describe({ a: event({ x: t.u8, y: t.text(4) }), b: event({}) });
    expect(describe({ b: event({}), a: event({ y: t.text(4), x: t.u8 }) })).toBe(base);
    const claim = (): string[] => [];
    const others = [
      describe({ a: event({ x: t.i8, y: t.text(4) }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(5) }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.bytes(4) }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.optional(t.text(4)) }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(4) }, { predict: "repeat" }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(4) }, { aionWeight: 1 }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(4) }, { reads: claim }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(4) }, { writes: claim }), b: event({}) }),
      describe({ a: event({ x: t.u8, y: t.text(4) }), c: event({}) }),
      describe({ a: event({ x: t.oneOf("p", "q") }) }),
      describe({ a: event({ x: t.oneOf("q", "p") }) }),
    ];
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
  });

  test("EN-146 an envelope from outside is checked in every member", () => {
    const good = {
      ...catalog.envelope(catalog.pack("move", { x: 1, y: 2 }, AT), 0, AT, KAIROS, asSlot(1)),
    } as EventEnvelope;
    const path = (change: object): string => {
      try {
        return `accepted ${catalog.packEnvelope({ ...good, ...change }).kind}`;
      } catch (error) {
        expect(error).toBeInstanceOf(PayloadError);
        return (error as PayloadError).path;
      }
    };
    expect(path({})).toBe("accepted 2");
    expect(path({ id: -1 })).toBe("id");
    expect(path({ id: "0" })).toBe("id");
    expect(path({ chronos: 0.5 })).toBe("chronos");
    expect(path({ kairos: "main" })).toBe("kairos");
    expect(path({ author: "me" })).toBe("author");
    expect(path({ kind: "fly" })).toBe("");
    expect(path({ payload: { x: 1, y: 200 } })).toBe("move.y");
    expect(() => catalog.packEnvelope(null as never)).toThrow(PayloadError);
  });

  test("EN-146 an envelope of another catalog is packed by this one's declarations", () => {
    const narrow = EventCatalog.compile({ move: event({ x: t.i32, y: t.i32 }) });
    const theirs = narrow.envelope(narrow.pack("move", { x: 1, y: 2 }, AT), 0, AT, KAIROS, asSlot(1));
    expect(catalog.packEnvelope(theirs)).toEqual(catalog.pack("move", { x: 1, y: 2 }, AT));
  });
});

describe("compact payloads", () => {
  test("EN-129 a packed payload is skimmed to its end and comes back as it was", () => {
    fc.assert(
      fc.property(request, tick, ({ kind, payload }, at) => {
        const chronos = chronosTick(at);
        const content = catalog.pack(kind, payload, chronos);
        expect(skims(kind, content.compact)).toBe(true);
        expect(skims(kind, concatBytes(content.compact, Uint8Array.of(0)))).toBe(false);
        for (let cut = 0; cut < content.compact.length; cut++) {
          expect(skims(kind, content.compact.subarray(0, cut))).toBe(false);
        }
        const back = catalog.unpack(content, chronos);
        const { f32, aim, tick: given, ...same } = payload as Record<string, unknown>;
        expect(back).toMatchObject(same);
        if (given !== undefined) expect((back as { tick: number }).tick).toBe(given);
        for (const name of ["f32", "aim"] as const) {
          const value = { f32, aim }[name];
          if (value !== undefined)
            expect((back as Record<string, number>)[name]).toBe(Math.fround(value as number));
        }
        expect(toHex(catalog.pack(kind, back, chronos).compact)).toBe(toHex(content.compact));
      }),
      { seed: 1291, numRuns: 1_500 },
    );
  });

  test("EN-129 what skim accepts of 300,000 mutants is the one spelling of its payload, at any tick", () => {
    const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => i + 129));
    const corpus = fc
      .sample(request, { seed: 1292, numRuns: 400 })
      .map(({ kind, payload }) => catalog.pack(kind, payload, AT));
    const writer = new ByteWriter();
    let accepted = 0;
    let changed = 0;
    for (let i = 0; i < 300_000; i++) {
      const { kind, repeats, compact } = corpus[random.int(corpus.length)]!;
      const mutant = new Uint8Array(
        Math.max(0, compact.length + (random.int(4) === 0 ? random.int(5) - 2 : 0)),
      );
      mutant.set(compact.subarray(0, mutant.length));
      for (let rounds = random.int(3); rounds >= 0 && mutant.length > 0; rounds--) {
        const at = random.int(mutant.length);
        mutant[at] =
          random.int(2) === 0
            ? mutant[at]! ^ (1 << random.int(8))
            : [0, 1, 0x7f, 0x80, 0xff, 0xc0][random.int(6)]!;
      }
      const { name } = catalog.kinds[kind]!;
      if (!skims(name, mutant)) continue;
      accepted++;
      if (!equalBytes(mutant, compact)) changed++;
      const chronos = chronosTick(random.int(1_000));
      const content = { kind, repeats, compact: mutant };
      const payload = catalog.unpack(content, chronos);
      if (!equalBytes(catalog.pack(name, payload, chronos).compact, mutant)) {
        throw new Error(`${name} ${toHex(mutant)} is not what its payload packs to`);
      }
      writer.reset();
      catalog.writeCanonical(writer, content, 0, chronos, KAIROS, asSlot(0));
      const canonical = encode({
        id: 0,
        kind: name,
        chronos,
        kairos: KAIROS,
        author: 0,
        payload: payload as Value,
      });
      if (!equalBytes(writer.view(), canonical))
        throw new Error(`${name} ${toHex(mutant)} has other canonical bytes`);
    }
    expect(changed).toBeGreaterThan(50_000);
    expect(accepted - changed).toBeLessThan(200_000);
  });

  test.each([
    ["a bit that stands for no field", "sample", "100000c03f", "0b0000c03f"],
    ["a NaN with other bits", "sample", "000100c07f", "000000c07f"],
    ["a negative NaN", "sample", "000000c0ff", "000000c07f"],
    ["its own tick as a distance", "sample", "040000c03f00", "040000c03f01"],
    ["a distance past 2^31", "sample", "040000c03f8080808010", "040000c03ffeffffff0f"],
    ["text that is not UTF-8", "say", "0001ff", "000161"],
    ["text longer than declared", "say", `0029${"61".repeat(41)}`, `0028${"61".repeat(40)}`],
    ["a length with a second spelling", "say", "00810061", "000161"],
    ["a choice that is none", "say", "020200", "020100"],
  ])("EN-129 skim refuses %s, and accepts its sound neighbour", (_what, kind, unsound, sound) => {
    expect(skims(kind, fromHex(unsound)!)).toBe(false);
    expect(skims(kind, fromHex(sound)!)).toBe(true);
  });
});
