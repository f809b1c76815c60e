import { utf8Decode } from "../core/base/text.js";
import { LOG_BYTES } from "../game/limits.js";
import type { WasmImports } from "./engine.js";
import { HANDED_BYTES, VIEW_BYTES } from "./limits.js";
import type { Machine } from "./machine.js";
import { HostRefusal } from "./trap.js";

/** What a module asks of the host. What is refused throws, which ends the call into the module. */
export interface HostCalls {
  declare(text: string): void;
  /** Compact forms are copies. */
  emit(kind: number, compact: Uint8Array): void;
  effect(effect: number, key: string | undefined, compact: Uint8Array): void;
  random(below: number): number;
  randomUnit(): number;
  chronos(): number;
  remember(bytes: Uint8Array): void;
  recall(): Uint8Array;
  view(compact: Uint8Array): void;
  /** What is longer than `LOG_BYTES` comes cut. */
  log(text: string): void;
}

/** What is not allowed in the part of a tick that runs. */
export const notNow = (what: string): never => {
  throw new HostRefusal(`${what} cannot be called here`);
};

/** All calls refused: what a part of a tick allows, it puts in their places. */
export const NO_CALLS: HostCalls = {
  declare: () => notNow("echo.declare"),
  emit: () => notNow("echo.emit"),
  effect: () => notNow("echo.effect"),
  random: () => notNow("echo.random"),
  randomUnit: () => notNow("echo.random_unit"),
  chronos: () => notNow("echo.chronos"),
  remember: () => notNow("echo.remember"),
  recall: () => notNow("echo.recall"),
  view: () => notNow("echo.view"),
  log: () => {},
};

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Who answers a machine's calls: set before each call into it. */
export class HostDesk {
  calls: HostCalls = NO_CALLS;
  machine!: Machine;

  readonly imports: WasmImports = {
    echo: {
      declare: (at: number, length: number) => this.calls.declare(this.#text(at, length)),
      emit: (kind: number, at: number, length: number) =>
        this.calls.emit(kind >>> 0, this.#bytes(at, length)),
      effect: (effect: number, keyAt: number, keyLength: number, at: number, length: number) => {
        const key = keyLength === -1 ? undefined : this.#text(keyAt, keyLength);
        this.calls.effect(effect >>> 0, key, this.#bytes(at, length));
      },
      random: (below: number) => this.calls.random(below === 0 ? 0x1_0000_0000 : below >>> 0) | 0,
      random_unit: () => this.calls.randomUnit(),
      chronos: () => this.calls.chronos() | 0,
      remember: (at: number, length: number) => this.calls.remember(this.#bytes(at, length)),
      recall: (at: number, capacity: number) => this.#recall(at >>> 0, capacity >>> 0),
      view: (at: number, length: number) => this.calls.view(this.#bytes(at, length, VIEW_BYTES)),
      log: (at: number, length: number) => this.calls.log(this.#line(at, length)),
    },
  };

  #bytes(at: number, length: number, most: number = HANDED_BYTES): Uint8Array {
    const [start, count] = this.#range(at, length);
    if (count > most) throw new HostRefusal(`${count} bytes are handed over at once; ${most} are allowed`);
    return this.machine.memory.slice(start, start + count);
  }

  #range(at: number, length: number): readonly [start: number, count: number] {
    const [start, count] = [at >>> 0, length >>> 0];
    // While a module's start function runs there is no machine yet.
    if (this.machine === undefined) return notNow("an import");
    if (!this.machine.holds(start, count, true)) {
      throw new HostRefusal(`${count} bytes at ${start} are not in its memory`);
    }
    return [start, count];
  }

  #line(at: number, length: number): string {
    const [start, count] = this.#range(at, length);
    let kept = Math.min(count, LOG_BYTES);
    // A character that is cut in the middle is left out.
    while (kept < count && kept > 0 && isContinuation(this.machine.memory[start + kept]!)) kept--;
    return this.#text(start, kept);
  }

  #text(at: number, length: number): string {
    const text = utf8Decode(this.#bytes(at, length));
    if (typeof text === "number") throw new HostRefusal(`text at ${at >>> 0} is no UTF-8`);
    return text;
  }

  #recall(at: number, capacity: number): number {
    const bytes = this.calls.recall();
    const count = Math.min(bytes.length, capacity);
    if (!this.machine.holds(at, count, false)) {
      throw new HostRefusal(`${count} bytes at ${at} are not in its memory`);
    }
    this.machine.memory.set(bytes.subarray(0, count), at);
    return bytes.length;
  }
}
