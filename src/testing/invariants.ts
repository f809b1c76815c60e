import type { ChronosTick, Hash, Slot } from "../core/base/brand.js";
import { toHex } from "../core/base/text.js";
import type { RefusedEvent } from "../core/bridge/order.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { EmitRequest, EventEnvelope } from "../core/envelope/event-envelope.js";
import type { Output } from "../core/session/outputs.js";
import { UNCONFIRMED_TICKS } from "../core/session/recorder.js";

/** Something that holds for every match at every tick did not hold. */
export class BrokenInvariant extends Error {
  override readonly name = "BrokenInvariant";
  readonly peer: number;
  readonly chronos: number;

  constructor(peer: number, chronos: number, what: string) {
    super(`peer ${peer}, tick ${chronos}: ${what}`);
    this.peer = peer;
    this.chronos = chronos;
  }
}

/** A final tick as one peer recorded it. */
export interface RecordedTick {
  readonly chronos: ChronosTick;
  readonly events: readonly EventEnvelope[];
  readonly refusals: readonly RefusedEvent[];
  readonly node: Hash;
  readonly stateHash: Hash | undefined;
}

/** The first tick at which two peers differ. */
export interface MatchDifference {
  readonly chronos: number;
  readonly peers: readonly [number, number];
  /** `state`: they computed different states; `history`: already the events or an earlier tick differ. */
  readonly what: "state" | "history";
}

/** Ticks after its stamp by which an event that had to move is sealed: the greatest input delay, and slack. */
const MOVED_TICKS_MAX = 64;

interface FirstSeen {
  peer: number;
  readonly value: Hash | undefined;
  seenBy: number;
}

/** How often each one-shot event of a slot was seen. A key is kind and payload; samples are not counted. */
type EventCounts = Map<string, number>;

interface Authored {
  readonly key: string;
  readonly chronos: number;
}

/**
 * Watches all peers of a match from outside: what each calls final only grows, tick by tick, and is what all others
 * call final; and what a player's input asked for stands in every peer's history exactly once.
 */
export class MatchWatch {
  readonly #catalog: EventCatalog;
  readonly #peerCount: number;
  readonly #finalTick: number[];
  readonly #recordedTick: number[];
  readonly #states = new Map<number, FirstSeen>();
  readonly #nodes = new Map<number, FirstSeen>();
  readonly #authored = new Map<Slot, Authored[]>();
  readonly #refusedLocally = new Map<Slot, number>();
  /** By peer, then slot. */
  readonly #recorded: Map<Slot, EventCounts>[];
  /** The earliest found so far. */
  difference: MatchDifference | undefined;

  constructor(catalog: EventCatalog, peerCount: number) {
    this.#catalog = catalog;
    this.#peerCount = peerCount;
    this.#finalTick = new Array<number>(peerCount).fill(0);
    this.#recordedTick = new Array<number>(peerCount).fill(-1);
    this.#recorded = Array.from({ length: peerCount }, () => new Map());
  }

  /** The newest tick that the peer has called final. */
  finalTick(peer: number): number {
    return this.#finalTick[peer]!;
  }

  /** Takes one output of a peer's session. Throws `BrokenInvariant`. */
  output(peer: number, output: Output): void {
    if (output.type === "refused" && output.reason !== undefined && !("id" in output.envelope)) {
      const { slot } = output.envelope;
      this.#refusedLocally.set(slot, (this.#refusedLocally.get(slot) ?? 0) + 1);
    }
    if (output.type !== "final") return;
    const expected = this.#finalTick[peer]! + 1;
    if (output.chronos !== expected) {
      throw new BrokenInvariant(
        peer,
        output.chronos,
        `final ticks go on with ${expected}, not ${output.chronos}`,
      );
    }
    this.#finalTick[peer] = expected;
    this.#compare(this.#states, peer, expected, output.stateHash, "state");
  }

  /** Takes one tick as the peer would journal it. Throws `BrokenInvariant`. */
  recorded(peer: number, tick: RecordedTick): void {
    const expected = this.#recordedTick[peer]! + 1;
    if (tick.chronos !== expected) {
      throw new BrokenInvariant(peer, tick.chronos, `journaled where ${expected} was next`);
    }
    this.#recordedTick[peer] = expected;
    this.#compare(this.#nodes, peer, expected, tick.node, "history");
    for (const event of tick.events) this.#count(peer, event);
    for (const { envelope } of tick.refusals) this.#count(peer, envelope);
  }

  /** After each update, when its outputs have been taken. Throws `BrokenInvariant`. */
  updated(peer: number): void {
    const recorded = this.#recordedTick[peer]!;
    const final = this.#finalTick[peer]!;
    if (recorded > final) throw new BrokenInvariant(peer, recorded, "journaled before it was final");
    if (recorded < final - UNCONFIRMED_TICKS) {
      throw new BrokenInvariant(peer, final, `final, and tick ${recorded + 1} is not journaled yet`);
    }
  }

  /** Takes what a slot's input asked for. */
  authored(slot: Slot, chronos: ChronosTick, requests: readonly EmitRequest[]): void {
    for (const { kind, payload } of requests) {
      if (this.#catalog.kindNamed(kind)?.repeats !== false) continue;
      const key = this.#keyOf(kind, payload, chronos);
      if (key === undefined) continue;
      const list = this.#authored.get(slot) ?? [];
      list.push({ key, chronos });
      this.#authored.set(slot, list);
    }
  }

  /**
   * What was lost or doubled: every event that a slot's input asked for stands once in the history of every peer
   * that is past it. Undefined where all is well.
   */
  lostOrDoubled(): string | undefined {
    for (const [slot, list] of this.#authored) {
      const all: EventCounts = new Map();
      for (const { key } of list) all.set(key, (all.get(key) ?? 0) + 1);
      for (let peer = 0; peer < this.#peerCount; peer++) {
        const recorded = this.#recorded[peer]!.get(slot) ?? new Map<string, number>();
        const due: EventCounts = new Map();
        for (const { key, chronos } of list) {
          if (chronos <= this.#recordedTick[peer]! - MOVED_TICKS_MAX) due.set(key, (due.get(key) ?? 0) + 1);
        }
        let missing = -(this.#refusedLocally.get(slot) ?? 0);
        for (const [key, count] of all) {
          const seen = recorded.get(key) ?? 0;
          if (seen > count)
            return `peer ${peer} has an event of slot ${slot} ${seen} times, not ${count}: ${key}`;
          missing += Math.max(0, (due.get(key) ?? 0) - seen);
        }
        if (missing > 0) return `peer ${peer} lacks ${missing} events of slot ${slot}`;
      }
    }
    return undefined;
  }

  #count(peer: number, { slot, kind, payload, chronos, author }: EventEnvelope): void {
    if (author === "simulation" || this.#catalog.kindNamed(kind)?.repeats !== false) return;
    const key = this.#keyOf(kind, payload, chronos)!;
    const counts = this.#recorded[peer]!.get(slot) ?? new Map<string, number>();
    counts.set(key, (counts.get(key) ?? 0) + 1);
    this.#recorded[peer]!.set(slot, counts);
  }

  /** Undefined for what the catalog refuses, which is never sent. */
  #keyOf(kind: string, payload: unknown, chronos: ChronosTick): string | undefined {
    try {
      return `${kind} ${toHex(this.#catalog.pack(kind, payload, chronos).compact)}`;
    } catch {
      return undefined;
    }
  }

  #compare(
    seen: Map<number, FirstSeen>,
    peer: number,
    chronos: number,
    value: Hash | undefined,
    what: "state" | "history",
  ): void {
    const first = seen.get(chronos);
    if (first === undefined) {
      seen.set(chronos, { peer, value, seenBy: 1 });
      return;
    }
    first.seenBy++;
    if (first.seenBy === this.#peerCount) seen.delete(chronos);
    if (first.value === value) return;
    const known = this.difference;
    // States are known before histories, and say more.
    if (
      known !== undefined &&
      (known.chronos < chronos || (known.chronos === chronos && known.what === "state"))
    ) {
      return;
    }
    this.difference = { chronos, peers: [first.peer, peer], what };
  }
}
