import type { Contender } from "./contender.js";
import { Inputs, PERFECT, TICK_MS } from "./work.js";

/** Frames until every function is compiled and every reused object made. */
const WARM_UP_FRAMES = 12_000;
/** Frames of one sample: few enough that no collection comes in between. */
const SAMPLE_FRAMES = 40;
const SAMPLES = 101;

/**
 * Bytes that one peer allocates in a tick in which nothing changes, the harness's own among them: the median of
 * several samples, by the size of the heap before and after. `collect` empties the heap of garbage: `globalThis.gc`
 * under `node --expose-gc`.
 */
export async function idleBytesPerTick(
  contender: Contender,
  players: number,
  collect: (() => void) | undefined = globalThis.gc,
): Promise<number> {
  if (collect === undefined) throw new Error("allocations are counted under node --expose-gc");
  const inputs = new Inputs({ players, seed: 1 }, 1, true);
  const match = await contender.open({ network: PERFECT, players, ticks: 0, seed: 1 }, inputs);
  const run = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      match.network.nowMs += TICK_MS;
      for (let peer = 0; peer < players; peer++) match.frame(peer);
    }
  };
  run(WARM_UP_FRAMES);
  const samples: number[] = [];
  while (samples.length < SAMPLES) {
    collect();
    const before = bytesInUse();
    run(SAMPLE_FRAMES);
    const allocated = bytesInUse() - before;
    // A collection in between would have freed more than was allocated.
    if (allocated > 0) samples.push(allocated);
  }
  samples.sort((a, b) => a - b);
  return samples[Math.floor(SAMPLES / 2)]! / (SAMPLE_FRAMES * players);
}

function bytesInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
