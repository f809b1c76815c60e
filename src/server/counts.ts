import type { RefusalCode } from "./events.js";

/** Why a datagram was not passed on: over its sender's budget, its receiver backed up, or nobody there. */
export type DropCause = "budget" | "stale" | "nobody";

/** What a server has done since it began. */
export interface SignalingCounts {
  connections: number;
  entered: number;
  relayedDatagrams: number;
  relayedBytes: number;
  readonly dropped: Record<DropCause, number>;
  readonly refused: Map<RefusalCode, number>;
}

export const noCounts = (): SignalingCounts => ({
  connections: 0,
  entered: 0,
  relayedDatagrams: 0,
  relayedBytes: 0,
  dropped: { budget: 0, stale: 0, nobody: 0 },
  refused: new Map(),
});
