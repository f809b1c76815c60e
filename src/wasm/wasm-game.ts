import type { Hash } from "../core/base/brand.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { ModuleDeclaration } from "./declaration.js";
import type { CompiledModule } from "./machine.js";

/** What a module comes down to once it is loaded. */
export interface WasmGameParts {
  readonly fingerprint: Hash;
  readonly catalog: EventCatalog;
  readonly declaration: ModuleDeclaration;
  readonly compiled: CompiledModule;
}
