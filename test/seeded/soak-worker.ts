import { drawScenario } from "./draw-scenario.js";
import { MARKS, type MarkCounts } from "./marks.js";
import { playSeed } from "./play-seed.js";
import { titleOf } from "./scenario.js";

/** What a worker says of a seed that it was sent. */
export interface SeedReport {
  readonly seed: number;
  readonly title: string;
  /** What went wrong; absent where nothing did. */
  readonly error?: string;
  readonly marks?: MarkCounts;
  readonly finalTick?: number;
  /** Time on the processor, in milliseconds. */
  readonly cpuMs: number;
}

/** One process of `npm run soak`: plays the seeds that it is sent, one by one, and reports each. */
function play(seed: number): SeedReport {
  const before = process.cpuUsage();
  const title = titleOf(drawScenario(seed));
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const { marks, finalTick } = playSeed(seed);
    return { seed, title, marks, finalTick, cpuMs: cpuMs() };
  } catch (error) {
    return { seed, title, error: (error as Error).message, cpuMs: cpuMs() };
  }
}

// The script that plays many seeds decides what an interruption ends.
process.on("SIGINT", () => {});
process.on("message", (seed: number) => process.send!(play(seed)));
process.send!({ names: MARKS });
