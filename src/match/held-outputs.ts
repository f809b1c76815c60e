import type { Output } from "../core/session/outputs.js";

/** Most refusals, faults and desyncs that are held; what comes later is in the session's counts alone. */
export const HELD_MOST = 256;

/** Of these only the newest says anything to who comes back. */
const NEWEST: ReadonlySet<Output["type"]> = new Set(["final", "rollback", "stall", "ended"]);

/**
 * What happened while nobody looked, until somebody does: bounded, however long that takes. Of `final`, `rollback` and
 * `stall` the newest stays, of each player's connection too, and an effect that began and ended unseen is left out.
 */
export class HeldOutputs {
  readonly #held = new Map<string, Output>();
  #told = 0;

  get size(): number {
    return this.#held.size;
  }

  add(outputs: readonly Output[]): void {
    for (const output of outputs) this.#add(output);
  }

  /** Gives what is held, in order, and begins anew. */
  take(): readonly Output[] {
    const outputs = [...this.#held.values()];
    this.#held.clear();
    this.#told = 0;
    return outputs;
  }

  #add(output: Output): void {
    const { type } = output;
    if (type === "effect") this.#addEffect(output);
    else if (type === "peer") this.#replace(`peer ${output.slot}`, output);
    else if (NEWEST.has(type)) this.#replace(type, output);
    else if (this.#told < HELD_MOST) this.#held.set(`told ${this.#told++}`, output);
  }

  #addEffect(output: Extract<Output, { type: "effect" }>): void {
    const id = `${output.name}\u0000${output.key}`;
    const begun = `begun ${id}`;
    if (output.phase === "predicted") this.#replace(begun, output);
    // What was told before the page was hidden goes on or ends under a key of its own.
    else if (!this.#held.has(begun)) this.#replace(`effect ${id}`, output);
    else if (output.phase === "moved") this.#replace(begun, { ...output, phase: "predicted" });
    else this.#held.delete(begun);
  }

  /** Under a key at most one, where the newest stands. */
  #replace(key: string, output: Output): void {
    this.#held.delete(key);
    this.#held.set(key, output);
  }
}
