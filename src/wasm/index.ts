/** Games that are WebAssembly modules, and the transform that makes any module run alike everywhere. */
export type { ModuleGlue, ModuleSource } from "./glue.js";
export { loadWasmGame, type WasmGame, type WasmGameOptions } from "./load.js";
export { defineModuleGame, type ModuleGame, type ModuleGameSpec } from "./module-game.js";
export type { ImportRule, PrepareOptions } from "./options.js";
export { type PreparedModule, type PrepareReport, prepare, TRANSFORM_VERSION } from "./prepare.js";
export { type ModuleRefusal, ModuleRefused } from "./refusal.js";
export { ModuleTrap, type TrapKind } from "./trap.js";
