import { describe, expect, test } from "vitest";
import { asSlot, chronosTick } from "../src/core/base/brand.js";
import { ByteWriter } from "../src/core/base/bytes.js";
import { domainHash } from "../src/core/base/hash.js";
import { Xoshiro128 } from "../src/core/base/prng.js";
import { utf8Encode } from "../src/core/base/text.js";
import { TickContent } from "../src/core/envelope/content.js";
import { ForwardedRun, Frame } from "../src/core/wire/frame.js";
import { FrameCodec } from "../src/core/wire/frame-codec.js";
import { FRAGMENT_BYTES, MAX_BODY_BYTES } from "../src/core/wire/limits.js";
import {
  CHANNEL_REFUSALS,
  emptyRefusalCounts,
  FRAME_REFUSALS,
  type RefusalCounts,
  type TransportRefusal,
} from "../src/core/wire/refusal.js";
import type { ContentSource } from "../src/core/wire/run.js";
import { ledgerEntryBytes, maxLedgerEntries } from "../src/core/wire/sections.js";
import { type FacePlayed, FacesMatch } from "./direct/two-faces.js";
import { pads, restless } from "./games/pads.js";

const MUTANTS = 1_000_000;
const LENGTHS = 1_301;
const FILLS = [0x00, 0xff, 0x5a];
const TICKS = 240;
const ATTACKER = 2;
/** Before the body of a match datagram, and after it. */
const HEAD_BYTES = 3;
const TAG_BYTES = 8;
/** Mutants between two frames. */
const VOLLEY = 400;
const HELD_BYTES_MAX = 40 * 1024 * 1024;

const seeded = (name: string): Xoshiro128 => new Xoshiro128(domainHash("hostile", utf8Encode(name)!));

const newMatch = (): FacesMatch =>
  new FacesMatch(
    pads,
    3,
    [0, 1, 2].map((peer) => ({ peer, input: restless })),
    TICKS,
  );

/** One to four changes of a datagram or body: bits, bytes, cuts, insertions, other lengths, copies of its own parts. */
function mutate(original: Uint8Array, random: Xoshiro128, maxBytes: number): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let change = random.int(4); change >= 0; change--) {
    const at = bytes.length === 0 ? 0 : random.int(bytes.length);
    const kind = random.int(6);
    if (kind === 0 && bytes.length > 0) bytes[at]! ^= 1 << random.int(8);
    else if (kind === 1 && bytes.length > 0) bytes[at] = random.int(256);
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3) bytes = spliced(bytes, at, randomBytes(random, 1 + random.int(12)));
    else if (kind === 4) bytes = spliced(bytes, at, bytes.slice(0, random.int(40)));
    else if (bytes.length > 0) bytes[at] = [0, 1, 127, 128, 255][random.int(5)]!;
  }
  return bytes.length > maxBytes ? bytes.slice(0, maxBytes) : bytes;
}

function spliced(bytes: Uint8Array, at: number, inserted: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + inserted.length);
  longer.set(bytes.subarray(0, at));
  longer.set(inserted, at);
  longer.set(bytes.subarray(at), at + inserted.length);
  return longer;
}

const randomBytes = (random: Xoshiro128, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.int(256));

/** Half are mutants of what was really sent, half of what could be; some of these go as they are. */
function mutant(random: Xoshiro128, pool: readonly Uint8Array[], near: number): Uint8Array {
  if (random.int(2) === 0) return mutate(pool[random.int(pool.length)]!, random, MAX_BODY_BYTES);
  const body = crafted(random, near);
  return random.int(2) === 0 ? body : mutate(body, random, MAX_BODY_BYTES);
}

function addRefusals(total: RefusalCounts, face: FacePlayed): void {
  for (const link of face.session.stats().links) {
    for (const [code, count] of Object.entries(link.refusals)) total[code as TransportRefusal] += count;
  }
}

/** Every length × every first byte × three fills, as one stream. */
function* sweep(): Generator<Uint8Array> {
  for (let length = 0; length < LENGTHS; length++) {
    for (const fill of FILLS) {
      const bytes = new Uint8Array(length).fill(fill);
      for (let type = 0; type < (length === 0 ? 1 : 256); type++) {
        if (length > 0) bytes[0] = type;
        yield bytes;
      }
    }
  }
}

function* mutants(
  count: number,
  random: Xoshiro128,
  pool: Uint8Array[],
  maxBytes: number,
): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield mutate(pool[random.int(pool.length)]!, random, maxBytes);
}

/** They take a minute of a processor of which others may want most. */
const PATIENCE_MS = 600_000;

describe("datagrams without a valid tag", () => {
  test("EN-303 EN-305 leave a running match as it is, to the byte of its journals", () => {
    const quiet = newMatch();
    quiet.run(1_000);

    const match = newMatch();
    const pool: Uint8Array[] = [];
    match.onSend = (face, _, datagram) => {
      if (face === ATTACKER && pool.length < 500) pool.push(datagram.slice());
    };
    match.run(60);
    let sent = 0;
    const volley = (attack: Generator<Uint8Array>, frames: number, perFrame: number): void => {
      for (let frame = 0; frame < frames; frame++) {
        for (let i = 0; i < perFrame; i++) {
          const next = attack.next();
          if (next.done === true) return;
          for (const victim of [0, 1]) match.inject(ATTACKER, victim, next.value);
          sent++;
        }
        match.run(1);
      }
    };
    volley(sweep(), 80, 12_600);
    volley(mutants(MUTANTS, seeded("raw"), pool, 1_300), 80, 12_600);
    match.onSend = () => {};
    match.run(1_000);

    expect(sent).toBeGreaterThan(MUTANTS + 990_000);
    const refusals = emptyRefusalCounts();
    for (const face of match.faces) addRefusals(refusals, face);
    for (const code of CHANNEL_REFUSALS) expect([code, refusals[code] >= 1_000]).toEqual([code, true]);
    match.faces.forEach(({ journal, outputs }, i) => {
      expect(outputs.at(-1)).toEqual({ type: "ended", reason: "finished", chronos: TICKS });
      expect(journal.join("\n")).toBe(quiet.faces[i]!.journal.join("\n"));
    });
  });
});

const jump = TickContent.of([pads.catalog.pack("jump", {}, chronosTick(1))]);
/** A jump now and then, and nothing else: enough to write frames that say anything. */
const JUMPING: ContentSource = { content: (_, tick) => (tick % 3 === 0 ? jump : TickContent.empty) };
const codec = new FrameCodec(
  pads.catalog.kinds,
  [0, 1, 2].map((slot) => [asSlot(slot)]),
);
const scratch = new ByteWriter(4096);

/** A well-formed body that claims all sorts of things around tick `near`, in all sections that there are. */
function crafted(random: Xoshiro128, near: number): Uint8Array {
  const tick = (): number =>
    Math.max(1, near + random.int(40) - 20 + (random.int(8) === 0 ? random.int(2 ** 20) : 0));
  const some = (): boolean => random.int(3) === 0;
  const frame = new Frame();
  frame.run.base = Math.max(0, tick() - 5);
  frame.run.count = random.int(6);
  frame.head = tick();
  frame.ack = tick();
  frame.leadTicks = random.int(256) - 128;
  frame.depthTicks = random.int(256);
  if (some()) frame.report = { tick: tick(), node: randomBytes(random, 8) };
  if (some()) frame.lost.push({ peer: random.int(3), heldSeal: tick() });
  if (some()) frame.leave = { peer: random.int(3), tick: tick(), signature: randomBytes(random, 64) };
  if (some()) {
    const ack = { slot: asSlot(random.int(3)), tick: tick(), low: random.next(), high: random.next() };
    frame.fragmentAcks.push(ack);
  }
  // A long section leaves no room for another.
  const long = random.int(4);
  if (long === 0) {
    const total = 1 + random.int(64);
    // Now and then a part that its own total denies.
    const index = random.int(total) + (random.int(8) === 0 ? total : 0);
    const length = index === total - 1 ? 1 + random.int(200) : FRAGMENT_BYTES;
    const slot = asSlot(random.int(4) === 0 ? random.int(3) : ATTACKER);
    const at = random.int(4) === 0 ? near + 300 : near + random.int(100);
    frame.fragments.push({ slot, tick: at, index, total, bytes: randomBytes(random, length) });
  } else if (long === 1) {
    const entries = randomBytes(random, (1 + random.int(maxLedgerEntries(3))) * ledgerEntryBytes(3));
    frame.ledger = { fromTick: tick(), count: entries.length / ledgerEntryBytes(3), entries };
  }
  if (long === 2) {
    const forward = new ForwardedRun();
    forward.peer = random.int(2);
    forward.base = Math.max(0, tick() - 3);
    forward.count = random.int(4);
    frame.forwards.push(forward);
  }
  scratch.reset();
  codec.encode(scratch, frame, ATTACKER, [JUMPING, JUMPING, JUMPING], MAX_BODY_BYTES);
  return scratch.finish();
}

/** What two honest peers must still hold to after any attack by a third. */
function checkHonest(match: FacesMatch): string {
  const honest = match.faces.slice(0, 2);
  for (const { session, outputs } of honest) {
    const { ended } = session;
    if (ended !== undefined) {
      expect(["finished", "equivocation"]).toContain(ended.reason);
      if (ended.reason !== "finished") expect(ended.slot).toBe(ATTACKER);
    }
    // What it claims to have computed is its own affair.
    expect(outputs.every((output) => output.type !== "desync" || output.slot === ATTACKER)).toBe(true);
    expect(session.stats().held.assemblyBytes).toBeLessThan(HELD_BYTES_MAX);
    expect(session.stats().held.timelineNodes).toBeLessThanOrEqual(256);
  }
  const [a, b] = honest.map(({ journal }) => journal.filter((line) => !line.startsWith('{"type":"end"')));
  const shared = Math.min(a!.length, b!.length);
  expect(a!.slice(0, shared).join("\n")).toBe(b!.slice(0, shared).join("\n"));
  // What honest slots did is in the journals as they did it, none missing.
  const ticks = Number(/"chronos":(\d+)/.exec(a!.at(-1)!)?.[1] ?? 0);
  for (const slot of [0, 1]) {
    const held = a!.flatMap((line) => {
      const event =
        /^\{"type":"event","chronos":(\d+),"author":(\d),"id":\d+,"kind":"hold","payload":\{"x":(-?\d+)/.exec(
          line,
        );
      return event !== null && Number(event[2]) === slot ? [`${event[1]} ${event[3]}`] : [];
    });
    const authored = Array.from({ length: ticks }, (_, i) => `${i + 1} ${restless(slot, i + 1).x}`);
    expect(held).toEqual(authored);
  }
  return honest[0]!.session.ended?.reason ?? "goes on";
}

describe("datagrams with a valid tag, from one slot", () => {
  test(
    "EN-529 EN-519 bring down nothing but their own sender",
    () => {
      const random = seeded("tagged");
      const writer = new ByteWriter(2048);
      const refusals = emptyRefusalCounts();
      const outcomes = new Map<string, number>();
      let delivered = 0;
      let pastHeader = 0;
      let mutantsSent = 0;
      const lengths = sweep();
      let sweeping = true;
      while (mutantsSent < MUTANTS || sweeping) {
        const match = newMatch();
        const attacker = match.faces[ATTACKER]!;
        const pool: Uint8Array[] = [];
        match.onSend = (face, _, datagram) => {
          if (face !== ATTACKER) return;
          if (pool.length === 200) pool.shift();
          pool.push(datagram.slice(HEAD_BYTES, datagram.length - TAG_BYTES));
        };
        match.run(30 + random.int(60));
        for (let frame = 0; frame < 400 && !match.faces.every(({ session }) => session.done); frame++) {
          const running = match.faces.slice(0, 2).some(({ session }) => session.ended === undefined);
          for (let i = 0; running && i < VOLLEY; i++) {
            // A body is at most what a datagram leaves it: longer ones are what the untagged sweep is for.
            const swept = sweeping && i % 2 === 0 ? lengths.next() : undefined;
            if (swept?.done === true) sweeping = false;
            const fromSweep =
              swept !== undefined && swept.done !== true && swept.value.length <= MAX_BODY_BYTES;
            const body = fromSweep ? swept.value : mutant(random, pool, attacker.session.final.chronos);
            if (!fromSweep) mutantsSent++;
            for (const victim of [0, 1]) {
              if (random.int(2) === 0) continue;
              const channel = attacker.channels[victim]!;
              channel.begin(writer);
              writer.bytes(body);
              match.inject(ATTACKER, victim, channel.finish(writer));
              delivered++;
            }
          }
          match.run(1);
        }
        const outcome = checkHonest(match);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        for (const face of match.faces.slice(0, 2)) addRefusals(refusals, face);
      }
      const inHeader = refusals.flags + refusals.truncated;
      pastHeader = delivered - inHeader;
      expect(outcomes.get("equivocation")).toBeGreaterThan(10);
      expect(mutantsSent).toBeGreaterThanOrEqual(MUTANTS);
      expect(pastHeader).toBeGreaterThan(delivered / 3);
      for (const code of FRAME_REFUSALS) expect([code, refusals[code] >= 1_000]).toEqual([code, true]);
      expect(refusals.forged).toBeGreaterThan(1_000);
    },
    PATIENCE_MS,
  );
});
