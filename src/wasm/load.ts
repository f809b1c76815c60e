import { EchoNetError, refuseGame, wordsOf } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { hashOfBytes } from "../core/base/text.js";
import { type BundledGame, encodeBundle, fingerprintOfBundle } from "../core/bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_MEMORY_PAGES } from "../core/bundle/limits.js";
import { EventCatalog } from "../core/envelope/catalog.js";
import { encode } from "../core/envelope/codec.js";
import { GAME_MARK, type Simulation } from "../core/session/simulation.js";
import { ABI_VERSION, checkExports, IMPORT_RULES } from "./abi.js";
import { type ModuleDeclaration, readDeclaration } from "./declaration.js";
import { compileModule } from "./engine.js";
import { HostDesk, NO_CALLS } from "./host.js";
import { DECLARATION_BYTES, SETUP_FUEL } from "./limits.js";
import { type CompiledModule, Machine } from "./machine.js";
import { resolveOptions } from "./options.js";
import { type PrepareReport, prepare, TRANSFORM_VERSION } from "./prepare.js";
import { WasmSimulation } from "./simulation.js";
import { HostRefusal } from "./trap.js";
import type { WasmGameParts } from "./wasm-game.js";

/** A game that is a WebAssembly module. */
export interface WasmGame extends BundledGame {
  readonly [GAME_MARK]: true;
  /**
   * The module as canonical bytes: with them a journal replays anywhere, and others join without a file. Undefined
   * where they are more than 1 MiB, or the module may take more than 64 MiB of memory.
   */
  readonly bundle: Uint8Array | undefined;
  readonly report: PrepareReport;
}

export interface WasmGameOptions {
  /** Pages of 64 KiB that memory may grow to; 256 where left out. Part of the fingerprint. */
  readonly memoryCapPages?: number;
}

/**
 * Makes a game of a module that follows docs/wasm.md. Its fingerprint covers every byte of it and what runs it. Throws `ModuleRefused`
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
  const { memoryCapPages } = resolveOptions(options);
  const bundle = wasmBundle(bytes, declaration.name, memoryCapPages);
  const fingerprint = fingerprintOfBundle(bundle);
  const travels = bundle.length <= MAX_BUNDLE_BYTES && memoryCapPages <= MAX_BUNDLE_MEMORY_PAGES;
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
    bundle: travels ? bundle : undefined,
    createSimulation: (): Simulation => new WasmSimulation(parts),
  };
}

/** What a bundle calls the module. */
export const MODULE_FILE = "game.wasm";

function wasmBundle(bytes: Uint8Array, name: string, memoryCapPages: number): Uint8Array {
  const { memoryCapPages: _, imports, ...others } = resolveOptions({ imports: IMPORT_RULES });
  const rules = imports.map(({ module, name, type = "", fuel }) => [module, name, type, fuel]);
  const engine = domainHash("wasm engine", encode([ABI_VERSION, TRANSFORM_VERSION, rules, others]));
  return encodeBundle({
    kind: "wasm",
    engine: hashOfBytes(engine),
    name,
    settings: { memoryCapPages },
    files: { [MODULE_FILE]: bytes },
  });
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
      refuseGame(
        `the module is made for version ${String(version)} of docs/wasm.md; this is version ${ABI_VERSION}`,
      );
    }
    machine.call("echo_declare", SETUP_FUEL);
  } catch (cause) {
    if (cause instanceof EchoNetError) throw cause;
    refuseGame(wordsOf(cause));
  }
  if (text === undefined) refuseGame("echo_declare does not call echo.declare");
  return readDeclaration(text);
}

/** What is declared, and what is exported to go with it. */
function checkParts({ device, view }: ModuleDeclaration, { exports }: PrepareReport): void {
  if (device !== undefined && !exports.has("echo_input")) {
    refuseGame("the module declares a device and exports no echo_input that would read it");
  }
  if (view !== undefined && !exports.has("echo_view")) {
    refuseGame("the module declares a view and exports no echo_view that would show it");
  }
}
