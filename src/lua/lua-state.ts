import { utf8Decode, utf8Write } from "../core/base/text.js";
import { type LuaApi, LuaType, REGISTRY_INDEX } from "./api.js";
import { MAX_NAME_BYTES, TEXT_FUEL, VALUE_FUEL } from "./limits.js";
import { type LuaMachine, LuaTrap } from "./machine.js";

/** A mistake in what a script hands to the engine: it becomes a Lua error at the script's own line. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

/** Places in Lua's `lua_Debug`, of 108 bytes on a machine of 32 bits. */
const DEBUG_LINE = 24;
const DEBUG_LINE_DEFINED = 28;
const DEBUG_SHORT_SOURCE = 44;
const LEVELS_LOOKED_AT = 64;
/** Most integers that cross are small, and making a bigint is slow. */
const SMALL_INTEGERS: readonly bigint[] = Array.from({ length: 1024 }, (_, value) => BigInt(value));

/** What crosses between the host and Lua, one value at a time. All positions are stack indices of `state`. */
export class LuaState {
  readonly machine: LuaMachine;
  readonly api: LuaApi;
  /** The main state. */
  readonly main: number;
  readonly #getInfo: number;
  readonly #getDefinition: number;
  /** Names as C strings that stay for good, made before the first snapshot. */
  readonly #names = new Map<string, number>();

  constructor(machine: LuaMachine) {
    this.machine = machine;
    this.api = machine.api;
    this.main = machine.api.luaL_newstate();
    this.#getInfo = this.name("Sl");
    this.#getDefinition = this.name(">S");
  }

  /** A name as a C string; ones that were not asked for while the machine was made are an error. */
  name(text: string): number {
    let pointer = this.#names.get(text);
    if (pointer === undefined) {
      pointer = this.api.malloc(text.length * 3 + 1);
      this.machine.bytes[utf8Write(text, this.machine.bytes, pointer)] = 0;
      this.#names.set(text, pointer);
    }
    return pointer;
  }

  pushText(state: number, text: string): void {
    const { api, machine } = this;
    const pointer = this.#room(text.length * 3);
    const end = utf8Write(text, machine.bytes, pointer);
    // A lone surrogate is no text; nothing that the engine hands in holds one.
    api.lua_pushlstring(state, pointer, end < 0 ? 0 : end - pointer);
    if (pointer !== machine.ioStart) api.free(pointer);
  }

  pushBytes(state: number, bytes: Uint8Array): void {
    const { api, machine } = this;
    const pointer = this.#room(bytes.length);
    machine.bytes.set(bytes, pointer);
    api.lua_pushlstring(state, pointer, bytes.length);
    if (pointer !== machine.ioStart) api.free(pointer);
  }

  /** Where so many bytes can stand until Lua has taken them: what is not the I/O page is to be freed. */
  #room(byteLength: number): number {
    const { api, machine } = this;
    const pointer = byteLength > machine.ioBytes ? api.malloc(byteLength) : machine.ioStart;
    if (pointer === 0) throw new LuaTrap();
    return pointer;
  }

  pushInteger(state: number, value: number): void {
    this.api.lua_pushinteger(state, SMALL_INTEGERS[value] ?? BigInt(value));
  }

  /** The bytes of the string at `index`, which must be one: a view, valid until Lua runs again. */
  stringBytes(state: number, index: number): Uint8Array {
    const { machine } = this;
    const pointer = this.api.lua_tolstring(state, index, machine.ioStart);
    const length = machine.view.getUint32(machine.ioStart, true);
    machine.spend((length >> 3) + VALUE_FUEL);
    return machine.bytes.subarray(pointer, pointer + length);
  }

  /** The string at `index` as text; where it is no well-formed text, as one character a byte. */
  text(state: number, index: number, maxBytes: number): string {
    return this.#spelled(this.stringBytes(state, index), maxBytes);
  }

  #spelled(bytes: Uint8Array, maxBytes: number): string {
    let end = Math.min(bytes.length, maxBytes);
    // No character is cut in two.
    while (end < bytes.length && end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
    this.machine.spend(TEXT_FUEL * end);
    const text = utf8Decode(bytes, 0, end);
    if (typeof text === "string") return text;
    let spelled = "";
    for (let at = 0; at < end; at++) spelled += String.fromCharCode(bytes[at]!);
    return spelled;
  }

  /** The argument at `index`, a string of at most `MAX_NAME_BYTES`. Throws `ScriptError` that names `what`. */
  textArgument(state: number, index: number, what: string): string {
    if (this.api.lua_type(state, index) !== LuaType.string) throw new ScriptError(`${what} must be a string`);
    const bytes = this.stringBytes(state, index);
    if (bytes.length > MAX_NAME_BYTES) {
      throw new ScriptError(`${what} has ${bytes.length} bytes; ${MAX_NAME_BYTES} are allowed`);
    }
    return this.#spelled(bytes, MAX_NAME_BYTES);
  }

  numberAt(state: number, index: number): number {
    return this.api.lua_tonumberx(state, index, 0);
  }

  /** Pushes what `ref` keeps; refs are made by `keep`. */
  pushKept(state: number, ref: bigint): void {
    this.api.lua_rawgeti(state, REGISTRY_INDEX, ref);
  }

  /** Takes the value on top off the stack and keeps it for good. */
  keep(): bigint {
    return BigInt(this.api.luaL_ref(this.main, REGISTRY_INDEX));
  }

  /** The file and line of the script that runs, or undefined where none does. */
  placeOf(state: number): string | undefined {
    const { api, machine } = this;
    // Behind what anything else hands in, for this may be asked in the middle of it.
    const record = machine.ioStart + machine.ioBytes;
    let place: string | undefined;
    for (let level = 0; level < LEVELS_LOOKED_AT && place === undefined; level++) {
      if (api.lua_getstack(state, level, record) === 0) break;
      api.lua_getinfo(state, this.#getInfo, record);
      const line = machine.view.getInt32(record + DEBUG_LINE, true);
      const source = this.#cText(record + DEBUG_SHORT_SOURCE);
      if (line > 0 && source !== "[echo]") place = `${source}:${line}`;
    }
    return place;
  }

  /** File and first line of the function on top of the stack, which is taken off; undefined where it is no script's. */
  definitionOf(state: number): string | undefined {
    const { api, machine } = this;
    if (api.lua_type(state, -1) !== LuaType.function) return undefined;
    const record = machine.ioStart + machine.ioBytes;
    api.lua_getinfo(state, this.#getDefinition, record);
    const line = machine.view.getInt32(record + DEBUG_LINE_DEFINED, true);
    const source = this.#cText(record + DEBUG_SHORT_SOURCE);
    return line > 0 && source !== "[echo]" ? `${source}:${line}` : undefined;
  }

  /** Whether so many calls stand in one another. */
  isDeeper(calls: number): boolean {
    const { api, machine } = this;
    return api.lua_getstack(this.main, calls, machine.ioStart + machine.ioBytes) !== 0;
  }

  #cText(pointer: number): string {
    const { bytes } = this.machine;
    const text = utf8Decode(bytes, pointer, bytes.indexOf(0, pointer));
    return typeof text === "string" ? text : "?";
  }

  /** Raises a Lua error with the script's place in front. Never returns. */
  raise(state: number, message: string): never {
    const place = this.placeOf(state);
    this.pushText(state, place === undefined ? message : `${place}: ${message}`);
    this.api.lua_error(state);
    throw new Error("lua_error returned");
  }

  /** What an error object on top of the stack says, for a person; takes it off. */
  takeMessage(state: number, maxBytes: number): string {
    const { api } = this;
    const type = api.lua_type(state, -1);
    let message = "an error object that is no text";
    if (type === LuaType.string) message = this.text(state, -1, maxBytes);
    else if (type === LuaType.number) message = String(this.numberAt(state, -1));
    else if (type === LuaType.nil) message = "nil";
    api.lua_settop(state, -2);
    return message;
  }
}
