import type { SessionStats } from "../core/session/stats.js";
import { ABANDONED_BRANCHES } from "../core/timeline/timeline.js";
import {
  MAX_ASSEMBLY_BYTES,
  MAX_DATAGRAM_BYTES,
  MAX_DUE_BYTES,
  MAX_UNACKED_TICKS,
} from "../core/wire/limits.js";

/** Nodes of a timeline: ticks that wait for confirmation, speculative ones, and slack. */
const TIMELINE_NODES_MAX = 256;

/** What a session holds beyond its bounds, in words; undefined where it keeps them all. */
export function brokenBound(stats: SessionStats, peerCount: number): string | undefined {
  const { held } = stats;
  const assemblyMax = (MAX_ASSEMBLY_BYTES + MAX_DUE_BYTES) * (peerCount - 1);
  return (
    broken("timeline nodes", held.timelineNodes, TIMELINE_NODES_MAX) ??
    broken("abandoned branches", held.abandonedBranches, ABANDONED_BRANCHES) ??
    broken("unacknowledged ticks", held.unackedTicks, MAX_UNACKED_TICKS) ??
    broken("bytes under assembly", held.assemblyBytes, assemblyMax) ??
    broken("bytes in a datagram", stats.longestDatagramBytes, MAX_DATAGRAM_BYTES)
  );
}

const broken = (what: string, count: number, max: number): string | undefined =>
  count > max ? `${count} ${what}, where ${max} are allowed` : undefined;
