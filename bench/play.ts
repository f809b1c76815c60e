import type { Contender } from "./contender.js";
import { stateAfter } from "./game.js";
import { Inputs, TICK_MS, type Work } from "./work.js";

/** Frames on the network that is measured before counting starts: clocks and windows settle. */
const SETTLING_FRAMES = 240;
/** Frames that any library may need to meet, and then some. */
const MEETING_FRAMES = 200;

/** What one library needed for the work, per new tick and peer unless it says otherwise. */
export interface Figures {
  /** Microseconds of processor time, of all threads, the harness's among them. */
  readonly cpuMicroseconds: number;
  readonly bytes: number;
  readonly datagrams: number;
  /** Of every 1,000 new ticks. */
  readonly resimulatedPerThousand: number;
  /** Of every 1,000 new ticks. */
  readonly stalledPerThousand: number;
}

/**
 * Plays one match and measures all but its beginning. Throws where a peer comes to another state than the inputs
 * give.
 */
export async function play(contender: Contender, work: Work): Promise<Figures> {
  const inputs = new Inputs(work, 2 * (MEETING_FRAMES + SETTLING_FRAMES + work.ticks));
  const match = await contender.open(work, inputs);
  const { network } = match;
  const run = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      network.nowMs += TICK_MS;
      for (let peer = 0; peer < work.players; peer++) match.frame(peer);
    }
  };
  network.path = work.network;
  run(SETTLING_FRAMES);

  const before = match.counts();
  const { bytes, datagrams } = network;
  globalThis.gc?.({ type: "minor" });
  const start = process.cpuUsage();
  run(work.ticks);
  // Whoever made garbage pays for it.
  globalThis.gc?.({ type: "minor" });
  const { user, system } = process.cpuUsage(start);

  const after = match.counts();
  const ticks = after.ticks - before.ticks;
  for (let peer = 0; peer < work.players; peer++) {
    const settled = match.settled(peer);
    if (settled === undefined) continue;
    const right = stateAfter(inputs, work.players, settled.tick).join();
    if (settled.tick === 0 || settled.cells.join() !== right) {
      throw new Error(`${contender.name}: peer ${peer} came to a wrong state at tick ${settled.tick}`);
    }
  }
  return {
    cpuMicroseconds: (user + system) / ticks,
    bytes: (network.bytes - bytes) / ticks,
    datagrams: (network.datagrams - datagrams) / ticks,
    resimulatedPerThousand: (1000 * (after.resimulatedTicks - before.resimulatedTicks)) / ticks,
    stalledPerThousand: (1000 * (after.stalledTicks - before.stalledTicks)) / ticks,
  };
}
