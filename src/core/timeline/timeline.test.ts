import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ABANDONED_BRANCHES, lastCommonAncestor, Timeline } from "./timeline.js";

const fresh = (ticks: number, capacity = 64): Timeline<{ value: number }> => {
  const timeline = new Timeline(() => ({ value: 0 }), capacity);
  for (let tick = 1; tick <= ticks; tick++) timeline.commit().body.value = tick;
  return timeline;
};

describe("the timeline", () => {
  test("EN-501 forks at the LCA and remembers the line that was given up", () => {
    const timeline = fresh(10);
    expect(timeline.fork(6).body.value).toBe(6);
    expect(timeline.head.tick).toBe(6);
    expect(timeline.at(7)).toBeUndefined();
    const node = timeline.commit();
    expect([node.tick, node.branch, node.parent?.tick]).toEqual([7, 1, 6]);
    expect(timeline.abandoned).toEqual([{ branch: 0, lca: 6, head: 10, replacedBy: 1 }]);
  });

  test("EN-501 remembers the last 64 abandoned lines and no more", () => {
    const timeline = fresh(2);
    for (let i = 0; i < 100; i++) {
      timeline.fork(1);
      timeline.commit();
    }
    expect(timeline.abandoned.length).toBe(ABANDONED_BRANCHES);
    expect(timeline.abandoned.at(-1)!.replacedBy).toBe(100);
  });

  test("EN-502 finds the last common ancestor within a bound", () => {
    const timeline = fresh(5);
    const head = timeline.head;
    const other = { tick: 4, branch: 9, parent: timeline.at(3), body: { value: 0 } } as typeof head;
    expect(lastCommonAncestor(head, other, 8)?.tick).toBe(3);
    expect(lastCommonAncestor(head, head, 0)).toBe(head);
    expect(lastCommonAncestor(head, other, 1)).toBeUndefined();
  });

  test("EN-503 collects what lies below a tick, never the head", () => {
    const timeline = fresh(10);
    timeline.collect(7);
    expect([timeline.oldestTick, timeline.length]).toEqual([7, 4]);
    expect(timeline.at(6)).toBeUndefined();
    expect(timeline.at(7)!.parent).toBeUndefined();
    timeline.collect(99);
    expect([timeline.oldestTick, timeline.head.tick]).toEqual([10, 10]);
  });

  test("EN-503 holds through any course of commits, forks and collections", () => {
    const step = fc.oneof(
      fc.constant({ type: "commit" as const, by: 0 }),
      fc.record({ type: fc.constant("fork" as const), by: fc.nat(8) }),
      fc.record({ type: fc.constant("collect" as const), by: fc.nat(8) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const timeline = fresh(0, 32);
        for (const { type, by } of steps) {
          const head = timeline.head.tick;
          if (type === "commit" && timeline.length < 32) timeline.commit();
          else if (type === "fork") timeline.fork(Math.max(timeline.oldestTick, head - by));
          else if (type === "collect") timeline.collect(head - by);
          let node = timeline.head;
          for (let tick: number = node.tick; tick > timeline.oldestTick; tick--) {
            expect(node.tick).toBe(tick);
            expect(timeline.at(tick)).toBe(node);
            node = node.parent!;
          }
          expect(node.parent).toBeUndefined();
        }
      }),
      { seed: 503, numRuns: 200 },
    );
  });
});
