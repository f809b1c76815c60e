import { blake3Bytes } from "../core/base/hash.js";
import { BLOCK_BYTES, DIGEST_BYTES, DIGESTS_AT, kernelModule, LANES } from "./blake3-kernel.js";
import { compileModule, instantiate, isValidModule, type WasmFunction, type WasmMemory } from "./engine.js";

interface Instance {
  readonly hash: WasmFunction;
  readonly memory: Uint8Array;
}

let shared: Instance | undefined;

/** Undefined where the engine has no vectors. */
function sharedInstance(): Instance | undefined {
  if (shared !== undefined) return shared;
  const bytes = kernelModule();
  if (!isValidModule(bytes)) return undefined;
  const exports = instantiate(compileModule(bytes), {});
  shared = { hash: exports.f as WasmFunction, memory: new Uint8Array((exports.m as WasmMemory).buffer) };
  return shared;
}

/** BLAKE3 of blocks, four at once where the engine has vectors. */
export class BlockDigests {
  readonly #instance = sharedInstance();

  /** Writes the digests of these blocks of `memory`, by number, each to its place in `digests`. */
  write(memory: Uint8Array, blocks: readonly number[], digests: Uint8Array): void {
    const instance = this.#instance;
    for (let first = 0; first < blocks.length; first += LANES) {
      const last = Math.min(first + LANES, blocks.length);
      if (instance === undefined) {
        for (let i = first; i < last; i++)
          digests.set(blake3Bytes(blockOf(memory, blocks[i]!)), blocks[i]! * DIGEST_BYTES);
        continue;
      }
      for (let i = first; i < last; i++)
        instance.memory.set(blockOf(memory, blocks[i]!), (i - first) * BLOCK_BYTES);
      instance.hash();
      for (let i = first; i < last; i++) {
        const at = DIGESTS_AT + (i - first) * DIGEST_BYTES;
        digests.set(instance.memory.subarray(at, at + DIGEST_BYTES), blocks[i]! * DIGEST_BYTES);
      }
    }
  }
}

const blockOf = (memory: Uint8Array, block: number): Uint8Array =>
  memory.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
