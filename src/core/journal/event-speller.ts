import { invariant } from "../base/invariant.js";
import type { Value } from "../base/value.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EventContent } from "../envelope/content.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import { MAX_SLOTS } from "../wire/limits.js";
import { eventLine, spellContent } from "./tick-lines.js";

/** An event and why it may not enter its tick. */
export interface Refused {
  readonly envelope: EventEnvelope;
  readonly reason: CanonicalRefusal;
}

/** Spells the events of one game as a journal holds them. */
export class EventSpeller {
  readonly #catalog: EventCatalog;
  /** By kind: whether its payloads read alike in every tick. */
  readonly #timeless: readonly boolean[];
  /** What each author had last under each id, if it was timeless: a repeated sample is spelled once. */
  readonly #last: { content: EventContent; text: string }[] = [];

  constructor(catalog: EventCatalog) {
    this.#catalog = catalog;
    this.#timeless = catalog.kinds.map((kind) => !mentionsTick(kind.description));
  }

  /** The lines of a tick's events, entered and refused, in the order of the tick. Both lists come in that order. */
  lines(entered: readonly EventEnvelope[], refused: readonly Refused[]): string[] {
    const lines: string[] = [];
    let next = 0;
    for (const { envelope, reason } of refused) {
      while (next < entered.length && precedes(entered[next]!, envelope)) {
        lines.push(this.#line(entered[next++]!, undefined));
      }
      lines.push(this.#line(envelope, reason));
    }
    while (next < entered.length) lines.push(this.#line(entered[next++]!, undefined));
    return lines;
  }

  /** Of the content, not of the envelope's payload: that may be another since a handler had it. */
  #line(event: EventEnvelope, refusal: CanonicalRefusal | undefined): string {
    const { chronos, author, id } = event;
    invariant(
      author !== "simulation",
      "what the simulation emits can be computed again and is not journaled",
    );
    const content = this.#catalog.packEnvelope(event);
    const place = id * MAX_SLOTS + author;
    const last = this.#last[place];
    if (last?.content === content) return eventLine(chronos, author, id, last.text, refusal);
    const text = spellContent(event.kind, this.#catalog.unpack(content, chronos) as Value);
    if (this.#timeless[content.kind]) this.#last[place] = { content, text };
    return eventLine(chronos, author, id, text, refusal);
  }
}

const precedes = (a: EventEnvelope, b: EventEnvelope): boolean =>
  a.author < b.author || (a.author === b.author && a.id < b.id);

/** Whether a `t.tick` stands anywhere in a kind's description; a name that happens to read so only costs time. */
function mentionsTick(description: Value): boolean {
  if (typeof description !== "object" || description === null) return description === "tick";
  return Object.values(description).some(mentionsTick);
}
