import { utf8Decode } from "../core/base/text.js";
import { type ModuleRefusal, ModuleRefused } from "./refusal.js";
import { EXTERNREF, FUNCREF, I32, V128 } from "./value-types.js";

/** Reads a module's bytes within one section; whatever is wrong there throws `ModuleRefused`. */
export class ModuleReader {
  readonly bytes: Uint8Array;
  /** The section's name, for refusals. */
  readonly section: string;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, section: string, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.section = section;
    this.at = at;
    this.end = end;
  }

  refuse(reason: ModuleRefusal, what: string, offset: number = this.at): never {
    throw new ModuleRefused(reason, this.section, offset, what);
  }

  get finished(): boolean {
    return this.at === this.end;
  }

  u8(): number {
    if (this.at >= this.end) this.refuse("malformed", "it breaks off");
    return this.bytes[this.at++]!;
  }

  /** Steps over `count` bytes. */
  skip(count: number): void {
    if (count > this.end - this.at) this.refuse("malformed", "it breaks off");
    this.at += count;
  }

  u32(): number {
    const start = this.at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80 && scale < 2 ** 28) continue;
      if (byte >= 0x80 || value > 0xffff_ffff)
        this.refuse("malformed", "a number has more than 32 bits", start);
      return value;
    }
  }

  /** A signed number of at most 33 bits. */
  s33(): number {
    const start = this.at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80 && scale < 2 ** 28) continue;
      if (byte >= 0x80) this.refuse("malformed", "a number has more than 33 bits", start);
      return (byte & 0x40) === 0 ? value : value - scale * 128;
    }
  }

  /** Steps over a signed number of at most `maxBytes` bytes. */
  skipSigned(maxBytes: number): void {
    const start = this.at;
    while (this.u8() >= 0x80) {
      if (this.at - start >= maxBytes) this.refuse("malformed", "a number is too long", start);
    }
  }

  /** The length of a list whose items take at least a byte each. */
  count(): number {
    const start = this.at;
    const count = this.u32();
    if (count > this.end - this.at)
      this.refuse("malformed", `a list of ${count} items does not fit its section`, start);
    return count;
  }

  name(): string {
    const length = this.u32();
    const start = this.at;
    this.skip(length);
    const text = utf8Decode(this.bytes, start, this.at);
    if (typeof text === "number") this.refuse("malformed", "a name is not UTF-8", text);
    return text;
  }

  valueType(): number {
    const type = this.u8();
    const known = (type >= V128 && type <= I32) || type === FUNCREF || type === EXTERNREF;
    if (!known) {
      this.refuse(
        "garbage-collection",
        `type 0x${type.toString(16)} is neither a number nor funcref or externref`,
        this.at - 1,
      );
    }
    return type;
  }
}
