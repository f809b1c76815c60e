import { blake3Bytes } from "../core/base/hash.js";
import { toHex } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";
import { partsOf } from "./machine.js";
import type { PrepareReport } from "./prepare.js";

/** Bytes of memory that one entry of an inspection stands for. */
const BLOCK_BYTES = 1024;

/** A saved state as a tree: what the module shows of itself, and of memory and globals what tells two states apart. */
export function inspectSaved(
  report: PrepareReport,
  saved: Uint8Array,
  view: Value | undefined,
): { [key: string]: Value } {
  const { globals, memory } = partsOf(report, saved);
  const blocks: Record<string, Value> = {};
  for (let at = 0; at < memory.length; at += BLOCK_BYTES) {
    const block = memory.subarray(at, at + BLOCK_BYTES);
    if (block.some((byte) => byte !== 0)) {
      blocks[`0x${at.toString(16)}`] = toHex(blake3Bytes(block).subarray(0, 8));
    }
  }
  return {
    ...(view === undefined ? {} : { view }),
    globals: toHex(globals),
    memory: { bytes: memory.length, blocks },
  };
}
