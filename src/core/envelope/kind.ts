import type { Slot } from "../base/brand.js";
import { type ByteReader, concatBytes } from "../base/bytes.js";
import type { Value } from "../base/value.js";
import { canonicalText } from "./cbor-write.js";
import type { EventDeclaration } from "./declare.js";
import { ANY_FIELDS, freePayload, type PayloadCodec } from "./free-payload.js";
import { RecordCodec } from "./record.js";

/** One event kind, compiled from its declaration. */
export class CompiledKind {
  /** Its number on the wire and in `EventContent`. */
  readonly index: number;
  readonly name: string;
  /** Whether it is a sample, predicted to repeat. */
  readonly repeats: boolean;
  /** Which of two rival claims enters: the heavier kind's. */
  readonly aionWeight: number;
  readonly reads: ((author: Slot, payload: unknown) => readonly string[]) | undefined;
  readonly writes: ((author: Slot, payload: unknown) => readonly string[]) | undefined;
  readonly description: Value;
  readonly record: PayloadCodec;
  /** The constant bytes of the envelope between id and author: the kind's key and name, the author's key. */
  readonly canonicalPart: Uint8Array;

  constructor(index: number, name: string, declaration: EventDeclaration) {
    this.index = index;
    this.name = name;
    this.repeats = declaration.predict === "repeat";
    this.aionWeight = declaration.aionWeight;
    this.reads = declaration.reads;
    this.writes = declaration.writes;
    const { fields } = declaration;
    this.record = fields === ANY_FIELDS ? freePayload : new RecordCodec(`event ${name}`, fields);
    this.description = {
      fields: this.record.description,
      predict: declaration.predict,
      aionWeight: declaration.aionWeight,
      claims: [declaration.reads !== undefined, declaration.writes !== undefined],
    };
    this.canonicalPart = concatBytes(canonicalText("kind"), canonicalText(name), canonicalText("author"));
  }

  /**
   * Steps over one compact payload and checks it wholly against the declaration; `reader.failed` is set where it is
   * not the one spelling of a payload.
   */
  skim(reader: ByteReader): void {
    this.record.skim(reader);
  }
}
