import type { Value } from "../base/value.js";
import type { Trace } from "./trace-reader.js";

/** The states that a trace holds, by their tick: each is of a tick that another peer had computed differently. */
export function statesOf(trace: Trace): ReadonlyMap<number, Value> {
  const states = new Map<number, Value>();
  for (const { type, fields } of trace.records) {
    const { chronos, state } = fields;
    if (type === "state" && typeof chronos === "number" && state !== undefined) states.set(chronos, state);
  }
  return states;
}

/** The states of the first tick for which both peers kept theirs, or undefined where there is none. */
export function desyncStates(
  left: Trace,
  right: Trace,
): { readonly chronos: number; readonly left: Value; readonly right: Value } | undefined {
  const ofLeft = statesOf(left);
  const ofRight = statesOf(right);
  const shared = [...ofLeft.keys()].filter((chronos) => ofRight.has(chronos));
  if (shared.length === 0) return undefined;
  const chronos = shared.reduce((a, b) => Math.min(a, b));
  return { chronos, left: ofLeft.get(chronos)!, right: ofRight.get(chronos)! };
}
