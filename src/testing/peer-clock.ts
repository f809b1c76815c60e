import { domainHash } from "../core/base/hash.js";
import { Xoshiro128 } from "../core/base/prng.js";
import { utf8Encode } from "../core/base/text.js";

/** How a peer's frames and clock differ from the virtual network's time. */
export interface PeerClockOptions {
  /** Mean time between two frames, 0.1 to 60,000 milliseconds. */
  readonly frameMs: number;
  /** Share of a frame, 0 to 1, by which a frame may come early or late. */
  readonly frameJitter: number;
  /** A peer's clock runs up to this share too fast or too slow, less than 1; 0.001 is 3.6 s an hour. */
  readonly clockDrift: number;
}

/** When a peer has its frames, and what its own clock says then. Follows from the seed and the peer's number. */
export class PeerClock {
  readonly #options: PeerClockOptions;
  readonly #random: Xoshiro128;
  readonly #offsetMs: number;
  readonly #rate: number;
  readonly #phaseMs: number;
  #frames = 0;
  nextFrameMs = 0;

  constructor(seed: number, peer: number, options: PeerClockOptions) {
    this.#options = options;
    this.#random = new Xoshiro128(domainHash("testing clock", utf8Encode(JSON.stringify([seed, peer]))!));
    this.#offsetMs = Math.floor(this.#random.unit() * 1_000_000);
    this.#rate = 1 + options.clockDrift * (2 * this.#random.unit() - 1);
    this.#phaseMs = this.#random.unit() * options.frameMs;
    this.#schedule();
  }

  /** What the peer's own clock says at a time of the network. */
  localMs(networkMs: number): number {
    return this.#offsetMs + networkMs * this.#rate;
  }

  /** Moves on to the next frame. */
  advance(): void {
    this.#frames++;
    this.#schedule();
  }

  /** Frames stand on a grid and each is off by itself, so that jitter never adds up. */
  #schedule(): void {
    const { frameMs, frameJitter } = this.#options;
    const off = frameJitter * (this.#random.unit() - 0.5);
    this.nextFrameMs = Math.max(this.nextFrameMs, this.#phaseMs + (this.#frames + off) * frameMs);
  }
}
