/** What the page in Chromium runs: the same report as each tier of Node's compiler gives. */
import { type TierReport, tierReport } from "./tiers.js";

const inPage = {
  ready: true,

  /** `glue` is wasmoon's module in base64, since a page reads nothing from a disk. */
  async tiers(ticks: number, glue: string): Promise<TierReport> {
    return tierReport(
      ticks,
      Uint8Array.from(atob(glue), (one) => one.charCodeAt(0)),
    );
  },
};

Object.assign(globalThis, inPage);
