/** Stock Lua without the engine around it: the module as it was installed, or as it was transformed. */
import { readFileSync } from "node:fs";
import nodeModule from "node:module";
import { prepare } from "echo-net/wasm";

/** Pages that the module asks for to begin with: neither form ever grows. */
const PAGES = 256;
const FUEL = 1_000_000_000_000n;
const LONG_JUMP = Symbol("Lua error");

/** 2,000 tables with a method each, moved by one function: an interpreter's ordinary work. */
const SCRIPT = `
  local all = {}
  for i = 1, 2000 do
    all[i] = { x = i % 640 * 1.0, y = i % 360 * 1.0, vx = 1 + i % 7 * 0.25, vy = 1 - i % 5 * 0.5, name = "m" .. i }
  end
  local function move(self)
    local x, y = self.x + self.vx, self.y + self.vy
    if x < 0 or x > 640 then self.vx = -self.vx end
    if y < 0 or y > 360 then self.vy = -self.vy end
    self.x, self.y = x, y
  end
  function tick()
    local sum = 0.0
    for i = 1, #all do move(all[i]) sum = sum + all[i].x end
    return sum
  end`;

export class BareLua {
  readonly #exports: Readonly<Record<string, any>>;
  readonly #state: number;
  readonly #tick: number;

  private constructor(exports: Readonly<Record<string, any>>) {
    this.#exports = exports;
    this.refuel();
    exports.emscripten_stack_init();
    exports.__wasm_call_ctors();
    this.#state = exports.luaL_newstate();
    exports.luaL_openlibs(this.#state);
    const text = this.#text(SCRIPT);
    if (exports.luaL_loadbufferx(this.#state, text, SCRIPT.length, this.#text("bench"), 0) !== 0)
      throw new Error("the script does not parse");
    this.#call(0, 0);
    this.#tick = this.#text("tick");
  }

  /** Lua as it is installed, and as it is transformed. */
  static async pair(): Promise<{ readonly plain: BareLua; readonly transformed: BareLua }> {
    const path = nodeModule.createRequire(import.meta.url).resolve("wasmoon/dist/glue.wasm");
    const glue = new Uint8Array(readFileSync(path));
    const imports = WebAssembly.Module.imports(await WebAssembly.compile(glue));
    // As the engine transforms it.
    const { bytes } = prepare(glue, {
      imports,
      memoryCapPages: PAGES,
      stackBytes: 524_288,
      guardStores: false,
    });
    return { plain: await BareLua.#of(glue, imports), transformed: await BareLua.#of(bytes, imports) };
  }

  static async #of(bytes: Uint8Array, imports: readonly WebAssembly.ModuleImportDescriptor[]) {
    let exports: Readonly<Record<string, any>> = {};
    const named: Record<string, (...values: number[]) => unknown> = {
      invoke_vii: (index = 0, first, second) => {
        const stack = exports.stackSave();
        try {
          exports.__indirect_function_table.get(index)(first, second);
        } catch (error) {
          if (error !== LONG_JUMP) throw error;
          exports.stackRestore(stack);
          exports.setThrew(1, 0);
        }
      },
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP;
      },
    };
    const given: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name } of imports) {
      given[module] ??= {};
      given[module][name] = named[name] ?? (() => 0);
    }
    const { instance } = await WebAssembly.instantiate(bytes as BufferSource, given);
    exports = instance.exports;
    return new BareLua(exports);
  }

  refuel(): void {
    const fuel = this.#exports["echo:fuel"];
    if (fuel !== undefined) fuel.value = FUEL;
  }

  #text(text: string): number {
    const { memory } = this.#exports;
    const at = this.#exports.malloc(text.length + 1);
    const bytes = new Uint8Array(memory.buffer, at, text.length + 1);
    bytes.set(new TextEncoder().encode(text));
    bytes[text.length] = 0;
    return at;
  }

  #call(given: number, taken: number): void {
    if (this.#exports.lua_pcallk(this.#state, given, taken, 0, 0, 0) !== 0)
      throw new Error("the script fails");
  }

  /** Moves all things once; returns the sum of where they are. */
  tick(): number {
    const { lua_getglobal, lua_tonumberx, lua_settop } = this.#exports;
    lua_getglobal(this.#state, this.#tick);
    this.#call(0, 1);
    const sum = lua_tonumberx(this.#state, -1, 0);
    lua_settop(this.#state, 0);
    return sum;
  }
}
