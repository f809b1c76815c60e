import { type ChronosTick, chronosTick } from "../core/base/brand.js";
import { ByteReader, ByteWriter } from "../core/base/bytes.js";
import type { Fields } from "../core/envelope/field-type.js";
import { compileFields, type RecordCodec } from "../core/envelope/record.js";
import { HostRefusal } from "./trap.js";

/** Fields that no event declares, as modules read and write them: in the compact form of payloads. */
export class RecordBytes {
  readonly #owner: string;
  readonly #codec: RecordCodec;
  readonly #writer = new ByteWriter(256);

  constructor(owner: string, fields: Fields) {
    this.#owner = owner;
    this.#codec = compileFields(owner, fields);
  }

  /** Throws `PayloadError` where the value does not fit. The bytes are valid until the next call. */
  write(value: unknown): Uint8Array {
    this.#writer.reset();
    this.#codec.write(this.#writer, value, chronosTick(0));
    return this.#writer.view();
  }

  /** Throws `HostRefusal` where the bytes are not the one spelling of a value. */
  read(compact: Uint8Array, chronos: ChronosTick): Record<string, unknown> {
    return readCompact(this.#codec, this.#owner, compact, chronos) as Record<string, unknown>;
  }
}

/** How values of one kind are spelled. */
interface Spelling {
  skim(reader: ByteReader): void;
  read(reader: ByteReader, chronos: ChronosTick): unknown;
}

/** A value from its compact form. Throws `HostRefusal` where the bytes are not the one spelling of a value. */
export function readCompact(
  spelling: Spelling,
  owner: string,
  compact: Uint8Array,
  chronos: ChronosTick,
): unknown {
  const reader = new ByteReader(compact);
  spelling.skim(reader);
  if (!reader.finished) {
    throw new HostRefusal(`${compact.length} bytes are no ${owner}: they do not fit its declared fields`);
  }
  reader.open(compact);
  return spelling.read(reader, chronos);
}
