import { BLOCK_BYTES } from "../base/blake3-block.js";
import type { KairosBranchId } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { plainBlake3 } from "../base/hash.js";
import { canonicalText, writeInteger } from "./cbor-write.js";
import type { Author } from "./event-envelope.js";
import type { CompiledKind } from "./kind.js";

/** The envelope's map head with its first key, in canonical order: id, kind, author, kairos, chronos, payload. */
const MAP_AND_ID_KEY = new Uint8Array([0xa6, 0x62, 0x69, 0x64]);
const KAIROS_KEY = canonicalText("kairos");
const CHRONOS_KEY = canonicalText("chronos");
const SIMULATION = canonicalText("simulation");

/** What all envelopes of one kind, id, branch and author begin with: everything before the value of `chronos`. */
export interface EnvelopeHead {
  readonly bytes: Uint8Array;
  /** Where hashing stands after the first block, which a head always fills. */
  readonly chain: Int32Array;
  /** Those of its bytes that stand after that block. */
  readonly afterFirst: Uint8Array;
}

export function makeHead(
  kind: CompiledKind,
  id: number,
  kairos: KairosBranchId,
  author: Author,
): EnvelopeHead {
  const writer = new ByteWriter(128);
  writer.bytes(MAP_AND_ID_KEY);
  writeInteger(writer, id);
  writer.bytes(kind.canonicalPart);
  if (author === "simulation") writer.bytes(SIMULATION);
  else writeInteger(writer, author);
  writer.bytes(KAIROS_KEY);
  writer.bytes(canonicalText(kairos));
  writer.bytes(CHRONOS_KEY);
  const bytes = writer.finish();
  return { bytes, chain: plainBlake3.chainAfterFirst(writer), afterFirst: bytes.slice(BLOCK_BYTES) };
}
