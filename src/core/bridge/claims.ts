import type { EventCatalog } from "../envelope/catalog.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";

/** One event that reads or writes keys which others may want in the same tick. */
interface Claim {
  /** Position among the tick's candidates. */
  readonly index: number;
  readonly aionWeight: number;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * Which of a tick's candidates lose to a rival claim, by position; undefined where none does.
 * Of two events where one writes what the other reads or writes, the one with the higher Aion weight enters,
 * then the one that stands first in the order of the tick (the lower slot, then the lower id).
 */
export function losingClaims(
  catalog: EventCatalog,
  candidates: readonly EventEnvelope[],
): ReadonlySet<number> | undefined {
  const claims = claimsOf(catalog, candidates);
  if (claims.length < 2) return undefined;
  claims.sort((a, b) => b.aionWeight - a.aionWeight || a.index - b.index);
  const read = new Set<string>();
  const written = new Set<string>();
  let losers: Set<number> | undefined;
  for (const claim of claims) {
    const loses =
      claim.reads.some((key) => written.has(key)) ||
      claim.writes.some((key) => written.has(key) || read.has(key));
    if (loses) {
      losers ??= new Set();
      losers.add(claim.index);
      continue;
    }
    for (const key of claim.reads) read.add(key);
    for (const key of claim.writes) written.add(key);
  }
  return losers;
}

function claimsOf(catalog: EventCatalog, candidates: readonly EventEnvelope[]): Claim[] {
  const claims: Claim[] = [];
  for (let index = 0; index < candidates.length; index++) {
    const envelope = candidates[index]!;
    const kind = catalog.kindNamed(envelope.kind)!;
    if (kind.reads === undefined && kind.writes === undefined) continue;
    claims.push({
      index,
      aionWeight: kind.aionWeight,
      reads: keysOf(kind.reads, envelope),
      writes: keysOf(kind.writes, envelope),
    });
  }
  return claims;
}

/**
 * A claim function is the game's own code: where it throws or gives no list, the event claims nothing, at every peer
 * alike.
 */
function keysOf(
  claim: ((author: EventEnvelope["slot"], payload: any) => readonly string[]) | undefined,
  envelope: EventEnvelope,
): readonly string[] {
  if (claim === undefined) return [];
  try {
    const keys: unknown = claim(envelope.slot, envelope.payload);
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}
