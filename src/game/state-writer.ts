import { ByteWriter } from "../core/base/bytes.js";
import { SHAPE_KEYS, STATE_DEPTH } from "./limits.js";
import { type Shape, ShapeTable, writeText } from "./state-shape.js";
import { Tag } from "./state-tags.js";
import { isTypedArray, type TypedArray, typedArrayNumber, writeTypedArray } from "./state-typed-array.js";

/** A node that no saved state can hold. `checkState` finds its path and says why. */
export class UnsavableState extends Error {
  override readonly name = "UnsavableState";
}

/**
 * Writes a plain tree in one pass: order of properties, Map and Set entries kept; −0, undefined, bigints too;
 * every NaN alike. Equal trees give equal bytes, whatever was written before.
 */
export class StateWriter extends ByteWriter {
  readonly #shapes = new ShapeTable();
  #save = 0;
  /** Shapes introduced in this save, by number. */
  readonly #introduced: Shape[] = [];
  /** The shape of each object in the order of the last save: what this save's objects most likely are. */
  readonly #trail: (Shape | undefined)[] = [];
  #visited = 0;

  /** Appends the tree. Throws `UnsavableState`; what was appended then means nothing. */
  write(root: unknown): void {
    if (this.#shapes.forgetIfMany()) this.#trail.length = 0;
    this.#save++;
    this.#introduced.length = 0;
    this.#visited = 0;
    this.#value(root, 0);
    this.#trail.length = this.#visited;
  }

  #value(value: unknown, depth: number): void {
    if (typeof value === "number") this.#number(value);
    else if (typeof value === "object" && value !== null) this.#container(value, depth);
    else this.#leaf(value);
  }

  #number(value: number): void {
    const at = this.length;
    if (at + 9 > this.buffer.length) this.reserve(9);
    const { buffer } = this;
    const whole = value | 0;
    if (whole !== value || (whole === 0 && 1 / value < 0)) {
      buffer[at] = Tag.double;
      this.length = at + 1;
      // biome-ignore lint/suspicious/noSelfCompare: the fastest test for NaN
      if (value === value) this.f64(value);
      else this.#nan();
    } else if (whole >= Tag.smallestInteger && whole <= Tag.largestInteger) {
      buffer[at] = whole - Tag.smallestInteger;
      this.length = at + 1;
    } else if (whole >= -0x8000 && whole < 0x8000) {
      buffer[at] = Tag.int16;
      buffer[at + 1] = whole;
      buffer[at + 2] = whole >> 8;
      this.length = at + 3;
    } else {
      buffer[at] = Tag.int32;
      buffer[at + 1] = whole;
      buffer[at + 2] = whole >> 8;
      buffer[at + 3] = whole >> 16;
      buffer[at + 4] = whole >> 24;
      this.length = at + 5;
    }
  }

  /** Byte by byte: which bits a NaN has differs between engines. */
  #nan(): void {
    this.u32(0);
    this.u32(0x7ff8_0000);
  }

  #leaf(value: unknown): void {
    if (typeof value === "string") writeText(this, value);
    else if (value === true) this.u8(Tag.true);
    else if (value === false) this.u8(Tag.false);
    else if (value === null) this.u8(Tag.null);
    else if (value === undefined) this.u8(Tag.undefined);
    else if (typeof value === "bigint") this.#bigint(value);
    else throw new UnsavableState();
  }

  #bigint(value: bigint): void {
    this.u8(value < 0n ? Tag.negativeBigint : Tag.bigint);
    const hex = (value < 0n ? -value : value).toString(16);
    writeText(this, hex);
  }

  #container(value: object, depth: number): void {
    if (depth === STATE_DEPTH) throw new UnsavableState();
    if (Array.isArray(value)) this.#array(value, depth + 1);
    // A quick look that every honest object passes; `checkState` looks at the prototype itself now and then.
    else if (value.constructor === Object) this.#object(value, false, depth + 1);
    else this.#special(value, depth + 1);
  }

  #array(value: readonly unknown[], depth: number): void {
    const { length } = value;
    if (length < 32) {
      this.u8(Tag.shortArray + length);
    } else {
      this.u8(Tag.array);
      this.varint(length);
    }
    for (let i = 0; i < length; i++) {
      const item = value[i];
      if (item === undefined && !(i in value)) throw new UnsavableState();
      this.#value(item, depth);
    }
  }

  #object(value: object, bare: boolean, depth: number): void {
    const place = this.#visited++;
    const shape = this.#trail[place];
    if (shape === undefined || shape.bare !== bare) {
      this.#unforeseen(value, bare, place, depth);
      return;
    }
    const start = this.length;
    const introduced = this.#introduced.length;
    this.#header(shape);
    const { keys } = shape;
    let count = 0;
    for (const key in value) {
      if (keys[count] !== key) {
        count = -1;
        break;
      }
      count++;
      this.#value((value as Record<string, unknown>)[key], depth);
    }
    if (count === keys.length) return;
    // Not what stood here last time: take back what was written and look properly.
    this.length = start;
    while (this.#introduced.length > introduced) this.#introduced.pop()!.save = 0;
    this.#visited = place + 1;
    this.#unforeseen(value, bare, place, depth);
  }

  #unforeseen(value: object, bare: boolean, place: number, depth: number): void {
    const keys = Object.keys(value);
    if (keys.length > SHAPE_KEYS) {
      this.#trail[place] = undefined;
      this.#dictionary(value, keys, bare, depth);
      return;
    }
    const shape = this.#shapes.of(keys, bare);
    this.#trail[place] = shape;
    this.#header(shape);
    for (const key of keys) this.#value((value as Record<string, unknown>)[key], depth);
  }

  #dictionary(value: object, keys: readonly string[], bare: boolean, depth: number): void {
    this.u8(Tag.dictionary);
    this.varint(keys.length * 2 + (bare ? 1 : 0));
    for (const key of keys) {
      writeText(this, key);
      this.#value((value as Record<string, unknown>)[key], depth);
    }
  }

  #header(shape: Shape): void {
    if (shape.save !== this.#save) {
      shape.save = this.#save;
      shape.number = this.#introduced.push(shape) - 1;
      this.bytes(shape.definition);
    } else if (shape.number < 32) {
      this.u8(Tag.shortObject + shape.number);
    } else {
      this.u8(Tag.object);
      this.varint(shape.number);
    }
  }

  #special(value: object, depth: number): void {
    const prototype = Object.getPrototypeOf(value);
    // An object may have a property named `constructor` of its own.
    if (prototype === null || prototype === Object.prototype) this.#object(value, prototype === null, depth);
    else if (prototype === Map.prototype) this.#map(value as Map<unknown, unknown>, depth);
    else if (prototype === Set.prototype) this.#set(value as Set<unknown>, depth);
    else if (isTypedArray(value)) this.#typedArray(value);
    else throw new UnsavableState();
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): void {
    this.u8(Tag.map);
    this.varint(value.size);
    for (const [key, item] of value) {
      if (typeof key === "object" && key !== null) throw new UnsavableState();
      this.#value(key, depth);
      this.#value(item, depth);
    }
  }

  #set(value: ReadonlySet<unknown>, depth: number): void {
    this.u8(Tag.set);
    this.varint(value.size);
    for (const item of value) this.#value(item, depth);
  }

  #typedArray(value: TypedArray): void {
    const number = typedArrayNumber(value);
    if (number < 0 || value.byteLength !== value.buffer.byteLength) throw new UnsavableState();
    writeTypedArray(this, number, value);
  }
}
