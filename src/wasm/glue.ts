import type { Hash } from "../core/base/brand.js";
import { hashOfBytes } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import { Snapshot } from "../core/session/simulation.js";
import type { StateStore } from "../game/state-store.js";
import type { WasmExport, WasmFunction, WasmImports } from "./engine.js";
import { inspectSaved } from "./look.js";
import { type CompiledModule, Machine, partsOf } from "./machine.js";
import type { ImportRule } from "./options.js";
import type { PrepareReport } from "./prepare.js";
import { StateHasher } from "./state-hasher.js";
import { HostRefusal, isEngineTrap } from "./trap.js";

/** A module's JavaScript, made for one call into the game and gone after it. */
export interface ModuleGlue<Api> {
  /** What the module's imports do, by module and name: deterministic all of it, and without a memory of its own. */
  readonly imports: WasmImports;
  /** What the game's code is given to work with. */
  readonly api: Api;
}

/** A module that is no game by itself, with the JavaScript through which a game uses it. */
export interface ModuleSource<Api> {
  readonly bytes: Uint8Array;
  /** Everything that it may import; what else it asks for is refused by name. */
  readonly imports: readonly ImportRule[];
  /** Pages of 64 KiB that its memory may grow to; 256 where left out. */
  readonly memoryCapPages?: number;
  /**
   * Makes the glue on the module's exports, anew for each call into the game: whatever glue keeps from call to call
   * would be missing after a rollback, so it never lives that long.
   */
  readonly bind: (exports: Readonly<Record<string, any>>) => ModuleGlue<Api>;
}

const NO_IMPORTS: WasmImports = {};

/** One instance of such a module. */
export class GlueHost<Api> {
  readonly machine: Machine;
  readonly #source: ModuleSource<Api>;
  readonly #exports: Readonly<Record<string, WasmExport>>;
  /** The state before any match. */
  readonly #unborn = new Snapshot();
  #imports: WasmImports = NO_IMPORTS;
  /** What first trapped in the run under way, whether or not the game's code caught it. */
  #trap: Error | undefined;

  /** Throws `EchoNetError` `GAME_INVALID` where the module's start function does not come to its end. */
  constructor(compiled: CompiledModule, source: ModuleSource<Api>) {
    this.#source = source;
    const imports: Record<string, Record<string, WasmFunction>> = {};
    for (const { module, name } of source.imports) {
      imports[module] ??= {};
      imports[module][name] = (...values) => this.#imported(module, name)(...values);
    }
    this.machine = new Machine(compiled, imports);
    this.#exports = Object.fromEntries(
      Object.entries(this.machine.exports)
        .filter(([name]) => !name.startsWith("echo:"))
        .map(([name, one]) => [name, typeof one === "function" ? this.#watched(one) : one]),
    );
    this.machine.save(this.#unborn.resize(this.machine.savedLength));
  }

  #watched(call: WasmFunction): WasmFunction {
    return (...values) => {
      try {
        return call(...values);
      } catch (error) {
        if (isEngineTrap(error)) this.#trap ??= error;
        throw error;
      }
    };
  }

  #imported(module: string, name: string): WasmFunction {
    const found = this.#imports[module]?.[name];
    if (found === undefined) throw new HostRefusal(`${module}.${name} cannot be called here`);
    return found;
  }

  /** Makes the module what it was before any match. */
  reset(): void {
    this.machine.restore(this.#unborn.view());
  }

  /** Runs the game's code on fresh glue, within this fuel. Throws `ModuleTrap`, or what the code threw. */
  run<Result>(name: string, fuel: number, code: (api: Api) => Result): Result {
    const { imports, api } = this.#source.bind(this.#exports);
    this.#imports = imports;
    this.#trap = undefined;
    try {
      return this.machine.run(name, fuel, () => {
        const result = code(api);
        if (this.#trap !== undefined) throw this.#trap;
        return result;
      });
    } finally {
      this.#imports = NO_IMPORTS;
    }
  }
}

const NOTHING = new Uint8Array(0);

/** Keeps a module's memory and globals in front of the state of the game's own code. */
export class GlueStore implements StateStore {
  readonly #inner: StateStore;
  readonly #machine: Machine;
  readonly #report: PrepareReport;
  readonly #hasher: StateHasher;
  readonly #written = new Snapshot();
  /** Looks at the inner state's part of a snapshot. */
  readonly #part = new Snapshot();

  constructor(inner: StateStore, machine: Machine, report: PrepareReport) {
    this.#inner = inner;
    this.#machine = machine;
    this.#report = report;
    this.#hasher = new StateHasher(report);
  }

  get state(): unknown {
    return this.#inner.state;
  }

  save(snapshot: Snapshot, tail: Uint8Array): void {
    const { savedLength } = this.#machine;
    this.#inner.save(this.#written, NOTHING);
    const tailAt = savedLength + this.#written.length;
    const bytes = snapshot.resize(tailAt + tail.length);
    this.#machine.save(bytes);
    bytes.set(this.#written.view(), savedLength);
    bytes.set(tail, tailAt);
  }

  restore(snapshot: Snapshot): number {
    const at = this.#machine.restore(snapshot.bytes);
    return at + this.#inner.restore(this.#partFrom(snapshot, at));
  }

  read(snapshot: Snapshot): { readonly state: unknown; readonly tailAt: number } {
    const at = partsOf(this.#report, snapshot.bytes).length;
    const { state, tailAt } = this.#inner.read(this.#partFrom(snapshot, at));
    return { state, tailAt: at + tailAt };
  }

  settle(snapshot: Snapshot): void {
    this.#inner.settle(this.#partFrom(snapshot, partsOf(this.#report, snapshot.bytes).length));
  }

  hash(snapshot: Snapshot): Hash {
    return hashOfBytes(this.#hasher.hash(snapshot.view()));
  }

  inspect(snapshot: Snapshot): Value {
    return inspectSaved(this.#report, snapshot.bytes, undefined);
  }

  #partFrom(snapshot: Snapshot, at: number): Snapshot {
    this.#part.bytes = snapshot.bytes.subarray(at, snapshot.length);
    this.#part.length = snapshot.length - at;
    return this.#part;
  }

  corrupt(): void {
    this.#inner.corrupt();
  }
}
