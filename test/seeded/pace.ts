import type { TestMatch } from "../../src/testing/match.js";
import type { Incident } from "./incident.js";

/** Longer than any silence before a peer is given up, with what comes before an end. */
const STUCK_MS = 25_000;
const SLICE_MS = 500;

/** Lets the time of a match pass, and throws where nothing becomes final any more although it should. */
export class Pace {
  readonly #match: TestMatch;
  readonly #patienceMs: number;
  #finalTicks = -1;
  #idleMs = 0;

  constructor(match: TestMatch, incidents: readonly Incident[]) {
    this.#match = match;
    const apart = incidents.map((incident) => ("forMs" in incident ? (incident.forMs ?? 0) : 0));
    this.#patienceMs = STUCK_MS + Math.max(0, ...apart);
  }

  /** Whether every peer that plays on has ended, and answers nobody any more. */
  get done(): boolean {
    return this.#match.peers.every((peer) => peer.silent || peer.session.done);
  }

  runFor(ms: number): void {
    for (let left = ms; left > 0; left -= SLICE_MS) this.#run(Math.min(left, SLICE_MS));
  }

  runToEnd(): void {
    while (!this.done) this.#run(SLICE_MS);
  }

  #run(ms: number): void {
    const { peers, tickMs } = this.#match;
    this.#match.runTicks(ms / tickMs);
    const finalTicks = peers.reduce((sum, peer) => sum + peer.finalTick, 0);
    this.#idleMs = finalTicks === this.#finalTicks ? this.#idleMs + ms : 0;
    this.#finalTicks = finalTicks;
    if (this.#idleMs <= this.#patienceMs || this.done) return;
    const ticks = peers.map((peer) => `${peer.finalTick}/${peer.tick}`).join(", ");
    throw new Error(`nothing became final for ${this.#patienceMs / 1000} s: peers are at ${ticks}`);
  }
}
