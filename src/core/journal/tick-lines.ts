import type { Hash } from "../base/brand.js";
import type { Value } from "../base/value.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import { spell, spellText } from "./spelling.js";

/**
 * The line of an event that entered its tick, or that was refused for the reason given.
 *
 * @param content its kind and payload, as `spellContent` spells them
 */
export function eventLine(
  chronos: number,
  author: number,
  id: number,
  content: string,
  refusal: CanonicalRefusal | undefined,
): string {
  return refusal === undefined
    ? `{"type":"event","chronos":${chronos},"author":${author},"id":${id},${content}}`
    : `{"type":"refusal","chronos":${chronos},"author":${author},"id":${id},${content},"reason":"${refusal}"}`;
}

export const spellContent = (kind: string, payload: Value): string =>
  `"kind":${spellText(kind)},"payload":${spell(payload)}`;

/** The line that closes a tick, up to the digits of its chain. */
export const tickHead = (chronos: number, node: Hash, stateHash: Hash | undefined): string =>
  `{"type":"tick","chronos":${chronos},"node":"${node}",` +
  `"state":${stateHash === undefined ? "null" : `"${stateHash}"`},"chain":"`;

/** The line that closes a journal, up to the digits of its chain. */
export const endHead = (chronos: number): string => `{"type":"end","chronos":${chronos},"chain":"`;
