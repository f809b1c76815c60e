/** The work that all libraries are given: the same inputs over the same networks. */

export interface Network {
  readonly name: string;
  /** As `echo-net/testing` spells a network. */
  readonly net: string;
}

/** The last one forces rollbacks of seven ticks, every time. */
export const NETWORKS: readonly Network[] = [
  { name: "perfect", net: "perfect" },
  { name: "good", net: "good" },
  { name: "lossy", net: "lossy" },
  { name: "mobile", net: "mobile" },
  { name: "W", net: "latency=116" },
];

export interface Work {
  readonly network: Network;
  readonly players: number;
  readonly ticks: number;
  readonly seed: number;
  readonly tickHz: number;
  readonly windowTicks: number;
  readonly inputDelayTicks: number;
}

/** Bytes of input of one player in one tick. */
export const INPUT_BYTES = 8;
const INPUT_LASTS_TICKS = 4;

/** A player's input for a tick: 8 bytes that look random and change every 4 ticks. */
export function inputOf({ seed }: Work, slot: number, tick: number): Uint8Array {
  const bytes = new Uint8Array(INPUT_BYTES);
  let state =
    (seed * 0x9e37_79b1 + slot * 0x85eb_ca77 + Math.floor(tick / INPUT_LASTS_TICKS) * 0xc2b2_ae3d) >>> 0;
  for (let i = 0; i < INPUT_BYTES; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) >>> 0;
    state = Math.imul(state ^ (state >>> 12), 0x297a_2d39) >>> 0;
    bytes[i] = state >>> 24;
    state = (state + 0x6d2b_79f5) >>> 0;
  }
  return bytes;
}

/** What one library needed for the work. All figures are per tick and peer, unless they say otherwise. */
export interface Figures {
  /** Of the library and the game alone, without the emulated network. */
  readonly cpuMicroseconds: number;
  readonly bytes: number;
  readonly datagrams: number;
  /** Of every 1,000 ticks. */
  readonly resimulatedPerThousand: number;
  /** Share of updates in which no tick could run, in per cent. */
  readonly stalledPercent: number;
}

export interface Contender {
  readonly name: string;
  /** Undefined where the library cannot do the work at all. */
  measure(work: Work): Promise<Figures | undefined>;
}
