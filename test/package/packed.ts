import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { root } from "../tidy/modules.js";
import { openRegistry, type Registry } from "./registry.js";

const tidying: (() => void)[] = [];
afterAll(() => {
  for (const tidy of tidying) tidy();
});

/** A place where people install packages: a folder, and a registry that has what the project has. */
export interface Workplace {
  readonly folder: string;
  /** The package as it would be published, in the folder. */
  readonly tarball: string;
  /** What programs that run there find in their environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** Packs what was built. The workplace is gone after the file's tests. */
export async function workplace(): Promise<Workplace> {
  if (!existsSync(`${root}dist/browser/index.js`)) throw new Error("the package is not built: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "echo-net-work-"));
  tidying.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const registry: Registry = await openRegistry();
  tidying.push(() => registry.close());
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|VITEST|NODE_ENV$|NODE_OPTIONS$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(kept),
    npm_config_registry: registry.url,
    npm_config_cache: join(folder, ".npm"),
    npm_config_userconfig: join(folder, ".npmrc"),
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
  const packing = await runIn(
    { folder: root, env },
    `npm pack --ignore-scripts --pack-destination "${folder}"`,
  );
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`npm pack made no tarball: ${packing.output}`);
  return { folder, tarball, env };
}

/** How a command line ended. */
export interface Ended {
  readonly code: number | null;
  /** All that it wrote, to either side. */
  readonly output: string;
}

/** Runs a command line in a shell, to its end. */
export const runIn = (place: Pick<Workplace, "folder" | "env">, line: string): Promise<Ended> =>
  new Started(place, line).ended;

/** A command line on its way in a shell; what it left running ends with the test. */
export class Started {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  output = "";

  constructor({ folder, env }: Pick<Workplace, "folder" | "env">, line: string) {
    const child = spawn("/bin/sh", ["-c", line], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => resolve({ code, output: this.output }));
    });
  }

  /** What the pattern's group is in the output, once it is. Rejects where the program ends before. */
  async said(pattern: RegExp): Promise<string> {
    let code: number | null | undefined;
    void this.ended.then((ended) => {
      code = ended.code;
    });
    for (;;) {
      const found = pattern.exec(this.output)?.[1];
      if (found !== undefined) return found;
      if (code !== undefined) throw new Error(`it ended with ${code} before ${pattern}: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends it and what it started, as ctrl-c does. */
  interrupt(): void {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGINT");
    } catch {
      // It went by itself.
    }
  }
}

/** As `new Started`, ended with the test. */
export function start(place: Pick<Workplace, "folder" | "env">, line: string): Started {
  const started = new Started(place, line);
  onTestFinished(async () => {
    started.interrupt();
    await started.ended;
  });
  return started;
}

/** A new folder in a workplace. */
export function folderIn({ folder, env }: Workplace, name: string): Pick<Workplace, "folder" | "env"> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return { folder: path, env };
}
