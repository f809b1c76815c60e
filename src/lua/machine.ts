import { invariant } from "../core/base/invariant.js";
import { compileModule, instantiate, type WasmModule } from "../wasm/engine.js";
import { PAGE_BYTES } from "../wasm/limits.js";
import { PAGE_COUNT_BYTES, readPages, writePages } from "../wasm/machine.js";
import { type PrepareReport, prepare } from "../wasm/prepare.js";
import type { LuaApi } from "./api.js";
import { withSmallMemory } from "./glue.js";
import { type FunctionTable, type HostFunction, trampolineName, trampolines } from "./host-functions.js";
import { DEPTH_BYTES, MEMORY_CAP_PAGES, THROW_FUEL } from "./limits.js";

/** What Lua's own errors are while they go through the host: whoever catches it and is no `invoke` lets it go on. */
const LONG_JUMP: unique symbol = Symbol("Lua error on its way");

/** Something that no script can catch: out of fuel, too deep, or memory that Lua could not do without. */
export class LuaTrap extends Error {
  override readonly name = "LuaTrap";
}

/** What the module imports, with what a call costs beside the work done in it. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  env: [
    "abort",
    "invoke_vii",
    "strftime",
    "system",
    "exit",
    "emscripten_date_now",
    "_emscripten_get_now_is_monotonic",
    "__syscall_openat",
    "__syscall_fcntl64",
    "__syscall_ioctl",
    "__syscall_dup3",
    "_mktime_js",
    "_localtime_js",
    "_gmtime_js",
    "__syscall_unlinkat",
    "__syscall_rmdir",
    "__syscall_renameat",
    "__syscall_readlinkat",
    "_tzset_js",
    "emscripten_resize_heap",
    "_emscripten_throw_longjmp",
  ],
  wasi_snapshot_preview1: ["fd_write", "fd_read", "fd_close", "environ_sizes_get", "environ_get", "fd_seek"],
};

const FUEL_OF: Readonly<Record<string, number>> = { invoke_vii: 400, _emscripten_throw_longjmp: THROW_FUEL };

/** Lua as a module that runs alike everywhere, compiled once for all its machines. */
export class LuaModule {
  readonly module: WasmModule;
  /** What the transform says of it; its fingerprint is over the glue's bytes, the transform and its options. */
  readonly report: PrepareReport;

  /** @param glue bytes of wasmoon's `glue.wasm` */
  constructor(glue: Uint8Array) {
    const imports = Object.entries(IMPORTS).flatMap(([module, names]) =>
      names.map((name) => (name in FUEL_OF ? { module, name, fuel: FUEL_OF[name]! } : { module, name })),
    );
    const { bytes, report } = prepare(withSmallMemory(glue), {
      imports,
      memoryCapPages: MEMORY_CAP_PAGES,
      stackBytes: DEPTH_BYTES,
      // Stock Lua stores nowhere but in what it was given.
      guardStores: false,
    });
    this.module = compileModule(bytes);
    this.report = report;
  }
}

interface Global<Value> {
  value: Value;
}

/**
 * The C stack is emptied in such blocks down to the first that is empty. The longest frame of Lua's functions takes
 * 8,976 bytes, so that calls leave no block between them untouched.
 */
const STACK_BLOCK_BYTES = 16_384;
/** Fuel for work outside the module is taken in such portions: the module's count is slow to reach. */
const SETTLED_FUEL = 20_000;
/** Fuel of what puts an interrupted machine in order. */
const RESET_FUEL = 100_000;
/** Kept free at the end of the I/O page for a record of Lua's. */
const RECORD_BYTES = 128;

/** One Lua in its own memory, as bytes and numbers: it knows nothing of what runs in it. */
export class LuaMachine {
  readonly api: LuaApi;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the first of the host's functions stands in the function table: what `lua_pushcclosure` takes. */
  readonly firstHostFunction: number;
  readonly #fuel: Global<bigint>;
  readonly #depth: Global<number>;
  /** What `#depth` holds, which is slow to read. */
  readonly #nested: () => number;
  readonly #top: Global<bigint>;
  readonly #saveGlobals: (address: number) => void;
  readonly #loadGlobals: (address: number) => void;
  /** Where what is handed in stands until Lua has taken it: outside every snapshot. */
  readonly ioStart: number;
  readonly ioBytes: number;
  readonly #headBytes: number;
  readonly #globalsAt: number;
  readonly #words: Int32Array;
  readonly #stackEnd: number;
  readonly #stackBase: number;
  readonly #restingStack: number;
  /** Fuel for work outside the module that its own count does not show yet. */
  #owed = 0;
  /** What the fuel was at first. */
  budget = 0;
  /** The most that `top` has been since somebody set this. */
  highestTop = 0;
  /** Called where Lua asks for more memory than there is. */
  onMemoryRefused: (() => void) | undefined;

  constructor(luaModule: LuaModule, hostFunctions: readonly HostFunction[]) {
    let table: FunctionTable;
    const called: ((...values: number[]) => unknown)[] = [];
    const invoke = (index: number, first: number, second: number): void => {
      const stack = this.api.stackSave();
      const depth = this.#nested();
      try {
        called[index] ??= table.get(index);
        called[index](first, second);
      } catch (error) {
        if (error !== LONG_JUMP) throw error;
        this.api.stackRestore(stack);
        this.#depth.value = depth;
        this.api.setThrew(1, 0);
      }
    };
    const zero = (): number => 0;
    const failing = (): number => -1;
    const imports: Record<string, Record<string, (...values: any[]) => any>> = {};
    for (const [from, names] of Object.entries(IMPORTS)) {
      imports[from] = Object.fromEntries(names.map((name) => [name, failing]));
    }
    Object.assign(imports.env!, {
      invoke_vii: invoke,
      emscripten_date_now: zero,
      _emscripten_get_now_is_monotonic: zero,
      _mktime_js: zero,
      strftime: zero,
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP;
      },
      abort: () => {
        throw new LuaTrap("Lua gave up");
      },
      exit: () => {
        throw new LuaTrap("Lua gave up");
      },
      emscripten_resize_heap: (byteLength: number) => this.#growTo(byteLength >>> 0),
    });
    Object.assign(imports.wasi_snapshot_preview1!, {
      environ_sizes_get: (count: number, size: number) => {
        this.view.setUint32(count, 0, true);
        this.view.setUint32(size, 0, true);
        return 0;
      },
      environ_get: zero,
    });
    const exports = instantiate(luaModule.module, imports) as Readonly<Record<string, any>>;
    this.api = exports as unknown as LuaApi;
    this.#fuel = exports["echo:fuel"];
    this.#depth = exports["echo:depth"];
    this.#nested = exports["echo:nested"];
    this.#top = exports["echo:top"];
    this.#saveGlobals = exports["echo:save"];
    this.#loadGlobals = exports["echo:load"];
    const { buffer } = exports["echo:memory"];
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.#words = new Int32Array(buffer);
    this.#globalsAt = MEMORY_CAP_PAGES * PAGE_BYTES;
    this.#headBytes = PAGE_COUNT_BYTES + luaModule.report.globalBytes;
    this.ioStart = this.#globalsAt + this.#headBytes;
    this.ioBytes = PAGE_BYTES - this.#headBytes - RECORD_BYTES;
    this.refuel(1_000_000_000);
    this.api.emscripten_stack_init();
    this.#stackEnd = this.api.emscripten_stack_get_end();
    this.#stackBase = this.api.emscripten_stack_get_base();
    invariant((this.#stackBase - this.#stackEnd) % PAGE_BYTES === 0, "the C stack is of whole pages");
    this.api.__wasm_call_ctors();
    this.#restingStack = this.api.stackSave();
    table = exports.__indirect_function_table;
    this.firstHostFunction = addHostFunctions(table, hostFunctions);
  }

  #growTo(byteLength: number): number {
    const pages = Math.ceil(byteLength / PAGE_BYTES);
    if (pages > MEMORY_CAP_PAGES) {
      this.onMemoryRefused?.();
      return 0;
    }
    const top = pages * PAGE_BYTES;
    if (top > Number(this.#top.value)) this.#top.value = BigInt(top);
    this.highestTop = Math.max(this.highestTop, top);
    return 1;
  }

  /** Used memory, in bytes. */
  get top(): number {
    return Number(this.#top.value);
  }

  /** What is left; below zero after a trap for want of it. */
  get fuel(): number {
    return Number(this.#fuel.value) - this.#owed;
  }

  refuel(fuel: number): void {
    this.#owed = 0;
    this.budget = fuel;
    this.#fuel.value = BigInt(fuel);
  }

  /** Takes fuel for work done outside the module; the next charge within it traps where none is left. */
  spend(fuel: number): void {
    this.#owed += fuel;
    if (this.#owed < SETTLED_FUEL) return;
    this.#fuel.value -= BigInt(this.#owed);
    this.#owed = 0;
  }

  /** After something was thrown out of a call: no call is under way any more. */
  reset(): void {
    this.refuel(RESET_FUEL);
    this.#depth.value = 0;
    this.api.stackRestore(this.#restingStack);
  }

  /**
   * Empties the C stack, between calls. C copies values with the parts of them that it never set, so that what stands
   * there from earlier calls gets into memory that is saved, while no snapshot holds the stack itself.
   */
  clearStack(): void {
    let bottom = this.#stackBase - STACK_BLOCK_BYTES;
    while (bottom >= this.#stackEnd && this.#holdsAny(bottom)) {
      this.bytes.fill(0, bottom, bottom + STACK_BLOCK_BYTES);
      bottom -= STACK_BLOCK_BYTES;
    }
  }

  /** From its top down, where it was used first. */
  #holdsAny(block: number): boolean {
    const words = this.#words;
    for (let i = (block + STACK_BLOCK_BYTES) / 4 - 1; i >= block / 4; i--) if (words[i] !== 0) return true;
    return false;
  }

  /** Bytes that `save` writes. */
  get savedBytes(): number {
    return this.#headBytes + this.top - this.#stackBytes;
  }

  get #stackBytes(): number {
    return this.#stackBase - this.#stackEnd;
  }

  /** Writes the state to the start of `target`: between calls the C stack is dead and left out. */
  save(target: Uint8Array): void {
    const { bytes, top } = this;
    const head = this.#headBytes;
    writePages(target, (top - this.#stackBytes) / PAGE_BYTES);
    this.#saveGlobals(this.#globalsAt);
    target.set(bytes.subarray(this.#globalsAt, this.#globalsAt + head - PAGE_COUNT_BYTES), PAGE_COUNT_BYTES);
    target.set(bytes.subarray(0, this.#stackEnd), head);
    target.set(bytes.subarray(this.#stackBase, top), head + this.#stackEnd);
  }

  /** Makes the state what `save` wrote; returns how many bytes that was. */
  restore(source: Uint8Array): number {
    const { bytes } = this;
    const head = this.#headBytes;
    const saved = readPages(source) * PAGE_BYTES + this.#stackBytes;
    const present = this.top;
    bytes.set(source.subarray(PAGE_COUNT_BYTES, head), this.#globalsAt);
    this.#loadGlobals(this.#globalsAt);
    const upper = head + this.#stackEnd;
    const length = upper + saved - this.#stackBase;
    bytes.set(source.subarray(head, upper), 0);
    bytes.set(source.subarray(upper, length), this.#stackBase);
    if (present > saved) bytes.fill(0, saved, present);
    this.#top.value = BigInt(saved);
    this.#depth.value = 0;
    return length;
  }
}

function addHostFunctions(table: FunctionTable, functions: readonly HostFunction[]): number {
  const call = (state: number, index: number): number => functions[index]!(state);
  const exports = instantiate(compileModule(trampolines(functions.length)), { h: { h: call } });
  const first = table.length;
  invariant(table.grow(functions.length) === first, "Lua's function table can grow");
  for (let index = 0; index < functions.length; index++) {
    table.set(first + index, exports[trampolineName(index)]);
  }
  return first;
}
