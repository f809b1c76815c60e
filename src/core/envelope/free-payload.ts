import type { ByteReader, ByteWriter } from "../base/bytes.js";
import type { Value } from "../base/value.js";
import { decode } from "./decode.js";
import { EncodeError, encode } from "./encode.js";
import { type Fields, PayloadError, type ValueCodec } from "./field-type.js";
import { MAX_FREE_PAYLOAD_BYTES } from "./limits.js";

/** What packs and unpacks the payloads of one kind. */
export interface PayloadCodec extends ValueCodec {
  /** As it enters the game's fingerprint. */
  readonly description: Value;
}

/** In place of declared fields: any payload that has a canonical form. */
export const ANY_FIELDS: Fields = Object.freeze({});

/**
 * The codec of payloads that nobody declared. Compact form: the length in bytes and the canonical CBOR of a list
 * that holds the payload alone, so that its depth is counted as an envelope's.
 */
export const freePayload: PayloadCodec = {
  description: "any",
  maxBytes: MAX_FREE_PAYLOAD_BYTES + 3,
  write(writer: ByteWriter, value: unknown): void {
    const bytes = encoded(value);
    if (bytes.length > MAX_FREE_PAYLOAD_BYTES) {
      throw new PayloadError("", `takes ${bytes.length} bytes; ${MAX_FREE_PAYLOAD_BYTES} are allowed`);
    }
    writer.varint(bytes.length);
    writer.bytes(bytes);
  },
  skim(reader: ByteReader): void {
    const length = reader.varint();
    if (length > MAX_FREE_PAYLOAD_BYTES) reader.fail();
    const bytes = reader.bytes(length);
    if (reader.failed) return;
    try {
      const list = decode(bytes);
      if (!Array.isArray(list) || list.length !== 1) reader.fail();
    } catch {
      reader.fail();
    }
  },
  read(reader: ByteReader): unknown {
    return (decode(reader.bytes(reader.varint())) as readonly Value[])[0];
  },
  transcode(reader: ByteReader, writer: ByteWriter): void {
    const bytes = reader.bytes(reader.varint());
    // Without the list's own first byte.
    writer.copy(bytes, 1, bytes.length);
  },
};

function encoded(value: unknown): Uint8Array {
  try {
    return encode([value as Value]);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new PayloadError(error.path.replace(/^\[0\]\.?/, ""), error.problem);
  }
}
