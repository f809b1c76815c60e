import { asSlot, chronosTick, type Hash, type KairosBranchId } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { hashOfBytes } from "../core/base/text.js";
import { WORLD_ENTITY } from "../core/bridge/bus.js";
import { encode } from "../core/envelope/codec.js";
import { GAME_MARK, type Game, Snapshot } from "../core/session/simulation.js";
import { DEFAULT_TICK_HZ } from "../game/limits.js";
import { DeclarationDesk, type Declarations } from "./declarations.js";
import { installedGlue } from "./glue.js";
import { FUEL_AT_START, FUEL_PER_TICK } from "./limits.js";
import { LuaModule } from "./machine.js";
import { NOBODY } from "./match-host.js";
import { PRELUDE } from "./prelude.js";
import { LuaRuntime, LuaSyntaxError, type Script } from "./runtime.js";
import { type LuaGameParts, LuaSimulation } from "./simulation.js";
import { type LuaSource, readLuaFiles } from "./source.js";

export interface LuaGameOptions {
  /** Bytes of wasmoon's `dist/glue.wasm`; Node finds them by itself. */
  readonly glue?: Uint8Array;
}

/** A game of Lua scripts. */
export interface LuaGame extends Game {
  readonly [GAME_MARK]: true;
  readonly scripts: readonly Script[];
  createSimulation(): LuaSimulation;
}

const VERSION = "1";
const modules = new WeakMap<Uint8Array, LuaModule>();
const WARM_UP_TICKS = 32;

/**
 * Makes a game of Lua scripts: of a file, or of a folder with `player.lua`, `world.lua` and others to spawn. Its
 * fingerprint covers every byte of the scripts and of what runs them. Throws `EchoNetError` `GAME_INVALID`, with file
 * and line where a script is at fault.
 */
export async function loadLuaGame(source: LuaSource, options: LuaGameOptions = {}): Promise<LuaGame> {
  const { name, scripts } = readLuaFiles(source);
  const glue = options.glue ?? installedGlue();
  let module = modules.get(glue);
  if (module === undefined) {
    module = new LuaModule(glue);
    modules.set(glue, module);
  }
  const tickHz = DEFAULT_TICK_HZ;
  const declarations = declarationsOf(module, scripts, tickHz);
  const parts: LuaGameParts = {
    module,
    scripts,
    tickHz,
    declarations,
    fingerprint: fingerprintOf(module, scripts, tickHz),
  };
  warmUp(new LuaSimulation(parts));
  return {
    [GAME_MARK]: true,
    name,
    version: VERSION,
    tickHz,
    fingerprint: parts.fingerprint,
    catalog: declarations.catalog,
    scripts,
    createSimulation: () => new LuaSimulation(parts),
  };
}

function fingerprintOf(module: LuaModule, scripts: readonly Script[], tickHz: number): Hash {
  const files = scripts.map(({ name, file, text }) => [name, file, text]);
  return hashOfBytes(domainHash("lua game", encode([module.report.fingerprint, PRELUDE, tickHz, files])));
}

/** Runs every script once, on a Lua that is thrown away, to hear what it declares. */
function declarationsOf(module: LuaModule, scripts: readonly Script[], tickHz: number): Declarations {
  const desk = new DeclarationDesk();
  const host = {
    ...NOBODY,
    event: desk.event.bind(desk),
    component: desk.component.bind(desk),
  };
  const runtime = openRuntime(module, scripts, tickHz);
  runtime.serve(host);
  const { lua } = runtime;
  scripts.forEach(({ name }, index) => {
    const number = NUMBERS.get(name) ?? WORLD_ENTITY + 1 + index;
    runtime.machine.refuel(FUEL_AT_START);
    const failure =
      runtime.call("create", () => {
        lua.pushText(lua.main, name);
        lua.pushInteger(lua.main, number);
        if (number > 0) return 2;
        lua.pushInteger(lua.main, number);
        return 3;
      }) ??
      runtime.call("run_chunk", () => {
        lua.pushInteger(lua.main, number);
        return 1;
      });
    if (failure !== undefined) throw new EchoNetError("GAME_INVALID", failure.message);
  });
  return desk.finish(scripts);
}

/** Entities of the first run. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["player", 0],
  ["world", WORLD_ENTITY],
]);

function openRuntime(module: LuaModule, scripts: readonly Script[], tickHz: number): LuaRuntime {
  try {
    return new LuaRuntime(module, scripts, tickHz, NOBODY);
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    throw new EchoNetError("GAME_INVALID", error.message);
  }
}

/** Engines run a module slowly at first, and fast once they have seen where it spends its time. */
function warmUp(simulation: LuaSimulation): void {
  const snapshot = new Snapshot();
  const kairos = "0".repeat(32) as KairosBranchId;
  simulation.begin({ kairos, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] });
  let fuel = 0;
  for (let tick = 1; tick <= WARM_UP_TICKS && fuel < FUEL_PER_TICK; tick++) {
    simulation.saveInto(snapshot);
    simulation.step(chronosTick(tick), []);
    fuel += simulation.fuelUsed;
  }
}
