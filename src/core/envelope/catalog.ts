import type { ChronosTick, KairosBranchId, Slot } from "../base/brand.js";
import { ByteReader, ByteWriter } from "../base/bytes.js";
import { refuseGame } from "../base/errors.js";
import { MAX_REST_BYTES, plainBlake3 } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import type { Value } from "../base/value.js";
import { canonicalText, writeInteger } from "./cbor-write.js";
import type { EventContent } from "./content.js";
import type { EventDeclaration } from "./declare.js";
import { type EnvelopeHead, makeHead } from "./envelope-head.js";
import type { Author, EventEnvelope } from "./event-envelope.js";
import { inside, PayloadError, shown } from "./field-type.js";
import { CompiledKind } from "./kind.js";
import { MAX_KINDS } from "./limits.js";
import { isName, NAME_RULE } from "./names.js";
import { contentOf, PackedEnvelope } from "./packed-envelope.js";

export type { CompiledKind } from "./kind.js";

const PAYLOAD_KEY = canonicalText("payload");

const HASH_BYTES = 32;

/** Slots whose heads of envelopes are kept; a match has no more. */
const CACHED_AUTHORS = 8;
/** Events of an author in a tick whose heads are kept: 256 kinds × 8 × 4 heads of about 250 bytes are 2 MB at most. */
const CACHED_IDS = 4;

/** All event kinds of a game, compiled from their declarations: every payload passes through here on its way. */
export class EventCatalog {
  /** Sorted by name, bytewise; a kind's index is its number on the wire. */
  readonly kinds: readonly CompiledKind[];
  /** What the catalog declares, for the game's fingerprint. */
  readonly description: Value;
  readonly #byName: ReadonlyMap<string, CompiledKind>;
  readonly #writer = new ByteWriter(256);
  readonly #hashWriter = new ByteWriter(256);
  readonly #reader = new ByteReader();
  /** By kind, what was packed last: the content that an equal payload shares. */
  readonly #lastPacked: (EventContent | undefined)[] = [];
  /** The heads of envelopes of one branch, by kind, author and id: of the first events, which nearly all events are. */
  #heads: (EnvelopeHead | undefined)[] = [];
  #kairos = "";

  private constructor(kinds: readonly CompiledKind[]) {
    this.kinds = kinds;
    this.#byName = new Map(kinds.map((kind) => [kind.name, kind]));
    this.description = Object.fromEntries(kinds.map((kind) => [kind.name, kind.description]));
  }

  /** Throws `EchoNetError` `GAME_INVALID` where a declaration breaks a rule. */
  static compile(events: Readonly<Record<string, EventDeclaration>>): EventCatalog {
    const names = Object.keys(events).sort((a, b) => (a < b ? -1 : 1));
    if (names.length > MAX_KINDS) {
      refuseGame(`the game declares ${names.length} events; ${MAX_KINDS} are allowed`);
    }
    for (const name of names) {
      if (!isName(name)) {
        refuseGame(`${shown(name)} cannot name an event: ${NAME_RULE}`);
      }
    }
    return new EventCatalog(names.map((name, index) => new CompiledKind(index, name, events[name]!)));
  }

  kindNamed(name: string): CompiledKind | undefined {
    return this.#byName.get(name);
  }

  /**
   * Checks and packs one request. A payload equal to the kind's last one gives that very content again, so that a
   * repeated sample allocates nothing. Throws `PayloadError`.
   */
  pack(kind: string, payload: unknown, chronos: ChronosTick): EventContent {
    const compiled = this.#byName.get(kind);
    if (compiled === undefined)
      throw new PayloadError("", `${shown(kind)} is no event that this game declares`);
    const writer = this.#writer;
    writer.reset();
    try {
      compiled.record.write(writer, payload, chronos);
    } catch (error) {
      throw inside(kind, error);
    }
    const last = this.#lastPacked[compiled.index];
    if (last !== undefined && holds(writer, last.compact)) return last;
    const content = { kind: compiled.index, repeats: compiled.repeats, compact: writer.finish() };
    this.#lastPacked[compiled.index] = content;
    return content;
  }

  /** Packs the event of any envelope, such as one that a user of `NetworkingPort` made. Throws `PayloadError`. */
  packEnvelope(evt: EventEnvelope): EventContent {
    if (typeof evt !== "object" || evt === null) {
      throw new PayloadError("", `an envelope must be an object, not ${shown(evt)}`);
    }
    const content = contentOf(evt, this);
    if (content !== undefined) return content;
    checkEnvelope(evt);
    return this.pack(evt.kind, evt.payload, evt.chronos);
  }

  /** A payload of its own for each call, so that what a handler does to it reaches nobody else. */
  unpack(content: EventContent, chronos: ChronosTick): unknown {
    this.#reader.open(content.compact);
    return this.#kindOf(content).record.read(this.#reader, chronos);
  }

  /** The event as handlers see it; `slot` is the author where none is given. */
  envelope(
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Slot,
    slot: Slot = author,
  ): EventEnvelope {
    return this.#envelope(content, id, chronos, kairos, author, slot);
  }

  /** An event that the simulation itself authors. */
  derived(
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    slot: Slot,
  ): EventEnvelope {
    return this.#envelope(content, id, chronos, kairos, "simulation", slot);
  }

  #envelope(
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
    slot: Slot,
  ): EventEnvelope {
    const { name } = this.#kindOf(content);
    return new PackedEnvelope(
      this,
      content,
      id,
      name,
      chronos,
      kairos,
      author,
      slot,
      this.unpack(content, chronos),
    );
  }

  /** Appends the canonical bytes of the envelope. */
  writeCanonical(
    writer: ByteWriter,
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
  ): void {
    writer.bytes(this.#headOf(content, id, kairos, author).bytes);
    this.#writeRest(writer, content, chronos);
  }

  #writeRest(writer: ByteWriter, content: EventContent, chronos: ChronosTick): void {
    writeInteger(writer, chronos);
    writer.bytes(PAYLOAD_KEY);
    this.#reader.open(content.compact);
    this.#kindOf(content).record.transcode(this.#reader, writer, chronos);
  }

  #headOf(content: EventContent, id: number, kairos: KairosBranchId, author: Author): EnvelopeHead {
    const kind = this.#kindOf(content);
    if (id >= CACHED_IDS || author === "simulation" || author >= CACHED_AUTHORS) {
      return makeHead(kind, id, kairos, author);
    }
    if (kairos !== this.#kairos) {
      this.#kairos = kairos;
      this.#heads = new Array(this.kinds.length * CACHED_AUTHORS * CACHED_IDS);
    }
    const place = (kind.index * CACHED_AUTHORS + author) * CACHED_IDS + id;
    this.#heads[place] ??= makeHead(kind, id, kairos, author);
    return this.#heads[place];
  }

  /** The envelope's hash as 32 bytes. */
  envelopeHashBytes(
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
  ): Uint8Array {
    const writer = new ByteWriter(HASH_BYTES);
    this.writeEnvelopeHash(writer, content, id, chronos, kairos, author);
    return writer.buffer;
  }

  /** Appends the envelope's hash, 32 bytes. */
  writeEnvelopeHash(
    target: ByteWriter,
    content: EventContent,
    id: number,
    chronos: ChronosTick,
    kairos: KairosBranchId,
    author: Author,
  ): void {
    const head = this.#headOf(content, id, kairos, author);
    const writer = this.#hashWriter;
    writer.reset();
    writer.bytes(head.afterFirst);
    this.#writeRest(writer, content, chronos);
    if (writer.length <= MAX_REST_BYTES) {
      plainBlake3.goOn(target, head.chain, writer);
      return;
    }
    writer.reset();
    writer.bytes(head.bytes);
    this.#writeRest(writer, content, chronos);
    plainBlake3.digest(writer);
    plainBlake3.writeTo(target);
  }

  /** The canonical bytes of any envelope of this game. Throws `PayloadError` where a user's own does not fit. */
  canonicalBytes(evt: EventEnvelope): Uint8Array {
    const writer = new ByteWriter(256);
    this.writeCanonical(writer, this.packEnvelope(evt), evt.id, evt.chronos, evt.kairos, evt.author);
    return writer.finish();
  }

  #kindOf(content: EventContent): CompiledKind {
    const kind = this.kinds[content.kind];
    invariant(kind !== undefined, "a content is of one of the game's kinds");
    return kind;
  }
}

/** Whether the writer holds these bytes and no others. */
function holds({ buffer, length }: ByteWriter, bytes: Uint8Array): boolean {
  if (length !== bytes.length) return false;
  for (let i = 0; i < length; i++) if (buffer[i] !== bytes[i]) return false;
  return true;
}

/** Checks what the types promise of an envelope that came from outside: all but kind and payload, which `pack` checks. */
function checkEnvelope({ id, chronos, kairos, author }: EventEnvelope): void {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(id)) throw new PayloadError("id", `must be a whole number from 0 on, not ${shown(id)}`);
  if (!isCount(chronos)) throw new PayloadError("chronos", `must be a tick from 0 on, not ${shown(chronos)}`);
  if (typeof kairos !== "string" || !/^[0-9a-f]{32}$/.test(kairos)) {
    throw new PayloadError("kairos", `must be 32 lowercase hex digits, not ${shown(kairos)}`);
  }
  if (author !== "simulation" && !isCount(author)) {
    throw new PayloadError("author", `must be a slot or "simulation", not ${shown(author)}`);
  }
}
