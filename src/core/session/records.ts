import type { ChronosTick, Hash } from "../base/brand.js";
import type { RefusedEvent } from "../bridge/order.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";

/** Takes final ticks, one after the other from tick 0. */
export interface FinalTickSink {
  tick(final: {
    readonly chronos: ChronosTick;
    readonly events: readonly EventEnvelope[];
    readonly refusals: readonly RefusedEvent[];
    readonly node: Hash;
    readonly stateHash: Hash | undefined;
  }): void;
  /** The match ends with the tick handed in last, and all peers agreed on that. */
  end(): void;
}

/** Takes what one peer saw and did, and when. */
export interface TraceSink {
  record(type: string, fields: Readonly<Record<string, unknown>>): void;
}
