import { describe, expect, test } from "vitest";
import { asSlot, chronosTick } from "../base/brand.js";
import { EventCatalog } from "../envelope/catalog.js";
import { event, t } from "../envelope/declare.js";
import { INPUT_DELAY_MAX_TICKS, InputDelay } from "./input-delay.js";
import { LatenessGauge } from "./lateness.js";
import { LocalInput, WAITING_EVENTS_MAX } from "./local-input.js";

const catalog = EventCatalog.compile({
  hold: event({ x: t.i8 }, { predict: "repeat" }),
  fire: event({ n: t.u16 }),
});

const local = (eventsPerTick = 4, bytesPerTick = 1000): { input: LocalInput; refused: string[] } => {
  const refused: string[] = [];
  const limits = { eventsPerTick, bytesPerTick };
  const input = new LocalInput(asSlot(0), catalog, limits, (request, _, reason) =>
    refused.push(`${request.kind} ${reason}`),
  );
  return { input, refused };
};
const hold = (x: number): { kind: string; payload: unknown } => ({ kind: "hold", payload: { x } });
const fire = (n: number): { kind: string; payload: unknown } => ({ kind: "fire", payload: { n } });
const kinds = (content: { events: readonly { kind: number }[] }): string[] =>
  content.events.map(({ kind }) => catalog.kinds[kind]!.name);

describe("local input", () => {
  test("EN-509 fills a gap with the last samples of repeat kinds and nothing else", () => {
    const { input } = local();
    input.sample(chronosTick(1), [hold(3), fire(1)]);
    expect(kinds(input.fill(chronosTick(2)))).toEqual(["hold"]);
    expect(kinds(input.fill(chronosTick(3)))).toEqual(["hold"]);
  });

  test("EN-402 counts the bytes of the samples that fill a gap", () => {
    const { input, refused } = local(4, 3);
    input.sample(chronosTick(1), [hold(3)]);
    for (const n of [1, 2]) input.emit(fire(n));
    const filled = input.fill(chronosTick(2));
    expect([kinds(filled), filled.byteLength, refused]).toEqual([["hold", "fire"], 3, ["fire quota"]]);
  });

  test("EN-509 keeps the one-shot events of a dropped sample for the next tick", () => {
    const { input } = local();
    input.sample(chronosTick(1), [hold(3)]);
    input.missed([hold(4), fire(7)]);
    const next = input.sample(chronosTick(2), [hold(5)]);
    expect(next.events.map((content) => catalog.unpack(content, chronosTick(2)))).toEqual([
      { x: 5 },
      { n: 7 },
    ]);
  });

  test("EN-506 a repeated sample is the same object, which predicts itself", () => {
    const { input } = local();
    const first = input.sample(chronosTick(1), [hold(3)]);
    const second = input.sample(chronosTick(2), [hold(3)]);
    expect(second).toBe(first);
    expect(first.repeated).toBe(first);
    const fired = input.sample(chronosTick(3), [hold(3), fire(1)]);
    expect(kinds(fired.repeated)).toEqual(["hold"]);
  });

  test("EN-402 refuses at home what the others would refuse, and payloads that break the declaration", () => {
    const { input, refused } = local(2);
    const content = input.sample(chronosTick(1), [
      hold(1),
      fire(1),
      fire(2),
      { kind: "hold", payload: { x: 900 } },
    ]);
    expect(kinds(content)).toEqual(["hold", "fire"]);
    expect(refused).toEqual(["fire quota", "hold malformed"]);
    input.emit({ kind: "unheard", payload: {} });
    input.sample(chronosTick(2), []);
    expect(refused.at(-1)).toBe("unheard malformed");
  });

  test("EN-402 lets no more wait than its bound", () => {
    const { input, refused } = local();
    for (let n = 0; n <= WAITING_EVENTS_MAX; n++) input.emit(fire(n));
    expect(refused).toEqual(["fire quota"]);
  });
});

describe("the input delay", () => {
  test("EN-510 goes up at once, and down a tick after 300 quiet ones", () => {
    const delay = new InputDelay("auto", 8);
    delay.follow(4);
    expect(delay.ticks).toBe(0);
    delay.follow(10);
    expect(delay.ticks).toBe(6);
    for (let tick = 0; tick < 299; tick++) delay.follow(7);
    expect(delay.ticks).toBe(6);
    delay.follow(7);
    expect(delay.ticks).toBe(5);
    delay.follow(1000);
    expect(delay.ticks).toBe(INPUT_DELAY_MAX_TICKS);
  });

  test("EN-510 in lockstep hides nothing by prediction", () => {
    const delay = new InputDelay("auto", 0);
    delay.follow(5);
    expect(delay.ticks).toBe(5);
  });

  test("EN-509 stays where it was fixed, and can be changed while playing", () => {
    const delay = new InputDelay(3, 8);
    delay.follow(20);
    expect(delay.ticks).toBe(3);
    delay.set(0);
    expect(delay.ticks).toBe(0);
    delay.set("auto");
    delay.follow(6);
    expect(delay.ticks).toBe(2);
  });

  test("EN-510 the gauge gives the 99th percentile of the last 256 ticks", () => {
    const gauge = new LatenessGauge();
    expect(gauge.percentile99Ticks).toBe(0);
    for (let i = 0; i < 256; i++) gauge.add(i < 250 ? 2 : 9);
    expect(gauge.percentile99Ticks).toBe(9);
    for (let i = 0; i < 254; i++) gauge.add(3);
    expect(gauge.percentile99Ticks).toBe(3);
    gauge.add(-5);
    gauge.add(1000);
    for (let i = 0; i < 256; i++) gauge.add(0);
    expect(gauge.percentile99Ticks).toBe(0);
  });
});
