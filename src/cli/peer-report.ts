import type { Session } from "../core/session/session.js";

/** One peer of a match as `--json` tells it. */
export interface PeerReport {
  readonly slot: number;
  /** The newest final tick. */
  readonly tick: number;
  /** Its state hash. */
  readonly finalHash: string | null;
  readonly rollbacks: number;
  /** Ticks of the deepest one. */
  readonly maxRollback: number;
  readonly resimulatedTicks: number;
  readonly stalledTicks: number;
  readonly predictedTicks: number;
  /** In ticks. */
  readonly meanInputDelay: number;
  readonly bytesSent: number;
  readonly packetsSent: number;
  /** Bytes of the longest. */
  readonly maxDatagram: number;
  /** Times that the game's code threw. */
  readonly scriptErrors: number;
  /** Events that did not enter. */
  readonly refused: number;
}

export function peerReport(session: Session): PeerReport {
  const stats = session.stats();
  const { chronos, stateHash } = session.final;
  return {
    slot: session.slot,
    tick: chronos,
    finalHash: stateHash ?? null,
    rollbacks: stats.rollbacks,
    maxRollback: stats.deepestRollbackTicks,
    resimulatedTicks: stats.resimulatedTicks,
    stalledTicks: stats.stalledTicks,
    predictedTicks: stats.predictedTicks,
    meanInputDelay: stats.meanInputDelayTicks,
    bytesSent: stats.bytesSent,
    packetsSent: stats.datagramsSent,
    maxDatagram: stats.longestDatagramBytes,
    scriptErrors: stats.faults,
    refused: stats.refusedEvents,
  };
}
