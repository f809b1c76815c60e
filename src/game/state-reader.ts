import { ByteReader } from "../core/base/bytes.js";
import { invariant } from "../core/base/invariant.js";
import { setOwn } from "../core/base/value.js";
import { type Shape, ShapeTable } from "./state-shape.js";
import { Tag } from "./state-tags.js";
import { readTypedArray } from "./state-typed-array.js";

/** Reads what a `StateWriter` of this process or of an equal one wrote; the bytes are trusted. */
export class StateReader {
  /** Where the bytes come from. Opened by whoever owns it. */
  readonly bytes: ByteReader = new ByteReader();
  readonly #known = new ShapeTable();
  readonly #shapes: Shape[] = [];

  /** The next tree, fresh to the last node. */
  read(): unknown {
    this.#known.forgetIfMany();
    this.#shapes.length = 0;
    const value = this.#value();
    invariant(!this.bytes.failed, "a snapshot reads back");
    return value;
  }

  #value(): unknown {
    const { bytes } = this;
    const tag = bytes.u8();
    if (tag < 0x80) return tag + Tag.smallestInteger;
    if (tag >= Tag.shortArray) return this.#array(tag - Tag.shortArray);
    if (tag >= Tag.shortObject) return this.#object(this.#shapes[tag - Tag.shortObject]!);
    if (tag >= Tag.shortLatin1) return this.#latin1(tag - Tag.shortLatin1);
    if (tag >= Tag.typedArray) return readTypedArray(bytes, tag - Tag.typedArray);
    switch (tag) {
      case Tag.double:
        return bytes.f64();
      case Tag.int16:
        return (bytes.u16() << 16) >> 16;
      case Tag.int32:
        return bytes.u32() | 0;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.null:
        return null;
      case Tag.undefined:
        return undefined;
      case Tag.array:
        return this.#array(bytes.varint());
      case Tag.object:
        return this.#object(this.#shapes[bytes.varint()]!);
      case Tag.newShape:
        return this.#object(this.#newShape());
      default:
        return this.#rare(tag);
    }
  }

  #rare(tag: number): unknown {
    const { bytes } = this;
    switch (tag) {
      case Tag.dictionary:
        return this.#dictionary(bytes.varint());
      case Tag.latin1:
        return this.#latin1(bytes.varint());
      case Tag.utf16:
        return this.#utf16(bytes.varint());
      case Tag.bigint:
        return BigInt(`0x${this.#value()}`);
      case Tag.negativeBigint:
        return -BigInt(`0x${this.#value()}`);
      case Tag.map:
        return this.#map(bytes.varint());
      case Tag.set:
        return this.#set(bytes.varint());
      default:
        return invariant(false, `node ${tag} of a snapshot`);
    }
  }

  #array(length: number): unknown[] {
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) array.push(this.#value());
    return array;
  }

  #object(shape: Shape): object {
    const object: Record<string, unknown> = shape.bare ? Object.create(null) : {};
    const { keys } = shape;
    if (shape.awkward) for (const key of keys) setOwn(object, key, this.#value());
    else for (let i = 0; i < keys.length; i++) object[keys[i]!] = this.#value();
    return object;
  }

  #dictionary(header: number): object {
    const object: Record<string, unknown> = header % 2 === 1 ? Object.create(null) : {};
    for (let rest = header >> 1; rest > 0; rest--) setOwn(object, this.#value() as string, this.#value());
    return object;
  }

  /** Its tag was read. */
  #newShape(): Shape {
    const { bytes } = this;
    const number = this.#shapes.length;
    const start = bytes.offset - 1;
    let shape = this.#known.expect(number, bytes.buffer, start);
    if (shape === undefined) {
      const header = bytes.varint();
      const keys = Array.from({ length: header >> 1 }, () => this.#value() as string);
      shape = this.#known.of(keys, header % 2 === 1);
      this.#known.learn(number, shape);
    } else {
      bytes.bytes(shape.definition.length - 1);
    }
    this.#shapes.push(shape);
    return shape;
  }

  #map(size: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let i = 0; i < size; i++) {
      const key = this.#value();
      map.set(key, this.#value());
    }
    return map;
  }

  #set(size: number): Set<unknown> {
    const set = new Set<unknown>();
    for (let i = 0; i < size; i++) set.add(this.#value());
    return set;
  }

  #latin1(length: number): string {
    const { buffer, offset } = this.bytes;
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(buffer[offset + i]!);
    this.bytes.bytes(length);
    return text;
  }

  #utf16(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.bytes.u16());
    return text;
  }
}
