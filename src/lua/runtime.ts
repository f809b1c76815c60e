import { InvariantError, invariant } from "../core/base/invariant.js";
import { LuaStatus, LuaType } from "./api.js";
import { HOST_FUNCTIONS, type HostedLua, hostFunctions, type ScriptHost } from "./echo-functions.js";
import { addKinds, type DeclaredKinds } from "./kinds.js";
import { COLLECT_KB, COLLECT_KB_MAX, FUEL_AT_START, MAX_DELAYS, MAX_ENTITIES } from "./limits.js";
import { LuaState } from "./lua-state.js";
import { LuaMachine, type LuaModule, LuaTrap } from "./machine.js";
import { PRELUDE, PRELUDE_NAME } from "./prelude.js";
import type { LuaKind } from "./shape.js";
import { checkLayout } from "./table-reader.js";
import { DEEP_CALLS, dryWords, OUT_OF_MEMORY, TOO_DEEP } from "./trap-words.js";
import { LuaValues } from "./values.js";

/** One script of a game. */
export interface Script {
  /** As `echo.spawn` names it. */
  readonly name: string;
  /** As errors name it: `player.lua`. */
  readonly file: string;
  readonly text: string;
}

/** What the prelude gives the engine to call. */
const ENGINE = [
  "add_script",
  "set_match",
  "add_kind",
  "create",
  "run_chunk",
  "run_start",
  "begin_tick",
  "prepare_jobs",
  "callback_of",
  "run_jobs",
  "end_tick",
  "collect",
  "stop_collector",
  "run_input",
  "local_state",
  "corrupt",
  "look",
] as const;
export type EngineFunction = (typeof ENGINE)[number];

/** How a call into Lua failed. */
export interface LuaFailure {
  /** Whether no script could have caught it: the tick is then to be run again without its cause. */
  readonly isTrap: boolean;
  /** With file and line, as far as they can be told. */
  readonly message: string;
  /** Number of the entity whose callback ran. */
  readonly entity: number;
  /** Which of the tick's delays and `on_tick` ran, since which one of them, and which delay that was; or 0. */
  readonly job: number;
  readonly firstJob: number;
  readonly delay: number;
  /** What was left of the fuel; below zero where it ran out. */
  readonly fuelLeft: number;
}

const LIBRARIES = ["coroutine", "table", "string", "math", "utf8"] as const;
const MESSAGE_BYTES = 512;
/** Fuel to find out where a script was when it ran out of its own. */
const INQUIRY_FUEL = 1_000_000;
/** A message that names the line of a script. */
export const WITH_PLACE: RegExp = /^[^\s:]+\.lua:\d+:/;
/** The collector's own settings, as small as they go: what a step does, the prelude decides. */
const COLLECT_MULTIPLIER = 4;
const COLLECT_STEP_BITS = 8;

/** One Lua with a game's scripts in it, as it stands before a match begins. */
export class LuaRuntime implements HostedLua {
  readonly machine: LuaMachine;
  readonly lua: LuaState;
  readonly values: LuaValues;
  /** The kinds of events, as the catalog numbers them. */
  readonly kinds: readonly LuaKind[];
  readonly #functions = new Map<EngineFunction, bigint>();
  readonly #handler: bigint;
  readonly #control: bigint;
  /** The state before a match. */
  readonly #pristine: Uint8Array;
  #host: ScriptHost;
  /** Where the last error was raised, and where memory was refused. */
  #place: string | undefined;
  #refusedAt: string | undefined;
  /** What was left of the fuel when the call under way began. */
  #fuelBefore = 0;

  /** Throws `LuaSyntaxError` for a script that does not parse. */
  constructor(
    luaModule: LuaModule,
    scripts: readonly Script[],
    tickHz: number,
    host: ScriptHost,
    declared?: DeclaredKinds,
  ) {
    this.#host = host;
    this.machine = new LuaMachine(
      luaModule,
      hostFunctions(
        () => this,
        () => this.#host,
      ),
    );
    this.lua = new LuaState(this.machine);
    this.values = new LuaValues(this.lua);
    this.machine.refuel(FUEL_AT_START * 10);
    const { main } = this.lua;
    this.#openLibraries();
    this.#handler = this.#keepHostFunction("handler");
    this.lua.api.lua_createtable(main, 4, 0);
    for (const place of [1n, 2n, 3n, 4n]) {
      this.lua.api.lua_pushinteger(main, 0n);
      this.lua.api.lua_rawseti(main, -2, place);
    }
    this.#control = this.lua.keep();
    this.#runPrelude(tickHz);
    for (const script of scripts) this.#addScript(script);
    checkLayout(this.lua);
    this.kinds = declared === undefined ? [] : addKinds(this, declared);
    this.machine.onMemoryRefused = () => {
      this.#refusedAt = this.#placeNow();
    };
    this.#stopCollector();
    this.#pristine = new Uint8Array(this.machine.savedBytes);
    this.machine.save(this.#pristine);
  }

  /** Back to what it was before any match. */
  reset(): void {
    this.machine.reset();
    this.machine.restore(this.#pristine);
  }

  /** From here on the scripts' calls go to another host. */
  serve(host: ScriptHost): void {
    this.#host = host;
  }

  notePlace(state: number): void {
    this.#place = this.lua.placeOf(state);
  }

  /**
   * Calls a function of the prelude in protected mode, with what `push` pushed; undefined where all went well.
   * `read` then finds the one result in place 2 of the stack.
   */
  call(name: EngineFunction, push?: () => number, read?: () => void): LuaFailure | undefined {
    return this.#call(this.#functions.get(name)!, push, read);
  }

  /** Hands an event to its handler, with what `push` pushed. */
  deliver(kind: LuaKind, push: () => number): LuaFailure | undefined {
    return this.#call(kind.deliver, push);
  }

  #call(called: bigint, push?: () => number, read?: () => void): LuaFailure | undefined {
    const { api, main } = this.lua;
    this.#place = undefined;
    this.#refusedAt = undefined;
    this.#fuelBefore = this.machine.fuel;
    try {
      api.lua_settop(main, 0);
      this.lua.pushKept(main, this.#handler);
      this.lua.pushKept(main, called);
      const status = api.lua_pcallk(main, push?.() ?? 0, read === undefined ? 0 : 1, 1, 0, 0);
      if (status !== LuaStatus.ok) return this.#failure(status);
      read?.();
      return undefined;
    } catch (error) {
      return this.#trapped(error);
    }
  }

  #failure(status: number): LuaFailure {
    const { main } = this.lua;
    const fuelLeft = this.machine.fuel;
    const isTrap = status === LuaStatus.memory;
    const said = this.lua.takeMessage(main, MESSAGE_BYTES);
    const message = isTrap ? OUT_OF_MEMORY : said;
    const place = isTrap ? this.#refusedAt : this.#place;
    return { isTrap, message: withPlace(message, place), fuelLeft, ...this.#underWay() };
  }

  /** What came out of the module itself. What is a mistake of ours goes on. */
  #trapped(error: unknown): LuaFailure {
    if (error instanceof InvariantError || !isTrapError(error)) throw error;
    const { machine } = this;
    const { fuel: fuelLeft, budget } = machine;
    const isDry = fuelLeft < 0;
    machine.reset();
    machine.refuel(INQUIRY_FUEL);
    const place = this.#placeNow();
    const isDeep = isDry && this.#isDeep();
    const underWay = this.#underWay();
    const { job, firstJob } = underWay;
    const jobs = firstJob === 0 ? 0 : job - firstJob + 1;
    const why = isDry
      ? dryWords({ budget, before: budget - this.#fuelBefore, jobs, isDeep, usedBytes: machine.top })
      : error instanceof LuaTrap
        ? OUT_OF_MEMORY
        : TOO_DEEP;
    return { isTrap: true, message: withPlace(why, place), fuelLeft, ...underWay };
  }

  #isDeep(): boolean {
    try {
      return this.lua.isDeeper(DEEP_CALLS);
    } catch (error) {
      if (!isTrapError(error)) throw error;
      this.machine.reset();
      return false;
    }
  }

  /** A trap's words, with where the callback is defined if they name no place yet. */
  placed({ message, entity, delay }: LuaFailure, callback: string): string {
    if (WITH_PLACE.test(message)) return message;
    const { lua } = this;
    this.machine.reset();
    this.machine.refuel(INQUIRY_FUEL);
    let place: string | undefined;
    this.call(
      "callback_of",
      () => {
        lua.pushInteger(lua.main, entity);
        lua.pushText(lua.main, callback);
        lua.pushInteger(lua.main, delay);
        return 3;
      },
      () => {
        place = lua.definitionOf(lua.main);
      },
    );
    return withPlace(message, place);
  }

  /** Where the script is, or was when it was stopped: then the stack may be half made. */
  #placeNow(): string | undefined {
    try {
      return this.lua.placeOf(this.lua.main);
    } catch (error) {
      if (!isTrapError(error)) throw error;
      this.machine.reset();
      return undefined;
    }
  }

  #underWay(): { entity: number; job: number; delay: number; firstJob: number } {
    const { api, main } = this.lua;
    const number = (place: bigint): number => {
      api.lua_rawgeti(main, -1, place);
      const value = this.lua.numberAt(main, -1);
      api.lua_settop(main, -2);
      return value;
    };
    try {
      this.lua.pushKept(main, this.#control);
      const found = { entity: number(1n), job: number(2n), delay: number(3n), firstJob: number(4n) };
      api.lua_settop(main, -2);
      return found;
    } catch (error) {
      if (!isTrapError(error)) throw error;
      this.machine.reset();
      return { entity: 255, job: 0, delay: 0, firstJob: 0 };
    }
  }

  #stopCollector(): void {
    const failure = this.call("stop_collector", () => {
      this.lua.pushInteger(this.lua.main, COLLECT_MULTIPLIER);
      this.lua.pushInteger(this.lua.main, COLLECT_STEP_BITS);
      return 2;
    });
    invariant(failure === undefined, "Lua's collector takes its settings");
  }

  /** Opens what the prelude needs; of that, it leaves the scripts what stays in the sandbox. */
  #openLibraries(): void {
    const { lua } = this;
    const { api, main } = lua;
    api.luaopen_base(main);
    for (const name of LIBRARIES) {
      api[`luaopen_${name}`](main);
      api.lua_setglobal(main, lua.name(name));
    }
    api.lua_settop(main, 0);
  }

  #keepHostFunction(name: (typeof HOST_FUNCTIONS)[number]): bigint {
    this.#pushHostFunction(name);
    return this.lua.keep();
  }

  #pushHostFunction(name: (typeof HOST_FUNCTIONS)[number]): void {
    const index = this.machine.firstHostFunction + HOST_FUNCTIONS.indexOf(name);
    this.lua.api.lua_pushcclosure(this.lua.main, index, 0);
  }

  #runPrelude(tickHz: number): void {
    const { lua } = this;
    const { api, main } = lua;
    invariant(this.#load(PRELUDE, PRELUDE_NAME) === LuaStatus.ok, "the prelude parses");
    api.lua_createtable(main, 0, HOST_FUNCTIONS.length);
    for (const name of HOST_FUNCTIONS) {
      this.#pushHostFunction(name);
      api.lua_setfield(main, -2, lua.name(name));
    }
    lua.pushKept(main, this.#control);
    const settings = [tickHz, MAX_ENTITIES, MAX_DELAYS, COLLECT_KB, COLLECT_KB_MAX];
    for (const number of settings) lua.pushInteger(main, number);
    const status = api.lua_pcallk(main, 2 + settings.length, 1, 0, 0, 0);
    if (status !== LuaStatus.ok)
      invariant(false, `the prelude runs: ${lua.takeMessage(main, MESSAGE_BYTES)}`);
    for (const name of ENGINE) {
      lua.pushText(main, name);
      api.lua_rawget(main, -2);
      invariant(api.lua_type(main, -1) === LuaType.function, `the prelude has ${name}`);
      this.#functions.set(name, lua.keep());
    }
    api.lua_settop(main, 0);
  }

  /** Parses text, never bytecode; the function, or the message, is then on top. */
  #load(text: string, name: string): number {
    const { api, main } = this.lua;
    this.lua.pushText(main, text);
    const status = api.luaL_loadbufferx(
      main,
      api.lua_tolstring(main, -1, this.machine.ioStart),
      this.machine.view.getUint32(this.machine.ioStart, true),
      this.lua.name(name),
      this.lua.name("t"),
    );
    return status;
  }

  #addScript({ name, file, text: whole }: Script): void {
    const text = loadableText(whole);
    const { api, main } = this.lua;
    api.lua_settop(main, 0);
    // By itself first, so that what is wrong is told as if it stood alone, as it must.
    if (this.#load(text, `@${file}`) !== LuaStatus.ok) {
      const message = this.lua.takeMessage(main, MESSAGE_BYTES);
      throw new LuaSyntaxError(message.startsWith(`${file}:`) ? message : `${file}: ${message}`);
    }
    const failure = this.call("add_script", () => {
      this.lua.pushText(main, name);
      this.lua.pushText(main, file);
      this.lua.pushText(main, text);
      return 3;
    });
    if (failure !== undefined) throw new LuaSyntaxError(failure.message);
  }
}

/** What of a file Lua is given: as stock Lua does, a byte order mark and a first line with `#` are skipped. */
const loadableText = (text: string): string => text.replace(/^\ufeff/, "").replace(/^#[^\n]*/, "");

/** A script that does not parse; the message has file and line. */
export class LuaSyntaxError extends Error {
  override readonly name = "LuaSyntaxError";
}

/** Traps of the module, and what the platform says where its own stack ends first. */
function isTrapError(error: unknown): boolean {
  if (error instanceof LuaTrap) return true;
  const name = (error as { readonly name?: unknown } | null)?.name;
  return name === "RuntimeError" || error instanceof RangeError || name === "InternalError";
}

const withPlace = (message: string, place: string | undefined): string =>
  place === undefined || WITH_PLACE.test(message) || message.startsWith(`${place}: `)
    ? message
    : `${place}: ${message}`;
