import type { Hash } from "../base/brand.js";
import type { Value } from "../base/value.js";
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

/** The line of an event that entered its tick, or that was refused for the reason given. */
export function eventLine(event: EventRecord, refusal: CanonicalRefusal | undefined): string {
  const { chronos, author, id, kind, payload } = event;
  const what =
    `"chronos":${chronos},"author":${author},"id":${id},"kind":${spellText(kind)},` +
    `"payload":${spell(payload)}`;
  return refusal === undefined
    ? `{"type":"event",${what}}`
    : `{"type":"refusal",${what},"reason":"${refusal}"}`;
}

/** The line that closes a tick, up to the digits of its chain. */
export const tickHead = (chronos: number, node: Hash, stateHash: Hash | undefined): string =>
  `{"type":"tick","chronos":${chronos},"node":"${node}",` +
  `"state":${stateHash === undefined ? "null" : `"${stateHash}"`},"chain":"`;

/** The line that closes a journal, up to the digits of its chain. */
export const endHead = (chronos: number): string => `{"type":"end","chronos":${chronos},"chain":"`;

/** What stands after the digits of a chain. */
export const CHAIN_TAIL = '"}';
