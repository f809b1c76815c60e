import { EchoNetError } from "../core/base/errors.js";

/**
 * Why a module cannot be prepared.
 *
 * - `malformed` the bytes are no WebAssembly, or break off
 * - `invalid` the engine's own validation refuses them
 * - `too-large` a bound of `limits.ts` or of the options is passed
 * - `reserved-name` an export has a name that the transform needs
 * - `unknown-import` something is imported that nobody provides, or with another type
 * - `unsupported` an instruction or section of no known meaning
 * - the others name a feature that is never deterministic, or that no snapshot could hold
 */
export type ModuleRefusal =
  | "malformed"
  | "invalid"
  | "too-large"
  | "reserved-name"
  | "unknown-import"
  | "unsupported"
  | "threads"
  | "shared-memory"
  | "relaxed-simd"
  | "table-mutation"
  | "exception-handling"
  | "memory64"
  | "several-memories"
  | "garbage-collection"
  | "tail-calls"
  | "mutable-reference";

/** A module that cannot be prepared. `offset` counts bytes from the start of the file. */
export class ModuleRefused extends EchoNetError {
  readonly reason: ModuleRefusal;
  readonly section: string;
  readonly offset: number;

  constructor(reason: ModuleRefusal, section: string, offset: number, what: string) {
    super("GAME_INVALID", `${section} at offset ${offset}: ${what}`);
    this.reason = reason;
    this.section = section;
    this.offset = offset;
  }
}
