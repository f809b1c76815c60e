/** Spreads seeds over processes and shows how far they are. */
import { fork } from "node:child_process";
import { say } from "./house.mjs";

/** A match that takes longer than this is stuck: the slowest take a few seconds. */
const STUCK_MS = 600_000;
/** Without a terminal to draw on, a line says so often how far it is. */
const LINE_EVERY_MS = 10_000;

export class SeedRunner {
  #options;
  #next;
  #end;
  /** By process: the seed that it plays. */
  #playing = new Map();
  #done = 0;
  #failures = [];
  #marks = {};
  #cpuMs = 0;
  #ticks = 0;
  #toldMs = 0;
  #startedMs = performance.now();
  #stopped = false;

  /** `worker` is a module that answers each seed that it is sent, as test/seeded/soak-worker.ts does. */
  constructor(options) {
    this.#options = options;
    this.#next = options.from;
    this.#end = options.from + options.seeds;
  }

  /** Plays all seeds. */
  async run() {
    const { jobs, seeds } = this.#options;
    await Promise.all(Array.from({ length: Math.min(jobs, seeds) }, () => this.#work()));
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    const failures = this.#failures.sort((a, b) => a - b);
    return { failures, marks: this.#marks, cpuSeconds: this.#cpuMs / 1000, ticks: this.#ticks };
  }

  /** Ends all processes; gives the first seed that was not played to its end. */
  stop() {
    this.#stopped = true;
    const next = Math.min(this.#next, ...[...this.#playing.values()].map(({ seed }) => seed));
    for (const child of this.#playing.keys()) child.kill();
    return next;
  }

  /** One process after another, until no seed is left: a new one takes over where one died. */
  async #work() {
    while (!this.#stopped && this.#next < this.#end) await new Promise((resolve) => this.#start(resolve));
  }

  #start(ended) {
    const child = fork(this.#options.worker);
    let timer;
    const give = () => {
      clearTimeout(timer);
      this.#playing.delete(child);
      if (this.#next >= this.#end) {
        child.disconnect();
        return;
      }
      const seed = this.#next++;
      this.#playing.set(child, { seed });
      timer = setTimeout(() => child.kill("SIGKILL"), STUCK_MS);
      child.send(seed);
    };
    child.on("message", (message) => {
      if (message.names === undefined) this.#take(message);
      else for (const name of message.names) this.#marks[name] ??= { total: 0, inSeeds: 0 };
      give();
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      const seed = this.#playing.get(child)?.seed;
      this.#playing.delete(child);
      if (seed !== undefined && !this.#stopped) {
        const repeat = `repeat it with: npm run soak -- --seeds 1 --from ${seed}`;
        this.#take({
          seed,
          error: `seed ${seed}: its process ended (${signal ?? code})\n${repeat}`,
          cpuMs: 0,
        });
      }
      ended();
    });
  }

  #take({ seed, error, marks = {}, cpuMs, finalTick = 0 }) {
    this.#done++;
    this.#cpuMs += cpuMs;
    this.#ticks += finalTick;
    for (const [mark, count] of Object.entries(marks)) {
      this.#marks[mark].total += count;
      if (count > 0) this.#marks[mark].inSeeds++;
    }
    if (error !== undefined) {
      this.#failures.push(seed);
      if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
      say(`\nFailed: ${error}\n`);
    }
    this.#show();
  }

  #show() {
    const nowMs = performance.now();
    const { seeds } = this.#options;
    const left = (((nowMs - this.#startedMs) / this.#done) * (seeds - this.#done)) / 60_000;
    const failed = this.#failures.length === 0 ? "" : `, ${this.#failures.length} failed`;
    const text = `  ${this.#done} of ${seeds} seeds${failed}, about ${left.toFixed(1)} minutes to go`;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
    else if (nowMs - this.#toldMs >= LINE_EVERY_MS || this.#done === seeds) {
      this.#toldMs = nowMs;
      say(text);
    }
  }
}
