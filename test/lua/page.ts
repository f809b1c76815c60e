/** What the page in a browser runs: the same as each tier of Node's compiler. */
import { suspectHashes, type TierReport, tierReport } from "./tiers.js";

/** A page reads nothing from a disk: what it needs comes in base64. */
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

const inPage = {
  ready: true,

  /** `glue` is wasmoon's module in base64. */
  tiers: (ticks: number, glue: string): Promise<TierReport> => tierReport(ticks, bytesOf(glue)),
  suspects: (ticks: number, glue: string): Promise<string[]> => suspectHashes(ticks, bytesOf(glue)),
};

Object.assign(globalThis, inPage);
