import type { EffectTracker } from "./effects.js";
import type { FinalHistory } from "./final-history.js";
import type { LinkStats } from "./link.js";
import type { OutputQueue } from "./output-queue.js";
import type { Replicator } from "./replicator.js";
import type { Sampler } from "./sampler.js";
import type { Speculation } from "./speculation.js";
import type { TickClock } from "./tick-clock.js";

/** What a session has done and holds; counts are totals since its start. */
export interface SessionStats {
  /** The newest simulated tick. */
  readonly tick: number;
  readonly finalTick: number;
  readonly rollbacks: number;
  readonly deepestRollbackTicks: number;
  readonly resimulatedTicks: number;
  readonly stalledTicks: number;
  readonly predictedTicks: number;
  /** Predicted contents that turned out right. */
  readonly adoptedPredictions: number;
  /** Times that a deeper rollback was found while a shallower one was waiting. */
  readonly deepenedRollbacks: number;
  readonly inputDelayTicks: number;
  readonly meanInputDelayTicks: number;
  readonly clockRate: number;
  readonly bytesSent: number;
  readonly datagramsSent: number;
  readonly longestDatagramBytes: number;
  /** Ticks that went again since they were not acknowledged yet, summed over links and the times that they did. */
  readonly repeatedTicks: number;
  /** Ticks too long for a run that were sent as fragments. */
  readonly fragmentedTicks: number;
  /** Fragments that went again. */
  readonly repeatedFragments: number;
  /** Ticks that another peer passed on for a lost one. */
  readonly forwardedTicks: number;
  readonly refusedEvents: number;
  readonly faults: number;
  readonly saves: number;
  readonly stateHashes: number;
  /** What is held now, for comparison with LIMITS. */
  readonly held: {
    readonly timelineNodes: number;
    readonly snapshotBytes: number;
    readonly abandonedBranches: number;
    readonly liveEffects: number;
    readonly unackedTicks: number;
    /** Payloads of those ticks. */
    readonly unackedBytes: number;
    /** One-shot events that wait for a tick, of the local slot that has most of them. */
    readonly waitingEvents: number;
    readonly assemblyBytes: number;
  };
  readonly strangers: number;
  readonly links: readonly LinkStats[];
}

export function statsOf(parts: {
  readonly speculation: Speculation;
  readonly replicator: Replicator;
  readonly history: FinalHistory;
  readonly sampler: Sampler;
  readonly clock: TickClock;
  readonly effects: EffectTracker;
  readonly inputDelayTicks: number;
  readonly outputs: OutputQueue;
}): SessionStats {
  const { speculation, replicator, history, sampler, clock, outputs } = parts;
  const { timeline } = speculation;
  const links = replicator.linkStats(speculation.head);
  return {
    tick: speculation.head,
    finalTick: history.newestTick,
    rollbacks: outputs.rollbacks,
    deepestRollbackTicks: outputs.deepestRollbackTicks,
    resimulatedTicks: speculation.resimulatedTicks,
    stalledTicks: Math.floor(clock.stalledTicks),
    predictedTicks: speculation.predictedTicks,
    adoptedPredictions: speculation.adoptedPredictions,
    deepenedRollbacks: speculation.deepenedRollbacks,
    inputDelayTicks: parts.inputDelayTicks,
    meanInputDelayTicks: sampler.samples === 0 ? 0 : sampler.delaySum / sampler.samples,
    clockRate: clock.rate,
    bytesSent: links.reduce((sum, link) => sum + link.bytesSent, 0),
    datagramsSent: links.reduce((sum, link) => sum + link.datagramsSent, 0),
    longestDatagramBytes: links.reduce((most, link) => Math.max(most, link.longestDatagramBytes), 0),
    repeatedTicks: replicator.links.reduce((sum, link) => sum + link.repeatedTicks, 0),
    fragmentedTicks: replicator.fragmentedTicks,
    repeatedFragments: replicator.repeatedFragments,
    forwardedTicks: replicator.forwardedTicks,
    refusedEvents: outputs.refused,
    faults: outputs.faults,
    saves: speculation.saves,
    stateHashes: history.hashes,
    held: {
      timelineNodes: timeline.length,
      snapshotBytes: timeline.head.body.snapshot.length * timeline.length,
      abandonedBranches: timeline.abandoned.length,
      liveEffects: parts.effects.liveCount,
      unackedTicks: replicator.own.seal - replicator.ackedByAll,
      unackedBytes: replicator.own.bytesAbove(replicator.ackedByAll),
      waitingEvents: sampler.waitingEvents,
      assemblyBytes: replicator.assemblyBytes,
    },
    strangers: replicator.strangers,
    links,
  };
}
