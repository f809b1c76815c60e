/** What has to happen somewhere in a run of many seeds, or else the run has shown nothing of it. */
export const MARKS = [
  "rollback",
  "rollback of full depth",
  "rollback deepened while one waits",
  "adopted prediction",
  "stall",
  "lockstep",
  "fragmented tick",
  "repeated fragment",
  "repeated tick",
  "doubled datagram",
  "reordered datagram",
  "lost datagram",
  "datagram too many for the rate",
  "live delay change",
  "delay followed by itself",
  "partition that healed",
  "nap that ended",
  "interrupted and back",
  "forwarded tick",
  "broken path bridged",
  "one way bridged",
  "lost peer",
  "lost peer's ticks forwarded",
  "two lost peers",
  "slept until given up",
  "parted for good",
  "left peer",
  "two leavers",
  "paradox refused",
  "quota refused",
  "fault dropped",
  "effect moved",
  "effect cancelled",
  "effect confirmed",
  "couch slots",
  "relay",
  "asymmetric paths",
  "drifting clocks",
  "hashes further apart",
  "own predictor",
  "other tick rate",
] as const;

export type Mark = (typeof MARKS)[number];

/** How often each thing happened. */
export type MarkCounts = Record<Mark, number>;

export const noMarks = (): MarkCounts => Object.fromEntries(MARKS.map((mark) => [mark, 0])) as MarkCounts;

/** Marks of a whole run: totals, and in how many seeds. */
export class MarkTally {
  readonly totals: MarkCounts = noMarks();
  readonly seeds: MarkCounts = noMarks();

  add(counts: MarkCounts): void {
    for (const mark of MARKS) {
      this.totals[mark] += counts[mark];
      if (counts[mark] > 0) this.seeds[mark]++;
    }
  }

  /** What never happened. */
  get missing(): readonly Mark[] {
    return MARKS.filter((mark) => this.totals[mark] === 0);
  }
}
