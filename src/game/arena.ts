import { refuseGame } from "../core/base/errors.js";
import { ARENA_BYTES } from "./limits.js";
import type { TypedArray } from "./state-typed-array.js";

/**
 * Hands out views of one block of memory, zeroed, in which a state of numbers lives: saving it is one copy. `length`
 * counts numbers. In `setup` alone, and 64 MiB together at most: else `EchoNetError` GAME_INVALID.
 */
export interface Arena {
  f64(length: number): Float64Array;
  f32(length: number): Float32Array;
  i32(length: number): Int32Array;
  u32(length: number): Uint32Array;
  i16(length: number): Int16Array;
  u16(length: number): Uint16Array;
  i8(length: number): Int8Array;
  u8(length: number): Uint8Array;
}

/** Notes what `setup` takes from its arena: `ArenaLayout` moves it into one block once all views are known. */
export class ArenaPlan implements Arena {
  readonly #views = new Set<TypedArray>();
  #byteLength = 0;
  #isOpen = true;

  f64(length: number): Float64Array {
    return this.#add(length, Float64Array);
  }

  f32(length: number): Float32Array {
    return this.#add(length, Float32Array);
  }

  i32(length: number): Int32Array {
    return this.#add(length, Int32Array);
  }

  u32(length: number): Uint32Array {
    return this.#add(length, Uint32Array);
  }

  i16(length: number): Int16Array {
    return this.#add(length, Int16Array);
  }

  u16(length: number): Uint16Array {
    return this.#add(length, Uint16Array);
  }

  i8(length: number): Int8Array {
    return this.#add(length, Int8Array);
  }

  u8(length: number): Uint8Array {
    return this.#add(length, Uint8Array);
  }

  #add<View extends TypedArray>(
    length: number,
    type: { readonly BYTES_PER_ELEMENT: number; new (length: number): View },
  ): View {
    if (!this.#isOpen) refuseGame("the arena gives views in setup only");
    const byteLength = length * type.BYTES_PER_ELEMENT;
    if (!Number.isSafeInteger(length) || length < 0 || this.#byteLength + byteLength > ARENA_BYTES) {
      refuseGame(
        `an arena view has a whole number of elements, and all views together at most ${ARENA_BYTES} bytes`,
      );
    }
    this.#byteLength += byteLength;
    const view = new type(length);
    this.#views.add(view);
    return view;
  }

  /** No more views from here on. */
  close(): void {
    this.#isOpen = false;
  }

  /** What was handed out, in order. */
  get views(): ReadonlySet<TypedArray> {
    return this.#views;
  }
}
