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
    const key = `effect ${output.name} ${output.key}`;
    const before = this.#held.get(key);
    const began = before?.type === "effect" && before.phase === "predicted";
    if (began && output.phase === "moved") this.#replace(key, { ...output, phase: "predicted" });
    else if (began && output.phase !== "predicted") this.#held.delete(key);
    else this.#replace(key, output);
  }

  /** Under a key at most one, where the newest stands. */
  #replace(key: string, output: Output): void {
    this.#held.delete(key);
    this.#held.set(key, output);
  }
}
