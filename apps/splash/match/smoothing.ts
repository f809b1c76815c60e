import type { View } from "echo-net";
import type { EntityView } from "echo-net/lua";
import { blend, type Point, placeOf, type Scene, sceneOf } from "./scene.js";

/** How fast an error that a rollback laid bare is made good: to a third in so many milliseconds. */
const SETTLE_MS = 70;
/** In cells: who is farther off than this was somewhere else, and is put there at once. */
const FARTHEST = 2.5;
/** In cells between two ticks: nobody walks that far. */
const LEAP = 1.2;

/** What to draw now: the newest tick, and where everybody is between it and the one before. */
export interface Frame {
  readonly scene: Scene;
  /** The time that is shown, in ticks; a fraction. */
  readonly tick: number;
  /** By slot. */
  readonly places: readonly Point[];
}

/**
 * Draws between two ticks, and lets nobody jump: where a rollback put a player somewhere else than was shown, the
 * difference is kept and let go within a few frames.
 */
export class Smoothing {
  readonly #offsets: Point[] = [];
  #lastMs: number | undefined;

  frame(view: View<readonly EntityView[]>, nowMs: number): Frame {
    const scene = sceneOf(view.current);
    const previous = view.previous === view.current ? scene : sceneOf(view.previous);
    if (view.beforeRollback !== undefined) this.#keepErrors(sceneOf(view.beforeRollback), [scene, previous]);
    const keep = Math.exp(-Math.min(200, nowMs - (this.#lastMs ?? nowMs)) / SETTLE_MS);
    this.#lastMs = nowMs;
    const tick = previous.tick + (scene.tick - previous.tick) * view.alpha;
    const places = scene.players.map((player, slot) => {
      const now = placeOf(player, scene.tick);
      const before = previous.players[slot];
      const from = before === undefined ? now : placeOf(before, previous.tick);
      const place = distance(from, now) > LEAP ? now : blend(from, now, view.alpha);
      const offset = this.#offsets[slot];
      if (offset === undefined) return place;
      this.#offsets[slot] = { x: offset.x * keep, y: offset.y * keep };
      return { x: place.x + offset.x * keep, y: place.y + offset.y * keep };
    });
    return { scene, tick, places };
  }

  /** `before` was shown; in the same tick of the new branch everybody may be somewhere else. */
  #keepErrors(before: Scene, branch: readonly Scene[]): void {
    const same = branch.find(({ tick }) => tick === before.tick) ?? branch[1]!;
    for (const [slot, player] of before.players.entries()) {
      const now = same.players[slot];
      if (now === undefined) continue;
      const shown = placeOf(player, before.tick);
      const place = placeOf(now, same.tick);
      const old = this.#offsets[slot] ?? { x: 0, y: 0 };
      const error = { x: old.x + shown.x - place.x, y: old.y + shown.y - place.y };
      this.#offsets[slot] = Math.hypot(error.x, error.y) > FARTHEST ? { x: 0, y: 0 } : error;
    }
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
