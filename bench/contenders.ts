import type { Contender } from "./work.js";

/** Who is measured, in the order of the table. */
export const CONTENDERS: readonly Contender[] = [];
