import { LIVE_EFFECTS } from "../core/session/effects.js";
import { UNCONFIRMED_SNAPSHOT_BYTES } from "../core/session/finalizer.js";
import { INPUT_DELAY_MAX_TICKS } from "../core/session/input-delay.js";
import { WAITING_EVENTS_MAX } from "../core/session/local-input.js";
import { UNCONFIRMED_TICKS } from "../core/session/recorder.js";
import type { SessionStats } from "../core/session/stats.js";
import { ABANDONED_BRANCHES } from "../core/timeline/timeline.js";
import {
  MAX_ASSEMBLY_BYTES,
  MAX_DATAGRAM_BYTES,
  MAX_DUE_BYTES,
  MAX_SLOT_TICK_BYTES,
  MAX_SLOTS,
  MAX_UNACKED_BYTES,
  MAX_UNACKED_TICKS,
  MAX_WINDOW_TICKS,
} from "../core/wire/limits.js";

/** Nodes of a timeline: ticks that wait for confirmation, speculative ones, and the final one between them. */
const TIMELINE_NODES_MAX: number = UNCONFIRMED_TICKS + MAX_WINDOW_TICKS + 1;
/** What one sample adds to less than `MAX_UNACKED_BYTES`: its own tick, and the gap that a raised delay leaves. */
const SAMPLE_BYTES_MAX: number = (INPUT_DELAY_MAX_TICKS + 1) * MAX_SLOTS * MAX_SLOT_TICK_BYTES;

/** What a session holds beyond its bounds, in words; undefined where it keeps them all. */
export function brokenBound(stats: SessionStats, peerCount: number): string | undefined {
  const { held } = stats;
  const snapshotBytes = held.snapshotBytes / held.timelineNodes;
  // Those of speculative ticks come on top.
  const snapshotMax = UNCONFIRMED_SNAPSHOT_BYTES + (MAX_WINDOW_TICKS + 1) * snapshotBytes;
  const assemblyMax = (MAX_ASSEMBLY_BYTES + MAX_DUE_BYTES) * (peerCount - 1);
  return (
    broken("timeline nodes", held.timelineNodes, TIMELINE_NODES_MAX) ??
    broken("abandoned branches", held.abandonedBranches, ABANDONED_BRANCHES) ??
    broken("bytes of snapshots", held.snapshotBytes, snapshotMax) ??
    broken("effects without an end", held.liveEffects, LIVE_EFFECTS) ??
    broken("unacknowledged ticks", held.unackedTicks, MAX_UNACKED_TICKS) ??
    broken("unacknowledged bytes", held.unackedBytes, MAX_UNACKED_BYTES + SAMPLE_BYTES_MAX) ??
    broken("waiting events of a slot", held.waitingEvents, WAITING_EVENTS_MAX) ??
    broken("bytes under assembly", held.assemblyBytes, assemblyMax) ??
    broken("bytes in a datagram", stats.longestDatagramBytes, MAX_DATAGRAM_BYTES)
  );
}

const broken = (what: string, count: number, max: number): string | undefined =>
  count > max ? `${count} ${what}, where ${max} are allowed` : undefined;
