import type { Slot } from "../base/brand.js";
import type { RosterPeer } from "../guard/identity.js";
import type { Confirmation } from "./confirmation.js";
import { CONFIRM_MS, type End, FAREWELL_MS, type LastTick } from "./ending.js";
import type { FinalHistory } from "./final-history.js";
import type { Replicator } from "./replicator.js";
import type { Silence } from "./silence.js";
import type { Speculation } from "./speculation.js";
import type { Traffic } from "./traffic.js";

export interface MatchEndParts {
  readonly roster: readonly RosterPeer[];
  readonly history: FinalHistory;
  readonly confirmation: Confirmation;
  readonly silence: Silence;
  readonly speculation: Speculation;
  readonly replicator: Replicator;
  readonly traffic: Traffic;
  readonly lastTick: LastTick;
}

/** Decides that a match is over for this peer, why, and how long others may still need it. */
export class MatchEnd {
  readonly #parts: MatchEndParts;
  /** Since when there has been a reason to end. */
  #reachedMs: number | undefined;
  /** The newest final tick while the end waits for others, and since when. */
  #awaitedTick = -1;
  #awaitedMs = 0;

  constructor(parts: MatchEndParts) {
    this.#parts = parts;
  }

  /** How the match ends now; undefined where it goes on. */
  check(nowMs: number): End | undefined {
    const end = this.#reason(nowMs);
    if (end === undefined || end.reason === "equivocation") return end;
    // Ends once the others have confirmed the last tick, or have had time to.
    this.#reachedMs ??= nowMs;
    const known = end.agreed || end.reason !== "left";
    const confirmed = known && this.#parts.confirmation.confirmedTick >= end.tick;
    return confirmed || nowMs - this.#reachedMs >= CONFIRM_MS ? end : undefined;
  }

  #reason(nowMs: number): End | undefined {
    const { history, confirmation, silence, replicator, traffic, lastTick } = this.#parts;
    const finalTick = history.newestTick;
    const { equivocation } = confirmation;
    if (equivocation !== undefined) {
      const { chronos, slot } = equivocation;
      return { reason: "equivocation", tick: chronos - 1, slot, agreed: false };
    }
    if (finalTick === lastTick.tick) return this.#atLastTick();
    if (silence.anyLost) {
      const cut = silence.cut((peer) => replicator.inboxes[peer]!.seal);
      if ((cut === undefined || finalTick < cut) && !this.#overdue(finalTick, nowMs)) return undefined;
      return { reason: "lost", tick: finalTick, slot: traffic.lostSlot(), agreed: false };
    }
    const gone = this.#gonePeer();
    if (gone !== undefined && this.#overdue(finalTick, nowMs)) {
      return { reason: "left", tick: finalTick, slot: this.#firstSlot(gone), agreed: false };
    }
    return this.#isBlocked(finalTick) ? { reason: "game-fault", tick: finalTick, agreed: false } : undefined;
  }

  #atLastTick(): End {
    const { lastTick, traffic } = this.#parts;
    const { tick, leaver } = lastTick;
    if (leaver === undefined) return { reason: "finished", tick, agreed: true };
    return { reason: "left", tick, slot: this.#firstSlot(leaver), agreed: traffic.allEndAt(tick) };
  }

  /** A peer that goes while the match cannot end for all: we ourselves, or one that has ended before its last tick. */
  #gonePeer(): number | undefined {
    const { traffic, replicator, lastTick } = this.#parts;
    return traffic.leaving ? replicator.localPeer : traffic.goneBefore(lastTick.tick);
  }

  /** Whether no tick has become final, since this was first asked, for as long as it takes to be lost. */
  #overdue(finalTick: number, nowMs: number): boolean {
    if (finalTick > this.#awaitedTick) {
      this.#awaitedTick = finalTick;
      this.#awaitedMs = nowMs;
    }
    return nowMs - this.#awaitedMs >= this.#parts.silence.lostMs;
  }

  /** Whether the next tick is known to all and cannot run. */
  #isBlocked(finalTick: number): boolean {
    const { speculation, replicator } = this.#parts;
    const tick = speculation.blockage?.tick;
    return tick === finalTick + 1 && replicator.sealedByAll >= tick && speculation.stillBlocked();
  }

  #firstSlot(peer: number): Slot | undefined {
    return this.#parts.roster[peer]!.slots[0];
  }

  /**
   * Whether nobody needs a session that ended so long ago: it answers those who lack something until they have it
   * or are lost, for as long as that takes at most.
   */
  isOver(sinceEndMs: number): boolean {
    const { traffic, silence } = this.#parts;
    return sinceEndMs >= (traffic.anyoneNeedsUs ? silence.lostMs : FAREWELL_MS);
  }
}
