import type { ModuleReader } from "./module-reader.js";
import { OPCODES, type Opcode } from "./opcodes.js";
import type { ModuleRefusal } from "./refusal.js";

/** The block type of a block without parameters and results. */
export const EMPTY_BLOCK = -64;

/** First and last of the codes that are known and refused, with the feature that they belong to. */
const REFUSED: readonly (readonly [first: number, last: number, reason: ModuleRefusal, what: string])[] = [
  [0x06, 0x0a, "exception-handling", "exception handling"],
  [0x12, 0x13, "tail-calls", "a tail call"],
  [0x14, 0x15, "garbage-collection", "a typed reference"],
  [0x18, 0x19, "exception-handling", "exception handling"],
  [0x1f, 0x1f, "exception-handling", "exception handling"],
  [0x26, 0x26, "table-mutation", "table.set"],
  [0xd3, 0xd6, "garbage-collection", "a typed reference"],
  [0xfb000, 0xfbfff, "garbage-collection", "an instruction of GC"],
  [0xfc00c, 0xfc00c, "table-mutation", "table.init"],
  [0xfc00e, 0xfc00e, "table-mutation", "table.copy"],
  [0xfc00f, 0xfc00f, "table-mutation", "table.grow"],
  [0xfc011, 0xfc011, "table-mutation", "table.fill"],
  [0xfd100, 0xfdfff, "relaxed-simd", "a relaxed SIMD instruction"],
  [0xfe000, 0xfefff, "threads", "an atomic instruction"],
];

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
    const [, , reason, what] = REFUSED.find(([first, last]) => code >= first && code <= last) ?? [];
    this.reader.refuse(reason ?? "unsupported", what ?? `instruction 0x${code.toString(16)}`, this.start);
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
