import { copyBytes } from "../core/base/bytes.js";
import type { Snapshot } from "../core/session/simulation.js";
import type { ArenaLayout } from "./arena-layout.js";
import { corruptTree } from "./corrupt.js";
import type { StateStore } from "./state-store.js";
import { settleNaNs } from "./state-typed-array.js";

/** A state of typed views over one block: saving and restoring is copying it. */
export class ArenaStore implements StateStore {
  readonly state: unknown;
  readonly #layout: ArenaLayout;
  readonly #block: Uint8Array;

  constructor(layout: ArenaLayout) {
    const block = layout.initial();
    this.#layout = layout;
    this.#block = new Uint8Array(block);
    this.state = layout.over(block);
  }

  save(snapshot: Snapshot, tail: Uint8Array): void {
    const { length } = this.#block;
    const bytes = snapshot.resize(length + tail.length);
    copyBytes(this.#block, 0, length, bytes, 0);
    copyBytes(tail, 0, tail.length, bytes, length);
  }

  restore(snapshot: Snapshot): number {
    const { length } = this.#block;
    copyBytes(snapshot.bytes, 0, length, this.#block, 0);
    return length;
  }

  read(snapshot: Snapshot): { readonly state: unknown; readonly tailAt: number } {
    const copy = snapshot.bytes.slice(0, this.#block.length);
    return { state: this.#layout.over(copy.buffer as ArrayBuffer), tailAt: copy.length };
  }

  settle(snapshot: Snapshot): void {
    const { doubles, floats } = this.#layout;
    if (doubles + floats === 0) return;
    const { bytes } = snapshot;
    const { buffer, byteOffset } = bytes;
    if (doubles > 0) settleNaNs(new Float64Array(buffer, byteOffset, doubles), bytes);
    if (floats > 0) {
      const at = byteOffset + doubles * 8;
      settleNaNs(new Float32Array(buffer, at, floats), bytes.subarray(doubles * 8));
    }
  }

  corrupt(): void {
    corruptTree(this.state);
  }
}
