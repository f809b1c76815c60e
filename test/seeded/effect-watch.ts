import type { EffectOutput } from "../../src/core/session/outputs.js";

type Phase = EffectOutput["phase"];

/**
 * Follows what every peer is told of effects: each begins as `predicted` and ends exactly once, and what is
 * confirmed is the same at all peers, in the same order.
 */
export class EffectWatch {
  readonly counts: Record<Phase, number> = { predicted: 0, moved: 0, confirmed: 0, cancelled: 0 };
  readonly #open: Set<string>[];
  readonly #confirmed: string[] = [];
  readonly #confirmedAt: number[];

  constructor(peerCount: number) {
    this.#open = Array.from({ length: peerCount }, () => new Set());
    this.#confirmedAt = new Array<number>(peerCount).fill(0);
  }

  /** Throws where an effect begins, moves or ends out of turn, or is confirmed nowhere else. */
  told(peer: number, { phase, name, key, data, chronos }: EffectOutput): void {
    this.counts[phase]++;
    const open = this.#open[peer]!;
    const identity = `${name} ${key}`;
    if (open.has(identity) === (phase === "predicted")) {
      throw new Error(`peer ${peer}, tick ${chronos}: effect ${identity} is ${phase} out of turn`);
    }
    if (phase === "predicted") open.add(identity);
    else if (phase !== "moved") open.delete(identity);
    if (phase !== "confirmed") return;
    const confirmed = `${chronos} ${identity} ${JSON.stringify(data)}`;
    const place = this.#confirmedAt[peer]!++;
    const known = this.#confirmed[place];
    if (known === undefined) this.#confirmed.push(confirmed);
    else if (known !== confirmed) {
      throw new Error(`peer ${peer} has effect ${place} confirmed as ${confirmed}, another as ${known}`);
    }
  }

  /** Once a peer's match has ended. Throws where an effect waits for its end. */
  ended(peer: number): void {
    const [first] = this.#open[peer]!;
    if (first !== undefined)
      throw new Error(`peer ${peer}: effect ${first} is neither confirmed nor cancelled`);
  }
}
