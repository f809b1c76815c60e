/** A process for each library, so that none pays for another's garbage or compiled code. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { CONTENDERS } from "./contenders.js";
import { idleBytesPerTick } from "./idle.js";
import { type Figures, play } from "./play.js";
import type { Work } from "./work.js";

/** What a worker is asked for: a match, or what an idle tick allocates. */
type Task =
  | { readonly type: "play"; readonly work: Work }
  | { readonly type: "idle"; readonly players: number };

type Answer = { readonly figures?: Figures; readonly idleBytes?: number } | { readonly error: string };

const WORKER_FLAG = "--measure-one-library";

/** Serves tasks until the parent goes; returns false in a process that is no worker. */
export function serveAsWorker(): boolean {
  const at = process.argv.indexOf(WORKER_FLAG);
  if (at < 0) return false;
  const name = process.argv[at + 1];
  const contender = CONTENDERS.find((candidate) => candidate.name === name)!;
  const answer = async (task: Task): Promise<Answer> => {
    try {
      if (task.type === "play") return { figures: await play(contender, task.work) };
      return { idleBytes: await idleBytesPerTick(contender, task.players) };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on("message", async (task: Task) => process.send!(await answer(task)));
  process.on("disconnect", () => process.exit(0));
  return true;
}

/** A library in a process of its own. */
export class Worker {
  readonly #process: ChildProcess;

  constructor(name: string) {
    this.#process = fork(process.argv[1]!, [WORKER_FLAG, name], { execArgv: ["--expose-gc"] });
  }

  async play(work: Work): Promise<Figures> {
    return (await this.#ask({ type: "play", work })).figures!;
  }

  async idleBytesPerTick(players: number): Promise<number> {
    return (await this.#ask({ type: "idle", players })).idleBytes!;
  }

  async #ask(task: Task): Promise<Exclude<Answer, { error: string }>> {
    this.#process.send(task);
    const [answer] = (await once(this.#process, "message")) as [Answer];
    if ("error" in answer) throw new Error(answer.error);
    return answer;
  }

  close(): void {
    this.#process.disconnect();
  }
}
