import { EchoNetError } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { fromHex, hashOfBytes } from "../core/base/text.js";
import { EventCatalog } from "../core/envelope/catalog.js";
import { GAME_MARK, type Game, type Simulation } from "../core/session/simulation.js";
import { ABI_VERSION, checkExports, IMPORT_RULES } from "./abi.js";
import { type ModuleDeclaration, readDeclaration } from "./declaration.js";
import { compileModule } from "./engine.js";
import { HostDesk, NO_CALLS } from "./host.js";
import { DECLARATION_BYTES, SETUP_FUEL } from "./limits.js";
import { type CompiledModule, Machine } from "./machine.js";
import { type PrepareReport, prepare } from "./prepare.js";
import { WasmSimulation } from "./simulation.js";
import { HostRefusal } from "./trap.js";
import type { WasmGameParts } from "./wasm-game.js";

/** A game that is a WebAssembly module. */
export interface WasmGame extends Game {
  readonly [GAME_MARK]: true;
  /** The module as it was given: with it a journal can be replayed anywhere. */
  readonly bundle: Uint8Array;
  readonly report: PrepareReport;
}

export interface WasmGameOptions {
  /** Pages of 64 KiB that memory may grow to; 256 where left out. Part of the fingerprint. */
  readonly memoryCapPages?: number;
}

/**
 * Makes a game of a module that follows docs/wasm.md. Its fingerprint covers every byte of it. Throws `ModuleRefused`
 * where it cannot be prepared, `EchoNetError` `GAME_INVALID` where it is no game, naming what is missing.
 */
export function loadWasmGame(bytes: Uint8Array, options: WasmGameOptions = {}): WasmGame {
  const prepared = prepare(bytes, { ...options, imports: IMPORT_RULES });
  const { report } = prepared;
  checkExports(report);
  const compiled: CompiledModule = { module: compileModule(prepared.bytes), report };
  const declaration = declarationOf(compiled);
  const catalog = EventCatalog.compile(declaration.events);
  checkParts(declaration, report);
  const fingerprint = hashOfBytes(
    domainHash("wasm game", Uint8Array.of(ABI_VERSION), fromHex(report.fingerprint)!),
  );
  const parts: WasmGameParts = { fingerprint, catalog, declaration, compiled };
  const { name, version, tickHz } = declaration;
  return {
    [GAME_MARK]: true,
    name,
    version,
    tickHz,
    fingerprint,
    catalog,
    report,
    bundle: bytes.slice(),
    createSimulation: (): Simulation => new WasmSimulation(parts),
  };
}

/** What the module says of itself, on a machine that is thrown away. */
function declarationOf(compiled: CompiledModule): ModuleDeclaration {
  const desk = new HostDesk();
  const machine = new Machine(compiled, desk.imports);
  desk.machine = machine;
  let text: string | undefined;
  desk.calls = {
    ...NO_CALLS,
    declare: (given) => {
      if (text !== undefined) throw new HostRefusal("echo.declare is called twice");
      if (given.length > DECLARATION_BYTES) throw new HostRefusal("the declaration is too long");
      text = given;
    },
  };
  try {
    const version = machine.call("echo_abi", SETUP_FUEL);
    if (version !== ABI_VERSION) {
      refuse(
        `the module is made for version ${String(version)} of docs/wasm.md; this is version ${ABI_VERSION}`,
      );
    }
    machine.call("echo_declare", SETUP_FUEL);
  } catch (cause) {
    if (cause instanceof EchoNetError) throw cause;
    refuse(cause instanceof Error ? cause.message : String(cause));
  }
  if (text === undefined) refuse("echo_declare does not call echo.declare");
  return readDeclaration(text);
}

/** What is declared, and what is exported to go with it. */
function checkParts({ device, view }: ModuleDeclaration, { exports }: PrepareReport): void {
  if (device !== undefined && !exports.has("echo_input")) {
    refuse("the module declares a device and exports no echo_input that would read it");
  }
  if (view !== undefined && !exports.has("echo_view")) {
    refuse("the module declares a view and exports no echo_view that would show it");
  }
}

function refuse(hint: string): never {
  throw new EchoNetError("GAME_INVALID", hint);
}
