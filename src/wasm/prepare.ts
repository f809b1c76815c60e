import type { Hash } from "../core/base/brand.js";
import { blake3Bytes, domainHash } from "../core/base/hash.js";
import { hashOfBytes } from "../core/base/text.js";
import { encode } from "../core/envelope/codec.js";
import { checkAgainst, savedBytes, savedGlobals } from "./additions.js";
import { buildModule } from "./build.js";
import { isValidModule } from "./engine.js";
import { MAX_MODULE_BYTES, PAGE_BYTES } from "./limits.js";
import { functionTypeOf, type ModuleExport, type ParsedModule } from "./module.js";
import { type PrepareOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { parseModule } from "./parse.js";
import { ModuleRefused } from "./refusal.js";
import type { RewriteCounts } from "./rewriting.js";
import { describeType } from "./value-types.js";

/** Changes whenever the transform's output may: peers of different versions do not meet. */
export const TRANSFORM_VERSION = 2;

/** What was made of a module. */
export interface PrepareReport extends RewriteCounts {
  /** Over the transform's version, its options and the module's bytes: what decides where and how it runs. */
  readonly fingerprint: Hash;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly functions: number;
  /** What it imports, as `module.name`. */
  readonly imports: readonly string[];
  /** What it exports: of a function its type, `(i32) -> ()`, else `table`, `memory` or `global`. */
  readonly exports: ReadonlyMap<string, string>;
  readonly initialPages: number;
  /** Pages that it may grow to: the option, or the module's own maximum where that is less. */
  readonly capPages: number;
  /** Where the pages for what is handed in begin, in bytes. */
  readonly ioStart: number;
  /** Estimated bytes of stack at which nested calls trap. */
  readonly stackBytes: number;
  readonly mutableGlobals: number;
  /** Bytes that the mutable globals take when they are saved. */
  readonly globalBytes: number;
}

export interface PreparedModule {
  readonly bytes: Uint8Array;
  readonly report: PrepareReport;
}

/**
 * Rewrites a module so that it runs alike in every engine, within a bound of instructions, stack and memory, and so
 * that everything that can change in it can be saved: see docs/wasm.md. Throws `ModuleRefused` where that cannot be.
 */
export function prepare(bytes: Uint8Array, options: PrepareOptions = {}): PreparedModule {
  const resolved = resolveOptions(options);
  if (bytes.length > MAX_MODULE_BYTES) {
    throw new ModuleRefused("too-large", "file", 0, `${bytes.length} bytes; ${MAX_MODULE_BYTES} are allowed`);
  }
  const module = parseModule(bytes);
  if (!isValidModule(bytes)) {
    throw new ModuleRefused(
      "invalid",
      "file",
      0,
      "it is no valid WebAssembly: its types or indices do not fit",
    );
  }
  checkAgainst(module, resolved);
  const capPages = capOf(module, resolved);
  const counts: RewriteCounts = {
    canonicalSites: 0,
    skippedSites: 0,
    charges: 0,
    guardedStores: 0,
    deepFunctions: 0,
  };
  const output = buildModule(module, resolved, capPages, counts);
  if (!isValidModule(output)) {
    throw new ModuleRefused(
      "too-large",
      "file",
      0,
      "with what has to be added it passes a bound of the engine",
    );
  }
  const saved = savedGlobals(module);
  const report: PrepareReport = {
    ...counts,
    fingerprint: fingerprintOf(bytes, resolved),
    inputBytes: bytes.length,
    outputBytes: output.length,
    functions: module.functions.length,
    imports: module.imports.map(({ module: from, name }) => `${from}.${name}`),
    exports: new Map(module.exports.map((one) => [one.name, describeExport(module, one)])),
    initialPages: module.memory?.initialPages ?? 0,
    capPages,
    ioStart: capPages * PAGE_BYTES,
    stackBytes: resolved.stackBytes,
    mutableGlobals: saved.length,
    globalBytes: savedBytes(saved),
  };
  return { bytes: output, report };
}

const describeExport = (module: ParsedModule, { kind, index }: ModuleExport): string =>
  kind === 0 ? describeType(functionTypeOf(module, index)) : (["", "table", "memory"][kind] ?? "global");

const capOf = ({ memory }: ParsedModule, { memoryCapPages }: ResolvedOptions): number =>
  memory === undefined ? 0 : Math.min(memoryCapPages, memory.maximumPages);

function fingerprintOf(bytes: Uint8Array, options: ResolvedOptions): Hash {
  const imports = options.imports.map(({ module, name, type = "", fuel }) => [module, name, type, fuel]);
  const settings = encode([TRANSFORM_VERSION, { ...options, imports }]);
  return hashOfBytes(domainHash("wasm module", blake3Bytes(settings), blake3Bytes(bytes)));
}
