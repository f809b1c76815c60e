import { asSlot, chronosTick, EchoNetError, type EndReason } from "echo-net/core";
import type { EntityView } from "echo-net/lua";
import { describe, expect, test } from "vitest";
import { EffectStage } from "../../apps/splash/match/effects.js";
import { statusesAtEnd } from "../../apps/splash/match/match.js";
import { leadersOf } from "../../apps/splash/match/scene.js";
import { Smoothing } from "../../apps/splash/match/smoothing.js";
import { endWords, refusalWords, statusWords } from "../../apps/splash/match/words.js";

/** A board with one player, who is on the way from one cell to the next. */
function stateAt(tick: number, from: number, cell: number, leftAt: number): EntityView[] {
  const step = { from, cell, left_at: leftAt, arrives_at: leftAt + 12 };
  return [
    { id: 255, script: "world", components: { tick, board: [], water: [], round: 1, phase: "play" } },
    { id: 0, script: "player", slot: 0, components: { ...step, alive: true } },
  ];
}

const view = (
  previous: EntityView[],
  current: EntityView[],
  alpha: number,
  beforeRollback?: EntityView[],
) => ({
  ...{ previous, current, alpha, beforeRollback },
  final: previous,
});

describe("the board", () => {
  test("EN-1358 shows players between two ticks", () => {
    const smoothing = new Smoothing();
    const [before, now] = [stateAt(105, 17, 18, 100), stateAt(106, 17, 18, 100)];
    const xs = [0, 0.5, 1].map((alpha) => smoothing.frame(view(before, now, alpha), 0).places[0]!.x);
    for (const [i, ticks] of [5, 5.5, 6].entries()) expect(xs[i]).toBeCloseTo(1.5 + ticks / 12, 9);
  });

  test("EN-1358 lets nobody jump after a rollback, but who was far off is put there at once", () => {
    const walked = stateAt(106, 17, 18, 100);
    // In truth the player had stayed.
    const stayed = [stateAt(106, 17, 17, 90), stateAt(107, 17, 17, 90)] as const;
    const smoothing = new Smoothing();
    const shown = smoothing.frame(view(walked, walked, 1), 0).places[0]!.x;
    const xs = [smoothing.frame(view(...stayed, 0, walked), 0).places[0]!.x];
    for (let ms = 16; ms < 500; ms += 16) xs.push(smoothing.frame(view(...stayed, 0), ms).places[0]!.x);
    expect(xs[0]).toBeCloseTo(shown, 6);
    for (const [i, x] of xs.entries()) expect(x).toBeLessThanOrEqual(xs[i - 1] ?? x);
    expect(xs.at(-1)).toBeCloseTo(1.5, 2);

    const far = stateAt(107, 190, 190, 90);
    expect(smoothing.frame(view(far, far, 0, walked), 500).places[0]!.x).toBeCloseTo(
      ((190 - 1) % 15) + 0.5,
      6,
    );
  });

  test("EN-1359 shows an effect once, as long as it lasts, and lets one that is taken back fade", () => {
    const stage = new EffectStage();
    const effect = (phase: "predicted" | "moved" | "confirmed" | "cancelled", key: string, ageTicks = 0) => ({
      ...{ type: "effect" as const, phase, name: "burst", key, data: { cell: 20 } },
      ...{ chronos: chronosTick(1), ageTicks },
    });
    expect(stage.take(effect("predicted", "a"), 1_000)).toBe(true);
    expect(stage.take(effect("moved", "a"), 1_010)).toBe(false);
    expect(stage.take(effect("confirmed", "a"), 1_020)).toBe(false);
    expect(stage.take(effect("predicted", "b"), 1_020)).toBe(true);
    expect(stage.shown(1_050).map(({ key, phase }) => [key, phase])).toEqual([
      ["a", "confirmed"],
      ["b", "predicted"],
    ]);
    stage.take(effect("cancelled", "b"), 1_100);
    const fading = [1_100, 1_200, 1_300].map(
      (ms) => stage.shown(ms).find(({ key }) => key === "b")?.strength ?? 0,
    );
    expect(fading[0]).toBe(1);
    expect(fading[1]).toBeLessThan(1);
    expect(stage.shown(1_400).map(({ key }) => key)).toEqual(["a"]);
    expect(stage.shown(9_000)).toEqual([]);
    expect(stage.cancelled).toBe(1);
    // One that comes after all, while it was still fading.
    stage.take(effect("predicted", "d"), 9_000);
    stage.take(effect("cancelled", "d"), 9_050);
    expect(stage.take(effect("predicted", "d", 4), 9_100)).toBe(true);
    expect(stage.shown(9_400)).toMatchObject([{ key: "d", phase: "predicted", strength: 1 }]);
    expect(stage.shown(9_900)).toEqual([]);
    // One that was over before anybody heard of it.
    expect(stage.take(effect("predicted", "c", 600), 9_000)).toBe(false);
    expect(stage.shown(9_000)).toEqual([]);
  });
});

describe("the page's words", () => {
  test("EN-1352 say who leads: by rounds, then by points, and nobody before a point", () => {
    const standing = (wins: number, points: number, slot: number) => ({ slot, wins, points });
    expect(leadersOf([standing(0, 0, 0), standing(0, 0, 1)])).toEqual([]);
    expect(leadersOf([standing(0, 2, 0), standing(1, 0, 1), standing(0, 2, 2)])).toEqual([1]);
    expect(leadersOf([standing(1, 1, 0), standing(1, 1, 1), standing(0, 2, 2)])).toEqual([0, 1]);
  });

  test("EN-1355 tell every way in which a match ends or cannot begin, and name who it was", () => {
    const reasons: readonly EndReason[] = ["finished", "left", "lost", "equivocation", "game-fault"];
    const told = reasons.map((reason) =>
      endWords({ type: "ended", reason, chronos: chronosTick(9), slot: asSlot(1) }, [0]),
    );
    expect(new Set(told.map(({ title }) => title)).size).toBe(reasons.length);
    expect(told.slice(1, 4).map(({ title }) => title.split(" ")[0])).toEqual(["Coral", "Coral", "Coral"]);
    expect(refusalWords(new EchoNetError("ROOM_FULL", "the room is full"))).toEqual({
      title: "No seat is free",
      text: "The room is full.",
    });
    expect(refusalWords(new Error("boo")).text).toMatch(/^Boo\. /);
    expect(
      ["away", "interrupted", "lost", "left"].map((status) => statusWords(status as never)),
    ).not.toContain(undefined);
    expect(statusWords("connected")).toBeUndefined();
  });

  test("EN-1361 say beside the names of a match that is over who ended it, and that nobody is waited for", () => {
    const before = { 1: "interrupted", 2: "interrupted", 3: "away" } as const;
    const end = (reason: EndReason) => ({ type: "ended" as const, reason, chronos: chronosTick(9) });
    expect(statusesAtEnd(before, { ...end("left"), slot: asSlot(1) })).toEqual({ 1: "left", 3: "away" });
    expect(statusesAtEnd(before, { ...end("lost"), slot: asSlot(2) })).toEqual({ 2: "lost", 3: "away" });
    expect(statusesAtEnd(before, end("finished"))).toEqual({ 3: "away" });
  });
});
