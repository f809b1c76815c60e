import type { ModuleReader } from "./module-reader.js";
import { OPCODES, type Opcode } from "./opcodes.js";
import type { ModuleRefusal } from "./refusal.js";

/** The block type of a block without parameters and results. */
export const EMPTY_BLOCK = -64;

/** Codes that are known, and refused by the name of the feature that they belong to. */
function featureOf(code: number): { readonly reason: ModuleRefusal; readonly what: string } | undefined {
  if (code === 0x06 || code === 0x07 || code === 0x08 || code === 0x09 || code === 0x0a)
    return { reason: "exception-handling", what: "exception handling" };
  if (code === 0x18 || code === 0x19 || code === 0x1f)
    return { reason: "exception-handling", what: "exception handling" };
  if (code === 0x12 || code === 0x13) return { reason: "tail-calls", what: "a tail call" };
  if (code === 0x14 || code === 0x15 || (code >= 0xd3 && code <= 0xd6))
    return { reason: "garbage-collection", what: "a typed reference" };
  if (code === 0x26) return { reason: "table-mutation", what: "table.set" };
  if (code === 0xfc00c) return { reason: "table-mutation", what: "table.init" };
  if (code === 0xfc00e) return { reason: "table-mutation", what: "table.copy" };
  if (code === 0xfc00f) return { reason: "table-mutation", what: "table.grow" };
  if (code === 0xfc011) return { reason: "table-mutation", what: "table.fill" };
  if (code >= 0xfd100 && code < 0xfe000)
    return { reason: "relaxed-simd", what: "a relaxed SIMD instruction" };
  if (code >= 0xfb000 && code < 0xfc000)
    return { reason: "garbage-collection", what: "an instruction of GC" };
  if (code >= 0xfe000 && code < 0xff000) return { reason: "threads", what: "an atomic instruction" };
  return undefined;
}

/** Steps through code, one instruction at a time. Unknown and refused instructions throw `ModuleRefused`. */
export class InstructionReader {
  readonly reader: ModuleReader;
  opcode!: Opcode;
  /** Where the instruction begins, and where the next one does. */
  start = 0;
  /** First index or label; the block type of a block; the offset of a memory access. */
  index = 0;
  /** Second index, as of the table of `call_indirect`. */
  second = 0;
  /** Labels of a `br_table`, the default last. */
  labels: readonly number[] = [];

  constructor(reader: ModuleReader) {
    this.reader = reader;
  }

  get end(): number {
    return this.reader.at;
  }

  next(): void {
    const { reader } = this;
    this.start = reader.at;
    const byte = reader.u8();
    const code = byte >= 0xfb && byte <= 0xfe ? byte * 0x1000 + this.#behindPrefix() : byte;
    const opcode = OPCODES.get(code);
    if (opcode === undefined) this.#refuse(code);
    this.opcode = opcode;
    this.#immediate(opcode);
  }

  #behindPrefix(): number {
    const number = this.reader.u32();
    return number < 0x1000 ? number : 0xfff;
  }

  #refuse(code: number): never {
    const feature = featureOf(code);
    if (feature !== undefined) this.reader.refuse(feature.reason, feature.what, this.start);
    this.reader.refuse("unsupported", `instruction 0x${code.toString(16)}`, this.start);
  }

  #immediate(opcode: Opcode): void {
    const { reader } = this;
    switch (opcode.immediate) {
      case "none":
        return;
      case "block":
        this.index = reader.s33();
        return;
      case "label":
      case "index":
        this.index = reader.u32();
        return;
      case "indices":
        this.index = reader.u32();
        this.second = reader.u32();
        return;
      case "labels": {
        const labels: number[] = [];
        for (let rest = reader.count(); rest >= 0; rest--) labels.push(reader.u32());
        this.labels = labels;
        return;
      }
      case "types":
        for (let rest = reader.count(); rest > 0; rest--) reader.valueType();
        return;
      case "reference":
        reader.valueType();
        return;
      case "memory":
        this.#memory();
        return;
      case "memory-lane":
        this.#memory();
        reader.u8();
        return;
      case "lane":
        reader.u8();
        return;
      case "i32":
        reader.skipSigned(5);
        return;
      case "i64":
        reader.skipSigned(10);
        return;
      case "bytes-4":
        reader.skip(4);
        return;
      case "bytes-8":
        reader.skip(8);
        return;
      case "bytes-16":
        reader.skip(16);
    }
  }

  #memory(): void {
    const alignment = this.reader.u32();
    if (alignment >= 64) this.reader.refuse("several-memories", "an access that names a memory", this.start);
    this.index = this.reader.u32();
  }
}
