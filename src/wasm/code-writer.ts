import { ByteWriter } from "../core/base/bytes.js";
import { invariant } from "../core/base/invariant.js";
import { utf8Encode } from "../core/base/text.js";
import { Op } from "./opcodes.js";

/** Writes sections and code. */
export class CodeWriter extends ByteWriter {
  /** Signed LEB128. */
  signed(value: number | bigint): void {
    if (typeof value === "number" && value === (value | 0)) {
      this.#signed32(value);
      return;
    }
    let rest = BigInt(value);
    while (rest < -64n || rest > 63n) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest & 0x7fn));
  }

  #signed32(value: number): void {
    let rest = value;
    while (rest < -64 || rest > 63) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.u8(rest & 0x7f);
  }

  /** An instruction and its index, if it has one. */
  op(opcode: number, index?: number): void {
    this.u8(opcode);
    if (index !== undefined) this.varint(index);
  }

  i32Const(value: number): void {
    this.u8(Op.i32Const);
    this.signed(value | 0);
  }

  i64Const(value: number | bigint): void {
    this.u8(Op.i64Const);
    this.signed(value);
  }

  /** What was written to another writer, with its length in front. */
  sized(content: ByteWriter): void {
    this.varint(content.length);
    this.copy(content.buffer, 0, content.length);
  }

  /** A name: well-formed text. */
  utf8(text: string): void {
    const bytes = utf8Encode(text);
    invariant(bytes !== undefined, "a name that was decoded is well-formed");
    this.varint(bytes.length);
    this.bytes(bytes);
  }
}
