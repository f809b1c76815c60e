import type { ChronosTick, Hash } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import type { MatchIdentity } from "../guard/identity.js";
import { Chain } from "./chain.js";
import { sessionLine } from "./session-line.js";
import type { LineSink } from "./sink.js";
import { CHAIN_TAIL, type EventRecord, endHead, eventLine, tickHead } from "./tick-lines.js";

/** A tick that can no longer change, as it enters the journal. */
export interface FinalTick {
  readonly chronos: ChronosTick;
  /** What entered, in the order of the tick. */
  readonly events: readonly EventEnvelope[];
  /** What did not, in the order of the tick. */
  readonly refusals: readonly { readonly envelope: EventEnvelope; readonly reason: CanonicalRefusal }[];
  readonly node: Hash;
  /** Undefined where the hash interval asks for none. */
  readonly stateHash: Hash | undefined;
}

/**
 * Writes the canonical journal of a match: the session line at once, then tick after tick from 0 on. Every peer
 * that hands in equal ticks writes equal bytes.
 */
export class JournalWriter {
  readonly #sink: LineSink;
  readonly #chain = new Chain();
  #nextTick = 0;
  #ended = false;

  constructor(sink: LineSink, identity: MatchIdentity, catalog: EventCatalog) {
    this.#sink = sink;
    this.#whole(sessionLine(identity, catalog.description));
  }

  /** The next tick's lines: its events and refusals in the order of the tick, then the tick itself. */
  tick(final: FinalTick): void {
    invariant(
      !this.#ended && final.chronos === this.#nextTick,
      "ticks are journaled one by one, until the end",
    );
    this.#nextTick++;
    const { events, refusals } = final;
    let refused = 0;
    for (const event of events) {
      while (refused < refusals.length && precedes(refusals[refused]!.envelope, event)) {
        this.#refusal(refusals[refused++]!);
      }
      this.#whole(eventLine(recordOf(event), undefined));
    }
    while (refused < refusals.length) this.#refusal(refusals[refused++]!);
    this.#sealed(tickHead(final.chronos, final.node, final.stateHash));
  }

  /** The last line. Only where all peers agreed that the match ends with the tick written last. */
  end(): void {
    invariant(!this.#ended && this.#nextTick > 0, "a journal ends once, after a tick");
    this.#ended = true;
    this.#sealed(endHead(this.#nextTick - 1));
  }

  #refusal(refused: FinalTick["refusals"][number]): void {
    this.#whole(eventLine(recordOf(refused.envelope), refused.reason));
  }

  #whole(line: string): void {
    this.#chain.text(line);
    this.#chain.text("\n");
    this.#sink.line(line);
  }

  #sealed(head: string): void {
    this.#chain.text(head);
    const digits = this.#chain.seal();
    this.#chain.text(`${CHAIN_TAIL}\n`);
    this.#sink.line(`${head}${digits}${CHAIN_TAIL}`);
  }
}

const precedes = (a: EventEnvelope, b: EventEnvelope): boolean =>
  a.author < b.author || (a.author === b.author && a.id < b.id);

function recordOf(event: EventEnvelope): EventRecord {
  invariant(
    event.author !== "simulation",
    "what the simulation emits can be computed again, so it is not journaled",
  );
  return event as EventEnvelope & EventRecord;
}
