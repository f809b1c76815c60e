import { equalBytes } from "../base/bytes.js";

/** One event without tick, branch, author and number: what a repeated sample shares from tick to tick. */
export interface EventContent {
  /** Index of the kind in the game's catalog. */
  readonly kind: number;
  /** Whether the kind is declared `predict: "repeat"`. */
  readonly repeats: boolean;
  /** The payload in its compact form; a `t.tick` field that holds the event's own tick is only a flag in it. */
  readonly compact: Uint8Array;
}

/** All events of one author in one tick, in the order of their ids. Immutable, shared by ticks that repeat it. */
export class TickContent {
  static readonly empty: TickContent = new TickContent([]);

  readonly events: readonly EventContent[];
  /** What predicts the next tick: the events of `repeat` kinds. This very object where it has no others. */
  readonly repeated: TickContent;
  /** Sum of the compact payloads, in bytes. */
  readonly byteLength: number;

  private constructor(events: readonly EventContent[]) {
    this.events = events;
    let byteLength = 0;
    let allRepeat = true;
    for (const event of events) {
      byteLength += event.compact.length;
      allRepeat &&= event.repeats;
    }
    this.byteLength = byteLength;
    this.repeated = allRepeat ? this : TickContent.of(events.filter((event) => event.repeats));
  }

  static of(events: readonly EventContent[]): TickContent {
    return events.length === 0 ? TickContent.empty : new TickContent(events);
  }

  equals(other: TickContent): boolean {
    if (this === other) return true;
    return this.byteLength === other.byteLength && this.holds(other.events);
  }

  /** Whether these are its events. */
  holds(events: readonly EventContent[]): boolean {
    const count = this.events.length;
    if (count !== events.length) return false;
    for (let i = 0; i < count; i++) {
      const event = this.events[i]!;
      const twin = events[i]!;
      if (event !== twin && (event.kind !== twin.kind || !equalBytes(event.compact, twin.compact)))
        return false;
    }
    return true;
  }
}
