import { describe, expect, test } from "vitest";
import { DEFAULT_SILENCE, Silence } from "./silence.js";
import { RATE_SPREAD, TickClock } from "./tick-clock.js";

describe("the clock", () => {
  test("EN-513 two peers that started apart meet in the middle, at most 3 % off", () => {
    const clocks = [new TickClock(60), new TickClock(60)];
    const heads = [6, 0];
    let nowMs = 0;
    for (let frame = 0; frame < 1200; frame++) {
      nowMs += 1000 / 60;
      clocks.forEach((clock, i) => {
        clock.elapse(nowMs);
        while (clock.owedTicks >= 1) {
          clock.ran();
          heads[i]!++;
        }
        const leadTicks = heads[i]! - heads[1 - i]!;
        clock.steer((leadTicks - -leadTicks) / 2, 4);
        expect(Math.abs(clock.rate - 1)).toBeLessThanOrEqual(RATE_SPREAD + 1e-12);
      });
    }
    expect(Math.abs(heads[0]! - heads[1]!)).toBeLessThanOrEqual(1);
    expect(heads[1]).toBeGreaterThan(1195);
  });

  test("EN-513 equal leads leave the rate alone, however long the way is", () => {
    const clock = new TickClock(60);
    for (let i = 0; i < 100; i++) clock.steer((9 - 9) / 2, 18);
    expect(clock.rate).toBe(1);
  });

  test("EN-512 forgets time that was slept through", () => {
    const clock = new TickClock(60);
    clock.elapse(0);
    clock.ran();
    clock.elapse(60_000);
    expect(clock.owedTicks).toBeLessThanOrEqual(8);
  });

  test("EN-505 counts the ticks that passed while nothing could run", () => {
    const clock = new TickClock(50);
    clock.elapse(0);
    clock.ran();
    for (let nowMs = 20; nowMs <= 200; nowMs += 20) {
      clock.elapse(nowMs);
      clock.stalled();
    }
    expect(clock.stalledTicks).toBeCloseTo(9, 9);
    expect(clock.presentStallTicks).toBeCloseTo(9, 9);
    clock.ran();
    expect(clock.presentStallTicks).toBe(0);
  });
});

describe("silence", () => {
  test("EN-514 is interrupted after half a second, lost after ten, and back with the next datagram", () => {
    const silence = new Silence(3, 0, DEFAULT_SILENCE);
    expect(silence.check(0)).toEqual([]);
    silence.heard(1, 400);
    expect(silence.check(600)).toEqual([2]);
    expect(silence.hearing(2)).toBe("interrupted");
    expect(silence.check(700)).toEqual([]);
    expect(silence.heard(2, 800)).toBe(true);
    expect(silence.hearing(2)).toBe("connected");
    expect(silence.check(5_000)).toEqual([1, 2]);
    silence.heard(1, 5_000);
    expect(silence.check(10_000)).toEqual([1]);
    expect(silence.check(10_799)).toEqual([]);
    expect(silence.check(10_800)).toEqual([2]);
    expect(silence.isLost(2)).toBe(true);
    expect(silence.heard(2, 10_900)).toBe(false);
    expect(silence.isLost(2)).toBe(true);
  });

  test("EN-514 does not care where the clock starts, below zero too", () => {
    const silence = new Silence(2, 0, DEFAULT_SILENCE);
    silence.check(-20_000);
    expect(silence.check(-19_499)).toEqual([1]);
    expect(silence.check(-14_999)).toEqual([]);
    expect(silence.check(-10_000)).toEqual([1]);
    expect(silence.isLost(1)).toBe(true);
  });

  test("EN-514 of a pause in which nobody looked, no more than half of what loses a peer counts", () => {
    const silence = new Silence(3, 0, DEFAULT_SILENCE);
    silence.check(0);
    silence.heard(1, 800);
    expect(silence.check(800)).toEqual([2]);
    expect(silence.check(60_000)).toEqual([1]);
    expect([silence.hearing(1), silence.hearing(2)]).toEqual(["interrupted", "interrupted"]);
    silence.heard(1, 60_010);
    expect(silence.check(64_199)).toEqual([1]);
    expect(silence.check(64_200)).toEqual([2]);
    expect([silence.isLost(1), silence.isLost(2)]).toEqual([false, true]);
  });

  test("EN-515 the cut is the most that any survivor holds, once all have said so", () => {
    const silence = new Silence(4, 0, DEFAULT_SILENCE);
    silence.check(0);
    silence.heard(1, 9_000);
    silence.heard(2, 9_000);
    expect(silence.check(9_400)).toEqual([3]);
    expect(silence.told(1, 3, 105)).toBe(3);
    expect(silence.isLost(3)).toBe(true);
    expect(silence.cut(() => 100)).toBeUndefined();
    expect(silence.told(2, 3, 90)).toBeUndefined();
    expect(silence.cut(() => 100)).toBe(105);
    expect(silence.heldBy(2, 3)).toBe(90);
  });

  test("EN-515 a peer that we hear ourselves is not lost on another's word", () => {
    const silence = new Silence(3, 0, DEFAULT_SILENCE);
    silence.check(0);
    expect(silence.told(1, 2, 50)).toBeUndefined();
    expect(silence.isLost(2)).toBe(false);
    expect([silence.anySpokenOf, silence.heldBy(1, 2)]).toEqual([true, 50]);
  });

  test("EN-515 nobody is lost on a lost peer's own word", () => {
    const silence = new Silence(3, 0, DEFAULT_SILENCE);
    expect(silence.told(1, 1, 10)).toBeUndefined();
    expect(silence.anyLost).toBe(false);
  });

  test("EN-535 who says for half a second only that it has given us up is lost to us, once", () => {
    const silence = new Silence(3, 0, DEFAULT_SILENCE);
    const says = (nowMs: number, givesUsUp: boolean): number | undefined => {
      silence.check(nowMs);
      silence.heard(1, nowMs, givesUsUp);
      return givesUsUp ? silence.told(1, 0, 10) : undefined;
    };
    for (const nowMs of [0, 100, 300]) expect(says(nowMs, true)).toBeUndefined();
    says(400, false);
    for (const nowMs of [500, 600, 999]) expect(says(nowMs, true)).toBeUndefined();
    expect(says(1_000, true)).toBe(1);
    expect([silence.isLost(0), silence.isLost(1), silence.isLost(2)]).toEqual([false, true, false]);
    expect(silence.told(1, 0, 10)).toBeUndefined();
  });
});
