import type { Mode } from "../core/guard/identity.js";
import type { NetSpec } from "../testing/net-spec.js";
import { usage } from "./exit.js";
import type { CliIo } from "./io.js";
import type { CommonOptions, CorruptFault } from "./options.js";

export interface SimulateOptions extends CommonOptions {
  readonly mode: Mode;
  readonly peers: number;
  readonly ticks: number;
  readonly net: NetSpec;
  readonly seed: number;
  readonly inputDelay: number | "auto";
  readonly window?: number;
  readonly inputs?: string;
  readonly topology: "p2p" | "client-server";
  readonly fault?: CorruptFault;
  readonly journal?: string;
  readonly trace?: "datagrams";
  readonly watch?: true;
}

/** What each option allows by itself, but not beside the others. Throws `CliError` 2. */
export function checkTogether(options: SimulateOptions, io: CliIo): void {
  const { mode, window, fault, peers, ticks, trace, journal, watch } = options;
  if (mode === "lockstep" && window !== undefined) {
    throw usage("--window is for --mode rollback: lockstep predicts nothing");
  }
  if (fault !== undefined && fault.slot >= peers) {
    throw usage(`--fault names slot ${fault.slot}, and the slots are 0 to ${peers - 1}`);
  }
  if (fault !== undefined && fault.tick > ticks) {
    throw usage(`--fault names tick ${fault.tick}, and the match ends at tick ${ticks}`);
  }
  if (trace !== undefined && journal === undefined) {
    throw usage("--trace datagrams goes into the traces of --journal DIR: name a folder");
  }
  if (watch === true && io.stderr.isTTY !== true) {
    throw usage("--watch draws in a terminal, and stderr is none: leave it out");
  }
}
