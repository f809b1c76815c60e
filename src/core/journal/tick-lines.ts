import type { Hash } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import type { Value } from "../base/value.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import { spell, spellText } from "./spelling.js";

/** One event as a journal's line holds it. The branch is the session line's. */
export interface EventRecord {
  readonly chronos: number;
  readonly author: number;
  readonly id: number;
  readonly kind: string;
  readonly payload: Value;
}

/** An event and why it may not enter its tick. */
export interface Refused {
  readonly envelope: EventEnvelope;
  readonly reason: CanonicalRefusal;
}

/** The line of an event that entered its tick, or that was refused for the reason given. */
export function eventLine(event: EventRecord, refusal: CanonicalRefusal | undefined): string {
  const what =
    `"chronos":${event.chronos},"author":${event.author},"id":${event.id},"kind":${spellText(event.kind)},` +
    `"payload":${spell(event.payload)}`;
  return refusal === undefined
    ? `{"type":"event",${what}}`
    : `{"type":"refusal",${what},"reason":"${refusal}"}`;
}

/** The lines of a tick's events, entered and refused, in the order of the tick. Both lists come in that order. */
export function eventLines(
  catalog: EventCatalog,
  entered: readonly EventEnvelope[],
  refused: readonly Refused[],
): string[] {
  const lines: string[] = [];
  let next = 0;
  for (const { envelope, reason } of refused) {
    while (next < entered.length && precedes(entered[next]!, envelope)) {
      lines.push(eventLine(recordOf(catalog, entered[next++]!), undefined));
    }
    lines.push(eventLine(recordOf(catalog, envelope), reason));
  }
  while (next < entered.length) lines.push(eventLine(recordOf(catalog, entered[next++]!), undefined));
  return lines;
}

const precedes = (a: EventEnvelope, b: EventEnvelope): boolean =>
  a.author < b.author || (a.author === b.author && a.id < b.id);

/** The payload as it was sent: that of the envelope itself may be another since a handler had it. */
function recordOf(catalog: EventCatalog, event: EventEnvelope): EventRecord {
  const { chronos, author, id, kind } = event;
  invariant(author !== "simulation", "what the simulation emits can be computed again and is not journaled");
  return {
    chronos,
    author,
    id,
    kind,
    payload: catalog.unpack(catalog.packEnvelope(event), chronos) as Value,
  };
}

/** The line that closes a tick, up to the digits of its chain. */
export const tickHead = (chronos: number, node: Hash, stateHash: Hash | undefined): string =>
  `{"type":"tick","chronos":${chronos},"node":"${node}",` +
  `"state":${stateHash === undefined ? "null" : `"${stateHash}"`},"chain":"`;

/** The line that closes a journal, up to the digits of its chain. */
export const endHead = (chronos: number): string => `{"type":"end","chronos":${chronos},"chain":"`;
