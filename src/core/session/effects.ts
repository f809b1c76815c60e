import type { ChronosTick } from "../base/brand.js";
import type { EffectOutput } from "./outputs.js";
import type { EffectRequest } from "./simulation.js";

interface LiveEffect {
  readonly name: string;
  readonly key: string;
  data: unknown;
  chronos: number;
  /** True from a rollback until the new line asks for it again. */
  orphaned: boolean;
}

/** Most effects that wait for their tick to be final; past it new ones are told only when they are. */
export const LIVE_EFFECTS = 4096;

/**
 * Follows effects through rollbacks by their identity (name, key), so that a sound that the new history asks for
 * too is not heard twice. Of several requests for one identity on one line, the earliest is the effect.
 */
export class EffectTracker {
  readonly #live = new Map<string, LiveEffect>();
  readonly #emit: (output: EffectOutput) => void;

  constructor(emit: (output: EffectOutput) => void) {
    this.#emit = emit;
  }

  /** A tick was simulated, for the first time or again. */
  simulated(tick: number, head: number, requests: readonly EffectRequest[]): void {
    for (const request of requests) {
      const id = identityOf(request);
      const live = this.#live.get(id);
      if (live === undefined) {
        if (this.#live.size >= LIVE_EFFECTS) continue;
        const { name, key, data } = request;
        this.#live.set(id, { name, key, data, chronos: tick, orphaned: false });
        this.#tell("predicted", name, key, data, tick, head);
      } else if (live.orphaned) {
        live.orphaned = false;
        live.data = request.data;
        if (live.chronos === tick) continue;
        live.chronos = tick;
        this.#tell("moved", live.name, live.key, live.data, tick, head);
      }
    }
  }

  /** Ticks past `lca` were given up. */
  abandoned(lca: number): void {
    for (const live of this.#live.values()) if (live.chronos > lca) live.orphaned = true;
  }

  /** The new line stands: what it did not ask for again is cancelled. */
  replayed(head: number): void {
    for (const [id, live] of this.#live) {
      if (!live.orphaned) continue;
      this.#live.delete(id);
      this.#tell("cancelled", live.name, live.key, live.data, live.chronos, head);
    }
  }

  /** A tick is final, with what it asked for. */
  final(tick: number, head: number, requests: readonly EffectRequest[]): void {
    for (const request of requests) {
      const id = identityOf(request);
      const { name, key, data } = request;
      const live = this.#live.get(id);
      if (live === undefined) this.#tell("predicted", name, key, data, tick, head);
      // What is known of it is a later request for the same: this one was hidden by one before.
      else if (live.chronos !== tick) this.#tell("moved", name, key, data, tick, head);
      this.#live.delete(id);
      this.#tell("confirmed", name, key, data, tick, head);
    }
  }

  get liveCount(): number {
    return this.#live.size;
  }

  #tell(
    phase: EffectOutput["phase"],
    name: string,
    key: string,
    data: unknown,
    tick: number,
    head: number,
  ): void {
    const chronos = tick as ChronosTick;
    this.#emit({ type: "effect", phase, name, key, data, chronos, ageTicks: head - tick });
  }
}

/** No name holds a NUL, so no two pairs share an identity. */
const identityOf = (request: EffectRequest): string => `${request.name}\u0000${request.key}`;
