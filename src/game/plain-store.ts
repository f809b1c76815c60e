import { copyBytes } from "../core/base/bytes.js";
import { SimulationError, type Snapshot } from "../core/session/simulation.js";
import { corruptTree } from "./corrupt.js";
import { CHECKED_SAVES } from "./limits.js";
import { findStateProblem } from "./state-check.js";
import { StateReader } from "./state-reader.js";
import type { StateStore } from "./state-store.js";
import { StateWriter } from "./state-writer.js";

/** A state of plain values: written out to be saved, built anew to be restored. */
export class PlainStore implements StateStore {
  state: unknown;
  readonly #alwaysChecked: boolean;
  readonly #writer = new StateWriter();
  readonly #reader = new StateReader();
  #saves = 0;

  /** `alwaysChecked`: look at every save for what it would lose. */
  constructor(state: unknown, alwaysChecked: boolean) {
    this.state = state;
    this.#alwaysChecked = alwaysChecked;
  }

  save(snapshot: Snapshot, tail: Uint8Array, isGlance = false): void {
    if (
      !isGlance &&
      (this.#alwaysChecked || this.#saves < CHECKED_SAVES || this.#saves % CHECKED_SAVES === 0)
    )
      this.#check();
    this.#saves++;
    const writer = this.#writer;
    writer.reset();
    try {
      writer.write(this.state);
    } catch (error) {
      this.#check();
      throw error;
    }
    writer.bytes(tail);
    copyBytes(writer.buffer, 0, writer.length, snapshot.resize(writer.length), 0);
  }

  #check(): void {
    const found = findStateProblem(this.state);
    if (found !== undefined) throw new SimulationError(`${found.path} ${found.problem}`);
  }

  restore(snapshot: Snapshot): number {
    const { state, tailAt } = this.read(snapshot);
    this.state = state;
    return tailAt;
  }

  read(snapshot: Snapshot): { readonly state: unknown; readonly tailAt: number } {
    const { bytes } = this.#reader;
    bytes.open(snapshot.bytes, 0, snapshot.length);
    const state = this.#reader.read();
    return { state, tailAt: bytes.offset };
  }

  settle(): void {}

  corrupt(): void {
    corruptTree(this.state);
  }
}
