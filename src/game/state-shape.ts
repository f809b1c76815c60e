import { ByteWriter, equalBytes } from "../core/base/bytes.js";
import { REMEMBERED_SHAPES } from "./limits.js";
import { Tag } from "./state-tags.js";

/** The keys of an object in their order, and whether it lacks a prototype: written once a snapshot. */
export class Shape {
  readonly keys: readonly string[];
  /** Made by `Object.create(null)`. */
  readonly bare: boolean;
  /** What introduces the shape in a snapshot. */
  readonly definition: Uint8Array;
  /** True where a key cannot be set by assignment. */
  readonly awkward: boolean;
  /** The save in which the shape was introduced last, and its number there. */
  save = 0;
  number = 0;

  constructor(keys: readonly string[], bare: boolean) {
    this.keys = keys;
    this.bare = bare;
    this.awkward = keys.includes("__proto__");
    const writer = new ByteWriter();
    writer.u8(Tag.newShape);
    writer.varint(keys.length * 2 + (bare ? 1 : 0));
    for (const key of keys) writeText(writer, key);
    this.definition = writer.finish();
  }
}

/** Every shape met lately, found by its keys or by the bytes that introduce it. */
export class ShapeTable {
  readonly #byKeys = new Map<string, Shape>();
  /** The shape that had this number in the snapshot read last: nearly always the right one again. */
  readonly #byNumber: Shape[] = [];

  of(keys: readonly string[], bare: boolean): Shape {
    const name = `${bare}${JSON.stringify(keys)}`;
    let shape = this.#byKeys.get(name);
    if (shape === undefined) {
      shape = new Shape(keys, bare);
      this.#byKeys.set(name, shape);
    }
    return shape;
  }

  /** The shape introduced at `offset`, where it is the one that had this number last time. */
  expect(number: number, bytes: Uint8Array, offset: number): Shape | undefined {
    const shape = this.#byNumber[number];
    if (shape === undefined) return undefined;
    const end = offset + shape.definition.length;
    return equalBytes(shape.definition, bytes.subarray(offset, end)) ? shape : undefined;
  }

  learn(number: number, shape: Shape): void {
    this.#byNumber[number] = shape;
  }

  /** Between saves. True where all shapes were forgotten: those met before are then not to be used again. */
  forgetIfMany(): boolean {
    if (this.#byKeys.size <= REMEMBERED_SHAPES) return false;
    this.#byKeys.clear();
    this.#byNumber.length = 0;
    return true;
  }
}

/** Any string, lone surrogates too, in the shorter of two spellings. */
export function writeText(writer: ByteWriter, text: string): void {
  const { length } = text;
  const start = writer.length;
  writer.reserve(length + 9);
  if (length < 32) {
    writer.buffer[writer.length++] = Tag.shortLatin1 + length;
  } else {
    writer.buffer[writer.length++] = Tag.latin1;
    writer.varint(length);
  }
  const { buffer } = writer;
  let at = writer.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      writer.length = start;
      writeWideText(writer, text);
      return;
    }
    buffer[at++] = unit;
  }
  writer.length = at;
}

function writeWideText(writer: ByteWriter, text: string): void {
  writer.u8(Tag.utf16);
  writer.varint(text.length);
  writer.reserve(text.length * 2);
  for (let i = 0; i < text.length; i++) writer.u16(text.charCodeAt(i));
}
