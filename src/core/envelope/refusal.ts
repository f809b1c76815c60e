/**
 * Why an event may not enter its tick. A canonical refusal is a pure function of the match's identity and of the
 * final events in their order, so every peer finds the same one and journals it.
 *
 * - `paradox` it writes what a weightier event of its tick reads or writes, or reads what that one writes
 * - `late` it arrived after its tick could still change
 * - `rights` its author's token does not allow it
 * - `quota` its author had put enough into this tick already
 * - `malformed` its kind is not declared, or its payload is not what was declared
 * - `equivocation` its author said something else under the same tick and number
 */
export type CanonicalRefusal = "paradox" | "late" | "rights" | "quota" | "malformed" | "equivocation";

/** Every reason, once. */
export const CANONICAL_REFUSALS: readonly CanonicalRefusal[] = [
  "paradox",
  "late",
  "rights",
  "quota",
  "malformed",
  "equivocation",
];
