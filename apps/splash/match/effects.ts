import type { EffectOutput } from "echo-net";

/** How long an effect is to be seen, in milliseconds. */
const SHOWN_MS: Readonly<Record<string, number>> = {
  burst: 650,
  soaked: 900,
  taken: 900,
  bump: 200,
  won: 2_600,
};
/** How fast one that never happened goes away. */
const FADE_MS = 220;
const TICK_MS = 1000 / 60;

export interface ShownEffect {
  readonly name: string;
  readonly key: string;
  readonly data: Readonly<Record<string, any>>;
  readonly phase: "predicted" | "confirmed" | "cancelled";
  /** 0 at its beginning, 1 at its end. */
  readonly progress: number;
  /** 1, and less and less once it is cancelled. */
  readonly strength: number;
}

interface LiveEffect {
  name: string;
  key: string;
  data: Readonly<Record<string, any>>;
  phase: ShownEffect["phase"];
  beganMs: number;
  cancelledMs: number | undefined;
}

/** Effects as they are shown: at once when they are predicted, taken back softly where they turn out wrong. */
export class EffectStage {
  readonly #live = new Map<string, LiveEffect>();
  #cancelled = 0;

  /** How many were taken back so far. */
  get cancelled(): number {
    return this.#cancelled;
  }

  /** Takes an output; true where it is new, and may be heard. */
  take(output: EffectOutput, nowMs: number): boolean {
    const { name, key, data, ageTicks, phase } = output;
    const id = `${name} ${key}`;
    const live = this.#live.get(id);
    if (phase === "cancelled") {
      this.#cancelled++;
      if (live !== undefined) Object.assign(live, { phase, cancelledMs: nowMs });
      return false;
    }
    // One that was taken back and comes after all begins anew.
    const isBack = live?.phase === "cancelled" && phase === "predicted";
    if (live !== undefined && !isBack) {
      live.data = data;
      if (phase === "confirmed") live.phase = phase;
      return false;
    }
    const beganMs = nowMs - ageTicks * TICK_MS;
    // One that was first heard of when it was long over is not shown any more.
    if (phase === "confirmed" || nowMs - beganMs > shownMs(name)) return false;
    this.#live.set(id, { name, key, data, phase: "predicted", beganMs, cancelledMs: undefined });
    return true;
  }

  /** What is to be drawn now. */
  shown(nowMs: number): readonly ShownEffect[] {
    const shown: ShownEffect[] = [];
    for (const [id, { name, key, data, phase, beganMs, cancelledMs }] of this.#live) {
      const progress = Math.max(0, nowMs - beganMs) / shownMs(name);
      const strength = cancelledMs === undefined ? 1 : 1 - (nowMs - cancelledMs) / FADE_MS;
      if (progress >= 1 || strength <= 0) this.#live.delete(id);
      else shown.push({ name, key, data, phase, progress, strength });
    }
    return shown;
  }
}

const shownMs = (name: string): number => SHOWN_MS[name] ?? 500;
