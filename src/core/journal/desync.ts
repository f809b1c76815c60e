import type { Value } from "../base/value.js";
import type { Trace } from "./trace-reader.js";

/** What a peer's trace says of a tick whose state differed from another peer's. */
export interface DesyncRecord {
  readonly chronos: number;
  /** The whole state as this peer had it. */
  readonly state: Value;
}

/** The desyncs of a trace whose state was kept, in the order in which they were found. */
export function desyncsOf(trace: Trace): readonly DesyncRecord[] {
  const found: DesyncRecord[] = [];
  for (const { type, fields } of trace.records) {
    const { chronos, state } = fields;
    if (type === "desync" && typeof chronos === "number" && state !== undefined)
      found.push({ chronos, state });
  }
  return found;
}

/** The states of the first tick for which both peers kept theirs, or undefined where there is none. */
export function desyncStates(
  left: Trace,
  right: Trace,
): { readonly chronos: number; readonly left: Value; readonly right: Value } | undefined {
  const ofRight = new Map(desyncsOf(right).map((desync) => [desync.chronos, desync.state]));
  const shared = desyncsOf(left).filter((desync) => ofRight.has(desync.chronos));
  shared.sort((a, b) => a.chronos - b.chronos);
  const first = shared[0];
  return first && { chronos: first.chronos, left: first.state, right: ofRight.get(first.chronos)! };
}
