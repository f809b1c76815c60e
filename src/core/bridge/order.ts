import { type AdmissionRules, admitsWhole, refusalOf } from "../admit/admission.js";
import { asSlot, type ChronosTick, type KairosBranchId, type Slot } from "../base/brand.js";
import type { ByteWriter } from "../base/bytes.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { TickContent } from "../envelope/content.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { CanonicalRefusal } from "../envelope/refusal.js";
import { losingClaims } from "./claims.js";

export interface RefusedEvent {
  readonly envelope: EventEnvelope;
  readonly reason: CanonicalRefusal;
}

/** One tick's network lane, decided: what enters the simulation, in order, and what does not. */
export interface ArrangedTick {
  readonly entered: readonly EventEnvelope[];
  readonly refused: readonly RefusedEvent[];
}

/** What deciding a tick depends on beside its events. */
export interface TickRules {
  readonly catalog: EventCatalog;
  readonly kairos: KairosBranchId;
  readonly admission: AdmissionRules;
  /** True where any kind of the catalog declares claims. */
  readonly hasClaims: boolean;
}

export function tickRulesOf(
  catalog: EventCatalog,
  kairos: KairosBranchId,
  admission: AdmissionRules,
): TickRules {
  const hasClaims = catalog.kinds.some((kind) => kind.reads !== undefined || kind.writes !== undefined);
  return { catalog, kairos, admission, hasClaims };
}

const NONE_REFUSED: readonly RefusedEvent[] = [];

/**
 * Orders one tick's events, author slot first, then id, and refuses what may not enter.
 * A pure function of the rules and the contents: every peer, and every replay, decides alike.
 *
 * @param contents what each slot authored for the tick, by slot
 */
export function arrangeTick(
  rules: TickRules,
  tick: ChronosTick,
  contents: readonly TickContent[],
): ArrangedTick {
  const entered = new Array<EventEnvelope>(countOf(contents));
  let count = 0;
  let refused: RefusedEvent[] | undefined;
  for (let index = 0; index < contents.length; index++) {
    const slot = asSlot(index);
    const content = contents[index]!;
    const events = content.events;
    const whole = admitsWhole(rules.admission, slot, content);
    for (let id = 0; id < events.length; id++) {
      const envelope = rules.catalog.envelope(events[id]!, id, tick, rules.kairos, slot);
      const reason = whole ? undefined : refusalOf(rules.admission, slot, content, id);
      if (reason === undefined) {
        entered[count++] = envelope;
      } else {
        refused ??= [];
        refused.push({ envelope, reason });
      }
    }
  }
  if (refused !== undefined) entered.length = count;
  if (!rules.hasClaims || entered.length < 2) return { entered, refused: refused ?? NONE_REFUSED };
  return withoutLosers(rules, { entered, refused: refused ?? NONE_REFUSED });
}

function countOf(contents: readonly TickContent[]): number {
  let count = 0;
  for (const content of contents) count += content.events.length;
  return count;
}

function withoutLosers(rules: TickRules, arranged: ArrangedTick): ArrangedTick {
  const losers = losingClaims(rules.catalog, arranged.entered);
  if (losers === undefined) return arranged;
  const refused = [...arranged.refused];
  for (const index of losers) refused.push({ envelope: arranged.entered[index]!, reason: "paradox" });
  refused.sort((a, b) => a.envelope.slot - b.envelope.slot || a.envelope.id - b.envelope.id);
  return { entered: arranged.entered.filter((_, index) => !losers.has(index)), refused };
}

/** The hashes of what one slot authored for a tick, entered or refused, in the order of their ids. */
export function slotEventHashes(
  rules: Pick<TickRules, "catalog" | "kairos">,
  tick: ChronosTick,
  slot: Slot,
  content: TickContent,
): readonly Uint8Array[] {
  const events = content.events;
  if (events.length === 0) return NO_HASHES;
  const hashes: Uint8Array[] = [];
  for (let id = 0; id < events.length; id++) {
    hashes.push(rules.catalog.envelopeHashBytes(events[id]!, id, tick, rules.kairos, slot));
  }
  return hashes;
}

const NO_HASHES: readonly Uint8Array[] = [];

/** Appends the same hashes to a writer, one after the other. */
export function writeSlotEventHashes(
  writer: ByteWriter,
  rules: Pick<TickRules, "catalog" | "kairos">,
  tick: ChronosTick,
  slot: Slot,
  content: TickContent,
): void {
  const { events } = content;
  for (let id = 0; id < events.length; id++) {
    rules.catalog.writeEnvelopeHash(writer, events[id]!, id, tick, rules.kairos, slot);
  }
}

/** The hashes of all events of a tick, entered or refused, in the order of the tick: what its NodeId covers. */
export function eventHashesOf(
  rules: Pick<TickRules, "catalog" | "kairos">,
  tick: ChronosTick,
  contents: readonly TickContent[],
): readonly Uint8Array[] {
  return contents.flatMap((content, slot) => slotEventHashes(rules, tick, asSlot(slot), content));
}
