import { PAGE_BYTES } from "../wasm/limits.js";
import { DEPTH_BYTES, MEMORY_CAP_PAGES } from "./limits.js";

const MIB = 1_048_576;
const MEMORY_BYTES = MEMORY_CAP_PAGES * PAGE_BYTES;

export const OUT_OF_MEMORY: string = `not enough memory: Lua has ${MEMORY_BYTES / MIB} MiB`;
export const TOO_DEEP: string = `its calls are nested too deep for the ${DEPTH_BYTES / 1024} KiB of stack that there are`;
/** Calls in one another from which on a script that ran out of fuel is told of them. */
export const DEEP_CALLS = 1_000;
/** The part of all memory from which on it is told of that. */
const MUCH_MEMORY = 0.75;

/** What is known of a call that ran out of fuel; equal at every peer. */
export interface DryCall {
  /** The fuel that it and all before it had together. */
  readonly budget: number;
  /** What of it was gone when the call began: more than there was, where calls of the host took it. */
  readonly before: number;
  /** How many of the tick's delays and `on_tick` the call ran, itself included; 0 where it is another callback. */
  readonly jobs: number;
  readonly isDeep: boolean;
  readonly usedBytes: number;
}

/** Of what one callback used up, unless others had most of it. */
const ENDLESS =
  "; most likely a loop in it never ends: see that its condition turns false, and where it does, spread the work over several ticks";
const TOO_MUCH_TOGETHER =
  "; either a loop in the last never ends, or all is too much for one tick: spread the work over several ticks";
/** Where the collector ran out of fuel by itself, and not in what a script has it call. */
export const TOO_MUCH_KEPT =
  "what the scripts keep has become too much to be looked through in a tick: most likely a table grows from tick to tick, so take out of it what is no longer needed";

/** Who used up the fuel, and what else that may have come from. */
export function dryWords({ budget, before: gone, jobs, isDeep, usedBytes }: DryCall): string {
  const before = Math.min(gone, budget);
  const rest = budget - before;
  const who =
    jobs > 1
      ? `${grouped(rest)} by ${grouped(jobs)} delays and on_tick together, of which this was the last, ${grouped(before)} before them`
      : `${grouped(rest)} by this callback, ${grouped(before)} before it`;
  const deep = isDeep ? `; its calls stand more than ${grouped(DEEP_CALLS)} deep in one another` : "";
  const isMuch = usedBytes >= MEMORY_BYTES * MUCH_MEMORY;
  const mebibytes = Math.floor(usedBytes / MIB);
  const much = isMuch ? `; Lua's memory has grown to ${mebibytes} of its ${MEMORY_BYTES / MIB} MiB` : "";
  const most = isDeep || isMuch || 2 * rest < budget ? "" : jobs > 1 ? TOO_MUCH_TOGETHER : ENDLESS;
  return `${grouped(budget)} units of fuel are used up: ${who}${deep}${much}${most}`;
}

/** `8,000,000`. */
const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
