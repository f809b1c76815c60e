/** A process for Lua's figures, so that its memory and its compiled code are its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { type LuaFigure, luaFigures } from "./lua-figures.js";

const WORKER_FLAG = "--measure-lua";

/** Measures and tells the parent; returns false in a process that is no such worker. */
export function serveAsLuaWorker(): boolean {
  const at = process.argv.indexOf(WORKER_FLAG);
  if (at < 0) return false;
  luaFigures(Number(process.argv[at + 1])).then(
    (figures) => process.send!(figures, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
  return true;
}

export async function measureLua(rounds: number): Promise<readonly LuaFigure[]> {
  const worker = fork(process.argv[1]!, [WORKER_FLAG, String(rounds)], { execArgv: ["--expose-gc"] });
  const failed = once(worker, "exit").then(([code]): never => {
    throw new Error(`Lua could not be measured: the process ended with ${code}`);
  });
  const [figures] = await Promise.race([once(worker, "message"), failed]);
  failed.catch(() => {});
  return figures as readonly LuaFigure[];
}
