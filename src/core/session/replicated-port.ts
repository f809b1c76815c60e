import { type ChronosTick, chronosTick, type Slot } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import type { EventCatalog } from "../envelope/catalog.js";
import { type EventContent, TickContent } from "../envelope/content.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { MatchStart } from "../guard/lobby.js";
import { MAX_SLOT_TICK_BYTES, MAX_SLOT_TICK_EVENTS } from "../wire/limits.js";
import type { Transport } from "../wire/transport.js";
import type { LinkStats } from "./link.js";
import type { ReplicatorPort } from "./ports.js";
import { type FrameObserver, Replicator } from "./replicator.js";

/** Ticks that others authored, in order, as they become complete. */
interface Arrival {
  readonly slot: Slot;
  readonly tick: number;
}

const IGNORE: FrameObserver = {
  learned: () => {},
  arrived: () => {},
  composing: () => {},
  takesForwards: () => false,
  stranger: () => {},
  datagram: () => {},
};

/**
 * Event replication by itself, for an engine that brings its own session: events go in under a tick, and come out
 * at every other peer exactly once. `pump` moves datagrams; everything else is the seed's port.
 */
export class ReplicatedPort implements ReplicatorPort {
  readonly mode: "p2p" | "client-server";
  readonly #catalog: EventCatalog;
  readonly #start: MatchStart;
  readonly #replicator: Replicator;
  readonly #tickMs: number;
  /** By tick, then by local slot: what was sent and is not sealed yet. */
  readonly #unsealed = new Map<number, Map<Slot, readonly EventContent[]>>();
  #arrivals: Arrival[] = [];
  /** The highest tick that the engine has taken notice of. */
  #seenTick = 0;

  constructor(
    catalog: EventCatalog,
    start: MatchStart,
    transport: Transport,
    mode: "p2p" | "client-server" = "p2p",
  ) {
    this.mode = mode;
    this.#catalog = catalog;
    this.#start = start;
    this.#replicator = new Replicator(catalog, start, transport);
    this.#tickMs = 1000 / start.identity.manifest.tickHz;
  }

  /** Takes in what has arrived and sends what is due. */
  pump(nowMs: number): void {
    const observer: FrameObserver = { ...IGNORE, learned: (peer, tick) => this.#learned(peer, tick) };
    this.#replicator.receive(this.#replicator.own.seal, observer);
    this.#replicator.flush(nowMs, this.#tickMs, this.#replicator.own.seal, observer);
  }

  #learned(peer: number, tick: number): void {
    for (const slot of this.#start.identity.roster[peer]!.slots) this.#arrivals.push({ slot, tick });
  }

  send(evt: EventEnvelope): void {
    const { own } = this.#replicator;
    if (!own.slots.includes(evt.slot) || evt.author !== evt.slot) {
      throw new EchoNetError("INPUT_INVALID", `slot ${evt.author} is not played by this peer`);
    }
    if (evt.chronos <= own.seal) {
      throw new EchoNetError("INPUT_INVALID", `tick ${evt.chronos} is sealed; the next is ${own.seal + 1}`);
    }
    const content = this.#catalog.packEnvelope(evt);
    const before = this.#unsealed.get(evt.chronos)?.get(evt.slot) ?? [];
    if (evt.id !== before.length) {
      throw new EchoNetError(
        "INPUT_INVALID",
        `the next event of that tick has id ${before.length}, not ${evt.id}`,
      );
    }
    const bytes = before.reduce((sum, { compact }) => sum + compact.length, content.compact.length);
    if (before.length === MAX_SLOT_TICK_EVENTS || bytes > MAX_SLOT_TICK_BYTES) {
      throw new EchoNetError(
        "INPUT_INVALID",
        `a slot's tick has at most ${MAX_SLOT_TICK_EVENTS} events and ${MAX_SLOT_TICK_BYTES} bytes of payloads; send the rest in tick ${evt.chronos + 1}`,
      );
    }
    this.seal(chronosTick(evt.chronos - 1));
    const bySlot = this.#unsealed.get(evt.chronos) ?? new Map<Slot, readonly EventContent[]>();
    this.#unsealed.set(evt.chronos, bySlot.set(evt.slot, [...before, content]));
  }

  seal(upTo: ChronosTick): void {
    const { own } = this.#replicator;
    for (let tick = own.seal + 1; tick <= upTo; tick++) {
      if (!this.#replicator.maySeal) {
        throw new EchoNetError("TIMED_OUT", `too much is unacknowledged to seal tick ${tick}`);
      }
      const bySlot = this.#unsealed.get(tick);
      this.#unsealed.delete(tick);
      this.#replicator.author(tick, (index) => TickContent.of(bySlot?.get(own.slots[index]!) ?? []));
    }
  }

  receive(): EventEnvelope[] {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    const { kairos } = this.#start.identity;
    const events = arrivals.flatMap(({ slot, tick }) =>
      this.#replicator
        .contentOf(slot, tick)!
        .events.map((content, id) => this.#catalog.envelope(content, id, chronosTick(tick), kairos, slot)),
    );
    this.#seenTick = Math.max(this.#seenTick, this.syncClock());
    this.#replicator.finalized(this.#seenTick);
    return events;
  }

  syncClock(): ChronosTick {
    return this.#replicator.sealedByAll;
  }

  sealedBy(slot: Slot): ChronosTick {
    return chronosTick(this.#replicator.sealOf(slot));
  }

  links(): readonly LinkStats[] {
    return this.#replicator.linkStats(this.#replicator.own.seal);
  }
}
