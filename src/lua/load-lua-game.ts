import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import { refuseGame } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { hashOfBytes, utf8Encode } from "../core/base/text.js";
import { WORLD_ENTITY } from "../core/bridge/bus.js";
import {
  type BundledGame,
  encodeBundle,
  fingerprintOfBundle,
  parseBundle,
} from "../core/bundle/game-bundle.js";
import { encode } from "../core/envelope/codec.js";
import { GAME_MARK, Snapshot } from "../core/session/simulation.js";
import { DEFAULT_TICK_HZ } from "../game/limits.js";
import { DeclarationDesk, type Declarations } from "./declarations.js";
import { explained } from "./explain.js";
import { installedGlue } from "./glue.js";
import { FUEL_AT_START, FUEL_PER_TICK } from "./limits.js";
import { LuaModule } from "./machine.js";
import { NOBODY } from "./match-host.js";
import { PRELUDE } from "./prelude.js";
import { LuaRuntime, LuaSyntaxError, type Script } from "./runtime.js";
import { type LuaGameParts, LuaSimulation } from "./simulation.js";
import { type LuaSource, readLuaFiles } from "./source.js";

export interface LuaGameOptions {
  /** Bytes of `echo-net/lua.wasm`, which is wasmoon's `dist/glue.wasm`; Node finds them by itself. */
  readonly glue?: Uint8Array;
  /** The game's name: that of the file or folder where left out, or `game` where the files were handed in. */
  readonly name?: string;
}

/** A game of Lua scripts. */
export interface LuaGame extends BundledGame {
  readonly [GAME_MARK]: true;
  /** The scripts as canonical bytes: with them a journal replays anywhere, and others join without a file. */
  readonly bundle: Uint8Array;
  readonly scripts: readonly Script[];
  createSimulation(): LuaSimulation;
}

const VERSION = "1";
/** Changes whenever equal scripts may run otherwise than they did, beside what Lua and the prelude say. */
const ENGINE_VERSION = 3;
const modules = new WeakMap<Uint8Array, LuaModule>();
const WARM_UP_TICKS = 32;

/**
 * Makes a game of Lua scripts: of a file, or of a folder with `player.lua`, `world.lua` and others to spawn. Its
 * fingerprint covers its name, every byte of the scripts and what runs them. Throws `EchoNetError` `GAME_INVALID`, with file
 * and line where a script is at fault.
 */
export async function loadLuaGame(source: LuaSource, options: LuaGameOptions = {}): Promise<LuaGame> {
  const { name, scripts } = readLuaFiles(source, options.name);
  const glue = options.glue ?? installedGlue();
  let module = modules.get(glue);
  if (module === undefined) {
    module = new LuaModule(glue);
    modules.set(glue, module);
  }
  const tickHz = DEFAULT_TICK_HZ;
  const bundle = luaBundle(module, name, scripts, tickHz);
  const declarations = declarationsOf(module, scripts, tickHz);
  const parts: LuaGameParts = {
    module,
    scripts,
    tickHz,
    declarations,
    fingerprint: fingerprintOfBundle(bundle),
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
    bundle,
    createSimulation: () => new LuaSimulation(parts),
  };
}

/** The bundle of these scripts. Throws `GAME_INVALID` where they do not fit one. */
function luaBundle(module: LuaModule, name: string, scripts: readonly Script[], tickHz: number): Uint8Array {
  const files = Object.fromEntries(scripts.map(({ file, text }) => [file, utf8Encode(text)!]));
  const engine = domainHash(
    "lua engine",
    encode([ENGINE_VERSION, module.report.fingerprint, PRELUDE, tickHz]),
  );
  const bytes = encodeBundle({ kind: "lua", engine: hashOfBytes(engine), name, settings: {}, files });
  const bundle = parseBundle(bytes);
  if (typeof bundle !== "string") return bytes;
  refuseGame(`${name} cannot be bundled: ${bundle}`);
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
    if (failure !== undefined) refuseGame(explained(failure.message));
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
    refuseGame(error.message);
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
