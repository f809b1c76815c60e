import type { BenchNetwork } from "./network.js";
import type { Inputs, Work } from "./work.js";

/** What all peers of a match have done so far, added up. */
export interface Counts {
  /** New ticks; those that ran again do not count. */
  readonly ticks: number;
  readonly resimulatedTicks: number;
  /** Frames in which a tick was due and could not run. */
  readonly stalledTicks: number;
}

/** The newest state that no late input can change any more, at one peer. */
export interface Settled {
  readonly tick: number;
  readonly cells: readonly number[];
}

/** A match of one library whose peers have met. */
export interface Match {
  readonly network: BenchNetwork<any>;
  /** One frame of one peer, at the network's present time. */
  frame(peer: number): void;
  counts(): Counts;
  /** Undefined where nothing is computed. */
  settled(peer: number): Settled | undefined;
}

/** A library that is measured. */
export interface Contender {
  readonly name: string;
  readonly maxPlayers: number;
  open(work: Work, inputs: Inputs): Promise<Match>;
}
