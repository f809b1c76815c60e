import { Script } from "node:vm";
import { releaseGuards } from "../game/guards.js";
import { CliError } from "./exit.js";
import { STRETCH_MS, STUCK_MS } from "./limits.js";

/** Where the script finds its work: it shares nothing with its caller but the global object. */
const WORK = Symbol.for("echo-net stretch");
const platform = globalThis as { [WORK]?: () => void };
const script = new Script('globalThis[Symbol.for("echo-net stretch")]()');

/**
 * Runs a game's code for a short while: calls `goOn` as long as it gives true, and comes back so that signals and
 * timers have their turn. A call that does not come back is broken off, and whatever it was about is left as it is.
 *
 * Throws `CliError`: 130 where the user interrupts, unless `breakOnSigint` is false and the signal has to wait; 1
 * where one call takes longer than a tick ever may; `where` names the code that was running.
 */
export function stretch(goOn: () => boolean, where: () => string, breakOnSigint = true): void {
  const stuckMs = Number(process.env.ECHO_NET_STUCK_MS) || STUCK_MS;
  platform[WORK] = () => {
    const endMs = performance.now() + STRETCH_MS;
    while (goOn() && performance.now() < endMs);
  };
  try {
    script.runInThisContext({ timeout: STRETCH_MS + stuckMs, breakOnSigint });
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    if (code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED" && code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    // What is broken off runs no `finally`.
    releaseGuards();
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw new CliError(130, "interrupted");
    throw new CliError(
      1,
      `${where()} has not come back for ${stuckMs / 1000} s: most likely a loop in it never ends, or does far too much for one tick; look there for a while or for whose condition stays true`,
    );
  } finally {
    delete platform[WORK];
  }
}
