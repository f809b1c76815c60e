import type { ChronosTick, Slot } from "../core/base/brand.js";
import { invariant } from "../core/base/invariant.js";
import { WORLD_ENTITY } from "../core/bridge/bus.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import type { StepFault } from "../core/session/simulation.js";
import { FUEL_AT_END } from "./limits.js";
import { entityName, isSlot, LuaError, type RunningHost } from "./match-host.js";
import { type EngineFunction, type LuaFailure, type LuaRuntime, WITH_PLACE } from "./runtime.js";
import type { LuaKind } from "./shape.js";
import { TOO_MUCH_KEPT } from "./trap-words.js";
import { TARGET_FIELD } from "./values.js";

/** Thrown out of a tick at a callback that no script could have ended: the tick is to be run again without it. */
export class Trapped extends Error {
  /** Names the callback within its tick. */
  readonly key: string;
  readonly fault: StepFault;
  readonly fuelLeft: number;

  constructor(key: string, callback: string, { message, entity, fuelLeft }: LuaFailure) {
    super(message);
    this.key = key;
    this.fault = { error: new LuaError(message), where: `${callback} of ${entityName(entity)}` };
    this.fuelLeft = fuelLeft;
  }
}

/** Key of the collection of garbage. */
export const COLLECTOR = "collector";

/** Runs the scripts' callbacks in one runtime: errors go to its host, traps come out as `Trapped`. */
export class Callbacks {
  /** What the callbacks of the last tick left of its fuel. */
  fuelLeft = 0;
  /** Keys of callbacks that are left out. */
  readonly suppressed: Set<string> = new Set();
  readonly #runtime: LuaRuntime;
  readonly #host: RunningHost;

  constructor(runtime: LuaRuntime, host: RunningHost) {
    this.#runtime = runtime;
    this.#host = host;
  }

  /** The world and the players, then their chunks, then their `on_start`. */
  createFirst(kairos: string, slots: readonly Slot[], hasWorld: boolean): void {
    const { lua, values } = this.#runtime;
    this.#prelude("set_match", () => {
      lua.pushText(lua.main, kairos);
      return 1;
    });
    const first: readonly number[] = hasWorld ? [WORLD_ENTITY, ...slots] : slots;
    for (const number of first) {
      this.#prelude("create", () => {
        lua.pushText(lua.main, isSlot(number) ? "player" : "world");
        lua.pushInteger(lua.main, number);
        values.push(lua.main, isSlot(number) ? number : undefined);
        return 3;
      });
    }
    for (const [name, callback] of FIRST_CALLBACKS) {
      for (const number of first) {
        this.#script(`${name} ${number}`, callback, name, () => {
          lua.pushInteger(lua.main, number);
          return 1;
        });
      }
    }
    this.collect();
  }

  beginTick(tick: ChronosTick): void {
    this.#prelude("begin_tick", () => {
      this.#runtime.lua.pushInteger(this.#runtime.lua.main, tick);
      return 1;
    });
  }

  /** Runs `on_<kind>` of the entity that an event goes to. `position` is its place in the tick. */
  deliver(kind: LuaKind, evt: EventEnvelope, position: number): void {
    const { suppressed } = this;
    if (suppressed.size > 0 && suppressed.has(`event ${position}`)) return;
    const failure = this.#runtime.deliver(kind, () => this.#pushEvent(kind, evt));
    if (failure !== undefined) this.#failed(`event ${position}`, `on_${evt.kind}`, failure);
  }

  #pushEvent({ shape, fields }: LuaKind, { author, slot, payload, id }: EventEnvelope): number {
    const { lua, values } = this.#runtime;
    const { api, main } = lua;
    const isMap = typeof payload === "object" && payload !== null;
    const target = isMap ? (payload as Record<string, unknown>)[TARGET_FIELD] : undefined;
    lua.pushInteger(main, id);
    lua.pushInteger(main, typeof target === "number" ? target : slot);
    let count = 3;
    if (fields === undefined) values.push(main, payload, shape);
    else count = 2 + values.pushFields(main, isMap ? payload : {}, fields);
    if (target === undefined && author === slot) return count;
    lua.pushInteger(main, slot);
    if (author === "simulation") api.lua_pushnil(main);
    else lua.pushInteger(main, author);
    return count + 2;
  }

  /** Runs the delays that are due, then `on_tick` of every entity. */
  runJobs(): void {
    const { lua } = this.#runtime;
    let count = 0;
    this.#prelude("prepare_jobs", undefined, () => {
      count = lua.numberAt(lua.main, 2);
    });
    for (let from = 1; from <= count; ) {
      const failure = this.#runtime.call("run_jobs", () => {
        lua.pushInteger(lua.main, from);
        if (this.suppressed.size === 0) return 1;
        this.#pushSuppressed();
        return 2;
      });
      if (failure === undefined) return;
      const callback = failure.delay === 0 ? "on_tick" : "a delayed function";
      const key = failure.delay === 0 ? `tick ${failure.entity}` : `delay ${failure.delay}`;
      this.#failed(key, callback, failure);
      from = failure.job + 1;
    }
  }

  #pushSuppressed(): void {
    const { lua } = this.#runtime;
    const { api, main } = lua;
    api.lua_createtable(main, 0, this.suppressed.size);
    for (const key of this.suppressed) {
      lua.pushText(main, key);
      api.lua_pushboolean(main, 1);
      api.lua_rawset(main, -3);
    }
  }

  /** Ends a tick; `isSilent` where no script may run any more. */
  endTick(isSilent: boolean): void {
    const { machine } = this.#runtime;
    this.fuelLeft = Math.max(0, machine.fuel);
    machine.refuel(FUEL_AT_END);
    this.#prelude("end_tick");
    if (!isSilent) this.collect();
  }

  /** A step of the collector, which may run what scripts have set as `__gc`. */
  collect(): void {
    if (this.suppressed.has(COLLECTOR)) return;
    const failure = this.#runtime.call("collect");
    if (failure === undefined) return;
    const isByItself = failure.fuelLeft < 0 && !WITH_PLACE.test(failure.message);
    const told = isByItself ? { ...failure, message: TOO_MUCH_KEPT } : failure;
    this.#failed(COLLECTOR, "the collection of garbage", told);
  }

  /** Runs one callback of a script, unless it is left out. */
  #script(key: string, callback: string, name: EngineFunction, push: () => number): void {
    if (this.suppressed.has(key)) return;
    const failure = this.#runtime.call(name, push);
    if (failure !== undefined) this.#failed(key, callback, failure);
  }

  #failed(key: string, callback: string, failure: LuaFailure): void {
    if (failure.isTrap) {
      const message = this.#runtime.placed(failure, callback);
      throw new Trapped(key, callback, { ...failure, message });
    }
    this.#host.report(failure.entity, callback, failure.message);
  }

  /** The prelude's own work: what goes wrong there is for want of fuel or memory, and nobody's callback. */
  #prelude(name: EngineFunction, push?: () => number, read?: () => void): void {
    const failure = this.#runtime.call(name, push, read);
    if (failure === undefined) return;
    if (!failure.isTrap) invariant(false, `the prelude's ${name}: ${failure.message}`);
    throw new Trapped(`prelude ${name}`, "the engine's own part", failure);
  }
}

const FIRST_CALLBACKS = [
  ["run_chunk", "the script"],
  ["run_start", "on_start"],
] as const;
