import type { ChronosTick, Slot } from "../base/brand.js";
import type { TickRules } from "../bridge/order.js";
import type { RosterPeer } from "../guard/identity.js";
import { type Finding, LinkAgreement } from "./agreement.js";
import type { FinalHistory, FinalRecord } from "./final-history.js";
import type { Link } from "./link.js";
import type { Silence } from "./silence.js";

type StateFinding = Extract<Finding, { type: "state" }>;

/** A desync, with the first slot of the other peer. */
interface NewFinding {
  readonly finding: StateFinding;
  readonly slot: Slot;
}

const NOTHING_NEW: readonly NewFinding[] = [];

/** A player who told different peers different things about one tick. */
export interface Equivocation {
  readonly chronos: ChronosTick;
  readonly slot: Slot;
}

/** What all other peers say of our final history, taken together. */
export class Confirmation {
  equivocation: Equivocation | undefined;
  readonly #history: FinalHistory;
  readonly #links: readonly Link[];
  /** By peer; none for the local one. */
  readonly #agreements: (LinkAgreement | undefined)[] = [];
  readonly #silence: Silence;
  readonly #told = new Set<number>();
  readonly #roster: readonly RosterPeer[];

  constructor(
    history: FinalHistory,
    rules: TickRules,
    links: readonly Link[],
    silence: Silence,
    roster: readonly RosterPeer[],
  ) {
    this.#history = history;
    this.#links = links;
    this.#silence = silence;
    this.#roster = roster;
    for (const { peer } of links) this.#agreements[peer] = new LinkAgreement(history, rules);
  }

  with(link: Link): LinkAgreement {
    return this.#agreements[link.peer]!;
  }

  finalized(record: FinalRecord): void {
    for (const link of this.#links) this.with(link).finalized(record);
  }

  /**
   * The highest final tick of which every peer that still counts has said that it had the same. A peer that is
   * known to compute something else from the same events is not waited for.
   */
  get confirmedTick(): number {
    let confirmed = this.#history.newestTick;
    for (const link of this.#links) {
      const agreement = this.with(link);
      if (this.#silence.isLost(link.peer) || agreement.finding?.type === "state") continue;
      confirmed = Math.min(confirmed, agreement.agreedTick);
    }
    return confirmed;
  }

  /** Desyncs found since the last call. Sets `equivocation` where one was. */
  newFindings(): readonly NewFinding[] {
    let fresh: NewFinding[] | undefined;
    for (const link of this.#links) {
      const { finding } = this.with(link);
      if (finding === undefined || this.#told.has(link.peer)) continue;
      this.#told.add(link.peer);
      if (finding.type === "state") {
        fresh ??= [];
        fresh.push({ finding, slot: this.#slotsOf(link.peer)[0]! });
      } else if (this.equivocation === undefined || finding.chronos < this.equivocation.chronos) {
        this.equivocation = { chronos: finding.chronos, slot: this.#culprit(link.peer, finding.slot) };
      }
    }
    return fresh ?? NOTHING_NEW;
  }

  /**
   * Who is named where a peer had other events of a slot: that slot, unless it is our own. About our own events we
   * know better, so that it is the peer who claims otherwise.
   */
  #culprit(peer: number, slot: Slot): Slot {
    const isOurs = !this.#links.some((link) => this.#slotsOf(link.peer).includes(slot));
    return isOurs ? this.#slotsOf(peer)[0]! : slot;
  }

  #slotsOf(peer: number): readonly Slot[] {
    return this.#roster[peer]!.slots;
  }
}
