import { EchoNetError } from "../core/base/errors.js";
import { invariant } from "../core/base/invariant.js";
import {
  instantiate,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmImports,
  type WasmMemory,
  type WasmModule,
} from "./engine.js";
import { PAGE_BYTES } from "./limits.js";
import type { PrepareReport } from "./prepare.js";
import { HostRefusal, isEngineTrap, ModuleTrap } from "./trap.js";

/** A prepared and compiled module, of which any number of machines can be made. */
export interface CompiledModule {
  readonly module: WasmModule;
  readonly report: PrepareReport;
}

/** A saved state begins with how many pages its memory has. */
export const PAGE_COUNT_BYTES = 4;

/**
 * An instance of a prepared module with all of its state: memory up to its present size, mutable globals. What lies
 * above that size is zero between calls, so that nothing of an abandoned future stays there.
 */
export class Machine {
  readonly exports: Readonly<Record<string, WasmExport>>;
  /** The whole memory; what counts of it ends at `top`. */
  readonly memory: Uint8Array;
  readonly #report: PrepareReport;
  readonly #fuel: WasmGlobal<bigint>;
  readonly #depth: WasmGlobal<number>;
  readonly #top: WasmGlobal<bigint>;
  readonly #saveGlobals: WasmFunction;
  readonly #loadGlobals: WasmFunction;
  #budget = 0;

  /** Throws `EchoNetError` `GAME_INVALID` where the module's start function does not come to its end. */
  constructor({ module, report }: CompiledModule, imports: WasmImports) {
    this.#report = report;
    try {
      this.exports = instantiate(module, imports);
    } catch (cause) {
      throw new EchoNetError("GAME_INVALID", "the module's start function does not come to its end", {
        cause,
      });
    }
    this.memory = new Uint8Array((this.exports["echo:memory"] as WasmMemory).buffer);
    this.#fuel = this.exports["echo:fuel"] as WasmGlobal<bigint>;
    this.#depth = this.exports["echo:depth"] as WasmGlobal<number>;
    this.#top = this.exports["echo:top"] as WasmGlobal<bigint>;
    this.#saveGlobals = this.exports["echo:save"] as WasmFunction;
    this.#loadGlobals = this.exports["echo:load"] as WasmFunction;
  }

  /** Bytes of memory that the module has: a multiple of a page. */
  get top(): number {
    return Number(this.#top.value);
  }

  /** Where the page for what is handed in begins. */
  get ioStart(): number {
    return this.#report.ioStart;
  }

  /** What is left of the fuel of the last call; 0 where it ran out. */
  get fuelLeft(): number {
    return Math.max(0, Number(this.#fuel.value));
  }

  /** Calls an export. Throws `ModuleTrap`; the state is then half changed. */
  call(name: string, fuel: number, ...values: readonly number[]): unknown {
    return this.run(name, fuel, () => (this.exports[name] as WasmFunction)(...values));
  }

  /** Runs code that calls exports itself, within this fuel for all of it; `name` is what a trap says. Throws `ModuleTrap`. */
  run<Result>(name: string, fuel: number, code: () => Result): Result {
    this.#budget = fuel;
    this.#fuel.value = BigInt(fuel);
    this.#depth.value = 0;
    try {
      const result = code();
      // The code may have caught what ended a call of its own.
      if (this.#fuel.value >= 0n) return result;
    } catch (cause) {
      throw this.#trapOf(name, cause);
    }
    throw this.#trapOf(name, undefined);
  }

  #trapOf(name: string, cause: unknown): unknown {
    if (this.#fuel.value < 0n) {
      return new ModuleTrap("fuel", `${name} ran out of fuel: it had ${this.#budget}`, { cause });
    }
    if (cause instanceof HostRefusal) return new ModuleTrap("host", `${name}: ${cause.message}`, { cause });
    if (cause instanceof EchoNetError) return new ModuleTrap("host", `${name}: ${cause.hint}`, { cause });
    if (!isEngineTrap(cause)) return cause;
    const kind = this.#depth.value > this.#report.stackBytes ? "depth" : "trap";
    const what = kind === "depth" ? "calls itself too deeply" : "trapped";
    return new ModuleTrap(kind, `${name} ${what}`, { cause });
  }

  /** Hands bytes in, where the module can read them until `takeBack`. Returns their address. */
  handIn(bytes: Uint8Array): number {
    invariant(bytes.length <= PAGE_BYTES, "what is handed in fits its page");
    this.memory.set(bytes, this.ioStart);
    return this.ioStart;
  }

  takeBack(length: number): void {
    this.memory.fill(0, this.ioStart, this.ioStart + length);
  }

  /** Whether the module may name this range, to read from or to write to. */
  holds(address: number, length: number, isRead: boolean): boolean {
    if (address + length <= this.top) return true;
    return isRead && address >= this.ioStart && address + length <= this.ioStart + PAGE_BYTES;
  }

  /** Bytes that `save` writes. */
  get savedLength(): number {
    return PAGE_COUNT_BYTES + this.#report.globalBytes + this.top;
  }

  /** Writes the state: the number of pages, globals, memory. */
  save(target: Uint8Array): void {
    const { memory, top, ioStart } = this;
    const { globalBytes } = this.#report;
    writePages(target, top / PAGE_BYTES);
    if (globalBytes > 0) {
      this.#saveGlobals(ioStart);
      target.set(memory.subarray(ioStart, ioStart + globalBytes), PAGE_COUNT_BYTES);
      this.takeBack(globalBytes);
    }
    target.set(memory.subarray(0, top), PAGE_COUNT_BYTES + globalBytes);
  }

  /** Makes the state what it was when `save` wrote these bytes; returns how many they are. */
  restore(source: Uint8Array): number {
    const { memory, ioStart } = this;
    const { globalBytes } = this.#report;
    const top = readPages(source) * PAGE_BYTES;
    const memoryAt = PAGE_COUNT_BYTES + globalBytes;
    this.#loadFrom(source.subarray(PAGE_COUNT_BYTES, memoryAt));
    memory.set(source.subarray(memoryAt, memoryAt + top), 0);
    const above = this.top;
    if (above > top) memory.fill(0, top, above);
    if (above !== top) this.#top.value = BigInt(top);
    invariant(top <= ioStart, "a saved memory fits");
    return memoryAt + top;
  }

  #loadFrom(globals: Uint8Array): void {
    if (globals.length === 0) return;
    this.memory.set(globals, this.ioStart);
    this.#loadGlobals(this.ioStart);
    this.takeBack(globals.length);
  }

  /** Makes the state that of another machine of the same module. */
  copyFrom(other: Machine): void {
    const { globalBytes } = this.#report;
    if (globalBytes > 0) {
      other.#saveGlobals(other.ioStart);
      this.#loadFrom(other.memory.subarray(other.ioStart, other.ioStart + globalBytes));
      other.takeBack(globalBytes);
    }
    const [above, top] = [this.top, other.top];
    this.memory.set(other.memory.subarray(0, top), 0);
    if (above > top) this.memory.fill(0, top, above);
    if (above !== top) this.#top.value = BigInt(top);
  }
}

export function writePages(target: Uint8Array, pages: number): void {
  for (let i = 0; i < PAGE_COUNT_BYTES; i++) target[i] = pages >> (8 * i);
}

export const readPages = (source: Uint8Array): number =>
  source[0]! | (source[1]! << 8) | (source[2]! << 16) | (source[3]! << 24);

/** The parts of a saved state, for those who look at it. */
export function partsOf(
  report: PrepareReport,
  saved: Uint8Array,
): { readonly globals: Uint8Array; readonly memory: Uint8Array; readonly length: number } {
  const memoryAt = PAGE_COUNT_BYTES + report.globalBytes;
  const length = memoryAt + readPages(saved) * PAGE_BYTES;
  return {
    globals: saved.subarray(PAGE_COUNT_BYTES, memoryAt),
    memory: saved.subarray(memoryAt, length),
    length,
  };
}
