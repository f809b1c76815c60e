import type { Slot } from "../base/brand.js";
import type { TickContent } from "../envelope/content.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import type { MatchIdentity } from "../guard/identity.js";

/** What the session line of a match says about who may send what. */
export interface AdmissionRules {
  readonly eventsPerTick: number;
  readonly bytesPerTick: number;
  /** By slot: whether the roster gives its peer `network:emit`. */
  readonly mayEmit: readonly boolean[];
}

export function admissionRulesOf(identity: MatchIdentity): AdmissionRules {
  const mayEmit: boolean[] = [];
  for (const peer of identity.roster) {
    for (const slot of peer.slots) mayEmit[slot] = peer.rights.includes("network:emit");
  }
  return { ...identity.manifest.limits, mayEmit };
}

/** True where the whole content may enter: the ordinary case, answered without looking at single events. */
export function admitsWhole(rules: AdmissionRules, slot: Slot, content: TickContent): boolean {
  return (
    content.events.length === 0 ||
    (rules.mayEmit[slot] === true &&
      content.events.length <= rules.eventsPerTick &&
      content.byteLength <= rules.bytesPerTick)
  );
}

/**
 * Why event number `id` of a content may not enter, or undefined where it may.
 * Depends on the session line and the content alone, so every peer answers alike.
 */
export function refusalOf(
  rules: AdmissionRules,
  slot: Slot,
  content: TickContent,
  id: number,
): CanonicalRefusal | undefined {
  if (rules.mayEmit[slot] !== true) return "rights";
  if (id >= rules.eventsPerTick) return "quota";
  let bytes = 0;
  for (let i = 0; i <= id; i++) bytes += content.events[i]!.compact.length;
  return bytes > rules.bytesPerTick ? "quota" : undefined;
}
