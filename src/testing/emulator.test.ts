import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOLD_BACK_MS, IN_FLIGHT_MAX, RATE_QUEUE_MS } from "./direction.js";
import { type Delivery, Emulator } from "./emulator.js";
import type { NetInput } from "./net-spec.js";

const numbered = (n: number): Uint8Array => Uint8Array.of(n & 0xff, (n >> 8) & 0xff, n >> 16);
const numberOf = ({ datagram }: Delivery): number =>
  datagram[0]! + datagram[1]! * 256 + datagram[2]! * 65_536;

/** Sends `count` numbered datagrams from `a` to `b`, one each `gapMs`; what arrived, and the emulator. */
function run(
  net: NetInput,
  count: number,
  gapMs = 10,
  seed = 1,
): { emulator: Emulator; deliveries: Delivery[] } {
  const emulator = new Emulator(seed, net);
  const deliveries: Delivery[] = [];
  for (let i = 0; i < count; i++) {
    deliveries.push(...emulator.due(i * gapMs));
    emulator.send(i * gapMs, "a", "b", numbered(i));
  }
  deliveries.push(...emulator.due(count * gapMs + 200_000));
  return { emulator, deliveries };
}

describe("the emulator", () => {
  const anyNet = fc.record({
    latencyMs: fc.integer({ min: 0, max: 300 }),
    jitterMs: fc.integer({ min: 0, max: 200 }),
    loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
    burst: fc.integer({ min: 1, max: 10 }),
    duplicate: fc.double({ min: 0, max: 1, noNaN: true }),
    reorder: fc.double({ min: 0, max: 1, noNaN: true }),
    rateKbps: fc.option(fc.integer({ min: 8, max: 1000 })),
  });

  test("EN-810 equal seeds and equal calls give equal deliveries", () => {
    fc.assert(
      fc.property(anyNet, fc.integer(), (net, seed) => {
        expect(run(net, 60, 7, seed).deliveries).toEqual(run(net, 60, 7, seed).deliveries);
      }),
      { seed: 810, numRuns: 50 },
    );
    expect(run("mobile", 200, 7, 1).deliveries).not.toEqual(run("mobile", 200, 7, 2).deliveries);
  });

  test("EN-811 traffic in one direction changes nothing in another", () => {
    const alone = run("mobile,duplicate=0.1,reorder=0.1", 300).deliveries;
    const emulator = new Emulator(1, "mobile,duplicate=0.1,reorder=0.1");
    const deliveries: Delivery[] = [];
    for (let i = 0; i < 300; i++) {
      deliveries.push(...emulator.due(i * 10));
      if (i % 3 === 0) emulator.send(i * 10, "b", "a", numbered(i));
      emulator.send(i * 10, "a", "b", numbered(i));
      emulator.send(i * 10, "a", "c", numbered(i));
    }
    deliveries.push(...emulator.due(200_000));
    const arrivals = (all: readonly Delivery[]): unknown =>
      all.filter(({ to }) => to === "b").map((delivery) => [delivery.atMs, numberOf(delivery)]);
    expect(arrivals(deliveries)).toEqual(arrivals(alone));
  });

  test("EN-811 raising the loss only loses more: what still arrives, arrives when it did", () => {
    const mild = new Map(
      run("latency=50,jitter=10,loss=0.1", 1000).deliveries.map((d) => [numberOf(d), d.atMs]),
    );
    const harsh = run("latency=50,jitter=10,loss=0.3", 1000).deliveries;
    expect(harsh.length).toBeLessThan(mild.size);
    for (const delivery of harsh) expect(mild.get(numberOf(delivery))).toBe(delivery.atMs);
  });

  test("EN-812 a delay is uniform on latency ± jitter", () => {
    const delays = run("latency=100,jitter=30", 10_000).deliveries.map((d) => d.atMs - numberOf(d) * 10);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(70);
    expect(Math.max(...delays)).toBeLessThanOrEqual(130);
    const thirds = [0, 0, 0];
    for (const delay of delays) thirds[Math.min(2, Math.floor((delay - 70) / 20))]!++;
    for (const share of thirds) expect(share / delays.length).toBeCloseTo(1 / 3, 1);
    const clipped = run("latency=5,jitter=30", 1000).deliveries.map((d) => d.atMs - numberOf(d) * 10);
    expect(Math.min(...clipped)).toBe(0);
  });

  test("EN-813 loss takes its share, each datagram on its own", () => {
    const { emulator, deliveries } = run("loss=0.2", 20_000);
    expect(emulator.counts.lost / 20_000).toBeCloseTo(0.2, 1.5);
    expect(deliveries.length).toBe(20_000 - emulator.counts.lost);
    expect(meanRun(deliveries, 20_000)).toBeCloseTo(1.25, 1);
    expect(run("loss=1", 50).deliveries).toEqual([]);
  });

  test("EN-813 bursts keep the share and lose several in a row", () => {
    const { emulator, deliveries } = run("loss=0.2,burst=8", 50_000);
    expect(Math.abs(emulator.counts.lost / 50_000 - 0.2)).toBeLessThan(0.02);
    expect(Math.abs(meanRun(deliveries, 50_000) - 8)).toBeLessThan(1);
  });

  test("EN-814 duplicates arrive twice, each after a delay of its own", () => {
    const { emulator, deliveries } = run("latency=50,jitter=10,duplicate=0.25", 4000);
    expect(Math.abs(emulator.counts.duplicated / 4000 - 0.25)).toBeLessThan(0.03);
    expect(deliveries.length).toBe(4000 + emulator.counts.duplicated);
    const times = new Map<number, number[]>();
    for (const d of deliveries) times.set(numberOf(d), [...(times.get(numberOf(d)) ?? []), d.atMs]);
    const twins = [...times.values()].filter((both) => both.length === 2);
    expect(twins.length).toBe(emulator.counts.duplicated);
    expect(twins.every(([first, second]) => first !== second)).toBe(true);
  });

  test("EN-815 what reorder holds back is overtaken, and counted as it arrives", () => {
    const { emulator, deliveries } = run("latency=20,reorder=0.2", 2000);
    let overtaken = 0;
    let newest = -1;
    for (const delivery of deliveries) {
      if (numberOf(delivery) < newest) overtaken++;
      newest = Math.max(newest, numberOf(delivery));
      expect(delivery.atMs - numberOf(delivery) * 10).toBeLessThanOrEqual(20 + HOLD_BACK_MS);
    }
    expect(overtaken).toBeGreaterThan(200);
    expect(emulator.counts.reordered).toBe(overtaken);
    expect(run("latency=20", 2000).emulator.counts.reordered).toBe(0);
  });

  test("EN-816 a rate spaces datagrams by their size and drops what would wait too long", () => {
    const emulator = new Emulator(1, "rate=80");
    // 72 + 28 bytes are 800 bits: 10 ms each at 80 kbit/s.
    for (let i = 0; i < 100; i++) emulator.send(0, "a", "b", new Uint8Array(72));
    const times = emulator.due(10_000).map(({ atMs }) => atMs);
    expect(times).toEqual(Array.from({ length: RATE_QUEUE_MS / 10 }, (_, i) => (i + 1) * 10));
    expect(emulator.counts.overflowed).toBe(100 - times.length);
  });

  test("EN-816 the number under way in one direction is bounded", () => {
    const emulator = new Emulator(1, "latency=1000");
    for (let i = 0; i < IN_FLIGHT_MAX + 5; i++) emulator.send(0, "a", "b", numbered(i));
    expect(emulator.inFlight).toBe(IN_FLIGHT_MAX);
    expect(emulator.counts.overflowed).toBe(5);
    expect(emulator.due(1000)).toHaveLength(IN_FLIGHT_MAX);
    emulator.send(1000, "a", "b", numbered(0));
    expect(emulator.inFlight).toBe(1);
  });

  test("EN-817 a direction can have a network of its own", () => {
    const emulator = new Emulator(1, "latency=10");
    emulator.setDirection("a", "b", "latency=80");
    emulator.send(0, "a", "b", numbered(1));
    emulator.send(0, "b", "a", numbered(2));
    expect(emulator.due(10).map(numberOf)).toEqual([2]);
    expect(emulator.nextWakeMs).toBe(80);
    emulator.setDirection("a", "b", undefined);
    emulator.send(10, "a", "b", numbered(3));
    expect(emulator.due(20).map(numberOf)).toEqual([3]);
    expect(emulator.due(80).map(numberOf)).toEqual([1]);
  });

  test("EN-818 a partition cuts both ways between its groups until it heals", () => {
    const emulator = new Emulator(1, "latency=10");
    const pairs = [
      ["a", "b"],
      ["a", "c"],
      ["c", "a"],
      ["c", "b"],
      ["b", "a"],
    ] as const;
    const cross = (atMs: number): string[] => {
      for (const [from, to] of pairs) emulator.send(atMs, from, to, numbered(0));
      return emulator.due(atMs + 10).map(({ from, to }) => from + to);
    };
    emulator.partition(["a", "b"], ["c"]);
    expect(cross(0)).toEqual(["ab", "ba"]);
    expect(emulator.counts.cut).toBe(3);
    emulator.heal();
    expect(cross(100)).toEqual(["ab", "ac", "ca", "cb", "ba"]);
  });

  test("EN-819 what arrives at one time arrives in the order of sending", () => {
    const emulator = new Emulator(1, "latency=10");
    for (let i = 0; i < 500; i++) emulator.send(0, `from ${i % 7}`, `to ${i % 5}`, numbered(i));
    expect(emulator.due(9.999)).toEqual([]);
    expect(emulator.due(10).map(numberOf)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  test("EN-819 the number of calls of due changes nothing", () => {
    const net = "latency=30,jitter=30,duplicate=0.2";
    const once = new Emulator(3, net);
    const often = new Emulator(3, net);
    for (let i = 0; i < 100; i++) {
      once.send(i, "a", "b", numbered(i));
      often.send(i, "a", "b", numbered(i));
    }
    const steps = Array.from({ length: 200 }, (_, i) => often.due(100 + i)).flat();
    expect(once.due(300).map(numberOf)).toEqual(steps.map(numberOf));
    expect(often.inFlight).toBe(0);
  });

  test("EN-821 every datagram is counted once, as lost, cut, overflowed, delivered or under way", () => {
    fc.assert(
      fc.property(anyNet, fc.integer(), (net, seed) => {
        const emulator = new Emulator(seed, net);
        for (let i = 0; i < 200; i++) {
          if (i === 50) emulator.partition(["a"], ["b"]);
          if (i === 70) emulator.heal();
          emulator.send(i, "a", "b", numbered(i));
          if (i % 10 === 0) emulator.due(i);
          const { sent, lost, cut, overflowed, duplicated, delivered } = emulator.counts;
          expect(lost + cut + overflowed + delivered + emulator.inFlight).toBe(sent + duplicated);
        }
      }),
      { seed: 821, numRuns: 50 },
    );
  });

  test("EN-810 copies what it takes in, and time never goes back", () => {
    const emulator = new Emulator(1);
    const reused = numbered(7);
    emulator.send(5, "a", "b", reused);
    reused.fill(0);
    emulator.send(3, "a", "b", numbered(8));
    const [first, second] = emulator.due(4);
    expect([numberOf(first!), numberOf(second!)]).toEqual([7, 8]);
    expect([first!.atMs, second!.atMs]).toEqual([5, 5]);
  });
});

/** Mean length of the runs of datagrams that are missing. */
function meanRun(deliveries: readonly Delivery[], count: number): number {
  const arrived = new Set(deliveries.map(numberOf));
  let missing = 0;
  let runs = 0;
  for (let i = 0; i < count; i++) {
    if (arrived.has(i)) continue;
    missing++;
    if (i === 0 || arrived.has(i - 1)) runs++;
  }
  return missing / runs;
}
