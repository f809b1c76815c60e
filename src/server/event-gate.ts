import { Budget } from "../transports/budget.js";
import type { ServerEvent, TellEvent } from "./events.js";
import { EVENTS_AT_ONCE, EVENTS_PER_SECOND } from "./limits.js";

/** Those of the server itself, which nobody else can cause. */
const OWN: readonly ServerEvent["event"][] = ["listening", "closing", "closed"];

/** Tells at most so many events a second, whatever others do; how many were left out is told with the next one. */
export function gated(tell: TellEvent): TellEvent {
  const budget = new Budget(EVENTS_PER_SECOND, EVENTS_AT_ONCE, performance.now());
  let suppressed = 0;
  return (event) => {
    if (!budget.spend(1, performance.now()) && !OWN.includes(event.event)) {
      suppressed++;
      return;
    }
    if (suppressed > 0) tell({ event: "suppressed", count: suppressed });
    suppressed = 0;
    tell(event);
  };
}
