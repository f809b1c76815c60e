import { asSlot, type ChronosTick, chronosTick, type Hash } from "../base/brand.js";
import { hashesState } from "../envelope/node-id.js";
import { CANONICAL_REFUSALS } from "../envelope/refusal.js";
import type { Manifest } from "../guard/identity.js";
import { MAX_SLOT_TICK_EVENTS } from "../wire/limits.js";
import type { Fields } from "./fields.js";
import type { JournalEvent, JournalTick } from "./journal.js";
import { LineProblem } from "./line-problem.js";
import { unspell } from "./unspell.js";

/**
 * Puts the lines after the session line together to ticks, and refuses what the order of a journal does not allow.
 * All methods throw a LineProblem.
 */
export class TickReader {
  readonly ticks: JournalTick[] = [];
  complete = false;
  readonly #manifest: Manifest;
  #events: JournalEvent[] = [];

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** Events since the last tick line. */
  get unfinished(): number {
    return this.#events.length;
  }

  event(fields: Fields, line: number, refused: boolean): JournalEvent {
    this.#notEnded();
    const chronos = this.#chronos(fields, this.ticks.length);
    if (chronos === 0) throw new LineProblem("tick 0 has no events");
    const event: JournalEvent = {
      chronos,
      author: asSlot(fields.whole("author", 0, this.#manifest.players - 1)),
      id: fields.whole("id", 0, MAX_SLOT_TICK_EVENTS - 1),
      kind: fields.text("kind"),
      payload: unspell(fields.any("payload") ?? null, 1),
      line,
      refusal: refused ? fields.oneOf("reason", CANONICAL_REFUSALS) : undefined,
    };
    const last = this.#events.at(-1);
    const follows =
      last?.author === event.author
        ? event.id === last.id + 1
        : event.id === 0 && event.author > (last?.author ?? -1);
    if (!follows) throw new LineProblem("its author and id do not follow those of the event before");
    this.#events.push(event);
    return event;
  }

  tick(fields: Fields, line: number): JournalTick {
    this.#notEnded();
    const chronos = this.#chronos(fields, this.ticks.length);
    if (this.#manifest.ticks !== null && chronos > this.#manifest.ticks) {
      throw new LineProblem(`the match has no tick after ${this.#manifest.ticks}`);
    }
    const hashed = hashesState(chronos, this.#manifest.hashEveryTicks);
    const tick: JournalTick = {
      chronos,
      line,
      events: this.#events,
      node: fields.hex("node", 32) as Hash,
      stateHash: hashed ? (fields.hex("state", 32) as Hash) : undefined,
    };
    this.ticks.push(tick);
    this.#events = [];
    return tick;
  }

  /** The chronos of the `end` line: that of the last tick. */
  end(fields: Fields): ChronosTick {
    this.#notEnded();
    if (this.unfinished > 0) throw new LineProblem("the events before it belong to no tick");
    const chronos = this.#chronos(fields, this.ticks.length - 1);
    this.complete = true;
    return chronos;
  }

  #chronos(fields: Fields, due: number): ChronosTick {
    if (fields.any("chronos") !== due || due < 0)
      throw new LineProblem(`"chronos" is not ${Math.max(due, 0)}`);
    return chronosTick(due);
  }

  #notEnded(): void {
    if (this.complete) throw new LineProblem("it stands after the end");
  }
}
