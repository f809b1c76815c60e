import { type ChronosTick, chronosTick, type KairosBranchId, type Slot } from "../base/brand.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { invariant } from "../base/invariant.js";
import type { Value } from "../base/value.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { EventContent } from "../envelope/content.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import { DERIVED_BYTES_PER_TICK, DERIVED_EVENTS_PER_TICK } from "./limits.js";

/** A handler or `step` emitted more than a tick may carry. */
export class DerivedQueueFull extends EchoNetError {
  constructor(what: string) {
    super("GAME_INVALID", `one tick emits more than ${what} of derived events: a chain without an end?`);
  }
}

interface PendingEvent {
  readonly content: EventContent;
  /** Number of the entity that emitted it: for a player's, the slot. */
  readonly entity: number;
}

/**
 * Derived events that wait for their tick, in the order of their keys: the entity that emitted them, then which of
 * that entity's they are. Part of the state: saved, hashed and restored with it.
 */
export class PendingQueue {
  readonly #catalog: EventCatalog;
  #events: PendingEvent[] = [];
  #byteLength = 0;
  #inOrder = true;
  readonly #writer = new ByteWriter(64);
  readonly #reader = new ByteReader();

  constructor(catalog: EventCatalog) {
    this.#catalog = catalog;
  }

  clear(): void {
    if (this.#events.length > 0) this.#events = [];
    this.#byteLength = 0;
    this.#inOrder = true;
  }

  /** Throws `PayloadError` for a payload that its declaration does not take, `DerivedQueueFull` past the bounds. */
  add(kind: string, payload: unknown, entity: number, chronos: ChronosTick): void {
    const content = this.#catalog.pack(kind, payload, chronos);
    if (this.#events.length === DERIVED_EVENTS_PER_TICK) {
      throw new DerivedQueueFull(`${DERIVED_EVENTS_PER_TICK}`);
    }
    const byteLength = this.#byteLength + content.compact.length;
    if (byteLength > DERIVED_BYTES_PER_TICK) throw new DerivedQueueFull(`${DERIVED_BYTES_PER_TICK} bytes`);
    this.#byteLength = byteLength;
    this.#inOrder &&= this.#events.length === 0 || this.#events.at(-1)!.entity <= entity;
    this.#events.push({ content, entity });
  }

  /** The waiting events as envelopes of the tick `chronos`; the queue is empty afterwards. */
  take(chronos: ChronosTick, kairos: KairosBranchId): readonly EventEnvelope[] {
    if (this.#events.length === 0) return NONE;
    this.#sort();
    const due = this.#events.map(({ content, entity }, id) => {
      return this.#catalog.derived(content, id, chronos, kairos, entity as Slot);
    });
    this.clear();
    return due;
  }

  /** The queue as the end of a snapshot: a view, valid until the next call. */
  save(): Uint8Array {
    if (this.#events.length === 0) return EMPTY;
    this.#sort();
    const writer = this.#writer;
    writer.reset();
    writer.varint(this.#events.length);
    for (const { content, entity } of this.#events) {
      writer.varint(content.kind);
      writer.varint(entity);
      writer.varint(content.compact.length);
      writer.bytes(content.compact);
    }
    return writer.view();
  }

  /** Replaces the queue by one that `save` gave and that stands at `[start, end)`. */
  restore(bytes: Uint8Array, start: number, end: number): void {
    this.clear();
    const reader = this.#reader;
    reader.open(bytes, start, end);
    for (let rest = reader.varint(); rest > 0; rest--) {
      const kind = reader.varint();
      const entity = reader.varint();
      const compact = reader.bytes(reader.varint()).slice();
      this.#byteLength += compact.length;
      const { repeats } = this.#catalog.kinds[kind]!;
      this.#events.push({ content: { kind, repeats, compact }, entity });
    }
    invariant(!reader.failed, "a saved queue reads back");
  }

  inspect(): Value[] {
    this.#sort();
    return this.#events.map(({ content, entity }) => ({
      kind: this.#catalog.kinds[content.kind]!.name,
      entity,
      payload: this.#catalog.unpack(content, chronosTick(0)) as Value,
    }));
  }

  #sort(): void {
    if (this.#inOrder) return;
    this.#events.sort((a, b) => a.entity - b.entity);
    this.#inOrder = true;
  }
}

const NONE: readonly EventEnvelope[] = [];
/** What `save` gives for nothing. */
const EMPTY: Uint8Array = new Uint8Array(1);

/** The events that wait in a saved state, for diffs and the debugger. The queue stands at `[start, end)`. */
export function inspectPending(
  catalog: EventCatalog,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly Value[] {
  const queue = new PendingQueue(catalog);
  queue.restore(bytes, start, end);
  return queue.inspect();
}
