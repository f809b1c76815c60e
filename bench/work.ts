/** The work that all libraries are given: the same inputs over the same networks. */

/** One direction of a path; latency and jitter are one way, in milliseconds. */
export interface Network {
  readonly name: string;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** 0 to 1. */
  readonly loss: number;
}

export const PERFECT: Network = { name: "perfect", latencyMs: 0, jitterMs: 0, loss: 0 };

/** The last one delays by just under seven ticks, always: every change of input is rolled back over seven. */
export const NETWORKS: readonly Network[] = [
  PERFECT,
  { name: "good", latencyMs: 50, jitterMs: 10, loss: 0 },
  { name: "lossy", latencyMs: 50, jitterMs: 10, loss: 0.1 },
  { name: "mobile", latencyMs: 100, jitterMs: 30, loss: 0.2 },
  { name: "W", latencyMs: 116, jitterMs: 0, loss: 0 },
];

export const TICK_MS: number = 1000 / 60;
/** Ticks that may be speculative. */
export const WINDOW_TICKS = 8;

export interface Work {
  readonly network: Network;
  readonly players: number;
  /** Frames that are measured, after those in which the peers meet and settle. */
  readonly ticks: number;
  readonly seed: number;
}

/** Bytes of input of one player in one tick. */
export const INPUT_BYTES = 8;
/** For so many ticks an input stays the same. */
const INPUT_LASTS_TICKS = 4;

/** What the players press: for each, 8 bytes that look random and change every 4 ticks. */
export class Inputs {
  readonly #bytes: Uint8Array[][];
  readonly #lists: number[][][];

  /** `idle`: one sample, for ever. */
  constructor({ players, seed }: Pick<Work, "players" | "seed">, ticks: number, idle = false) {
    const samples = idle ? 1 : Math.ceil(ticks / INPUT_LASTS_TICKS) + 1;
    this.#bytes = Array.from({ length: players }, (_, player) =>
      Array.from({ length: samples }, (_, sample) => sampleOf(seed, player, sample)),
    );
    this.#lists = this.#bytes.map((samples) => samples.map((bytes) => [...bytes]));
  }

  /** The input of a player in a tick; ticks count from 1. */
  at(player: number, tick: number): Uint8Array {
    const samples = this.#bytes[player]!;
    return samples[Math.floor((tick - 1) / INPUT_LASTS_TICKS) % samples.length]!;
  }

  /** The same as an array of numbers, for libraries that send those. */
  listAt(player: number, tick: number): readonly number[] {
    const samples = this.#lists[player]!;
    return samples[Math.floor((tick - 1) / INPUT_LASTS_TICKS) % samples.length]!;
  }
}

function sampleOf(seed: number, player: number, sample: number): Uint8Array {
  const bytes = new Uint8Array(INPUT_BYTES);
  let state = Math.imul(seed, 0x9e37_79b1) + Math.imul(player, 0x85eb_ca77) + Math.imul(sample, 0xc2b2_ae3d);
  for (let i = 0; i < INPUT_BYTES; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a_2d39);
    bytes[i] = state >>> 24;
    state += 0x6d2b_79f5;
  }
  return bytes;
}
