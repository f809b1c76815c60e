import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long Firefox may take to start and to run the module, on a machine that does other things as well. */
const START_MS = 120_000;

/** A Firefox that speaks to nobody but the page's own server, and asks nobody anything. */
const QUIET: Readonly<Record<string, boolean | number | string>> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.cache.disk.enable": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.sessionstore.resume_from_crash": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processCount": 1,
  "dom.ipc.processPrelaunch.enabled": false,
  "dom.max_script_run_time": 0,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.http.response.timeout": 0,
  "network.prefetch-next": false,
  "network.proxy.type": 0,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

/**
 * The page asks the server what to do and brings the answer to the question before with it: so it is driven without
 * a driver.
 */
const PAGE = `<!doctype html><title>test</title>
<script>globalThis.problems = [];
addEventListener("error", ({ message }) => problems.push(message));
addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
</script>
<script type="module" src="module.js"></script>
<script type="module">
while (globalThis.ready !== true && problems.length === 0) await new Promise((wake) => setTimeout(wake, 20));
let answer = { ready: globalThis.ready === true, problems };
for (;;) {
  const response = await fetch("next", { method: "POST", body: JSON.stringify(answer) });
  const { name, args } = await response.json();
  try {
    answer = { value: await globalThis[name](...args) };
  } catch (error) {
    answer = { error: String(error) + "\\n" + error?.stack };
  }
}
</script>`;

interface Answer {
  readonly ready?: boolean;
  readonly problems?: readonly string[];
  readonly value?: unknown;
  readonly error?: string;
}

/** A page of a browser that has loaded one module from this machine, and what closes it all again. */
export interface CalledPage {
  /** Calls a global function of the page, with values that JSON holds, and gives what it returns or resolves to. */
  call(name: string, ...args: readonly unknown[]): Promise<any>;
  close(): Promise<void>;
}

/**
 * Serves the module on localhost, opens it in Debian's Firefox (or `ECHO_NET_FIREFOX`) with a profile of its own, and
 * waits until the module ran; `preferences` are Firefox's own, as in about:config.
 */
export async function openInFirefox(
  code: string,
  preferences: Readonly<Record<string, boolean | number | string>> = {},
): Promise<CalledPage> {
  const desk = new Desk(code);
  await desk.listen();
  const home = mkdtempSync(join(tmpdir(), "echo-net-firefox-"));
  const lines = Object.entries({ ...QUIET, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(home, "user.js"), lines.join(""));
  const browser = start(home, desk.url);
  const killed = (): void => kill(browser);
  process.once("exit", killed);
  const close = async (): Promise<void> => {
    process.off("exit", killed);
    await end(browser);
    desk.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  let said = "";
  browser.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  const died = new Promise<never>((_, reject) => {
    const tell = (why: string): void => reject(new Error(`Firefox ended by itself (${why}): ${said.trim()}`));
    browser.once("error", (error) => tell(error.message));
    browser.once("exit", (exitCode, signal) => tell(`${exitCode ?? signal}`));
  });
  died.catch(() => {});
  try {
    const { ready, problems = [] } = await Promise.race([desk.answer(START_MS), died]);
    if (ready !== true) throw new Error(`the module did not load: ${problems.join("; ")}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    call: async (name, ...args) => {
      desk.ask({ name, args });
      const { value, error } = await Promise.race([desk.answer(), died]);
      if (error !== undefined) throw new Error(`${name} in Firefox: ${error}`);
      return value;
    },
    close,
  };
}

/** Where the page fetches its questions and leaves its answers. */
class Desk {
  readonly #server: Server;
  #waiting: ServerResponse | undefined;
  #answered: ((answer: Answer) => void) | undefined;
  #early: Answer | undefined;

  constructor(code: string) {
    this.#server = createServer((request, response) => {
      if (request.url === "/next" && request.method === "POST") {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", () => {
          this.#waiting = response;
          const answer = JSON.parse(Buffer.concat(parts).toString("utf8")) as Answer;
          if (this.#answered === undefined) this.#early = answer;
          else this.#answered(answer);
        });
        return;
      }
      const isModule = request.url === "/module.js";
      response.setHeader("content-type", `${isModule ? "text/javascript" : "text/html"}; charset=utf-8`);
      response.end(isModule ? code : PAGE);
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  ask(question: { readonly name: string; readonly args: readonly unknown[] }): void {
    const response = this.#waiting;
    if (response === undefined) throw new Error("the page is still busy with another question");
    this.#waiting = undefined;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(question));
  }

  answer(withinMs?: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer =
        withinMs === undefined
          ? undefined
          : setTimeout(
              () =>
                reject(new Error("Firefox did not open the page, or its module never said that it is ready")),
              withinMs,
            );
      this.#answered = (answer) => {
        clearTimeout(timer);
        this.#answered = undefined;
        resolve(answer);
      };
      if (this.#early === undefined) return;
      const answer = this.#early;
      this.#early = undefined;
      this.#answered(answer);
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Its home is the folder of its profile, so that it leaves nothing anywhere else. */
function start(home: string, url: string): ChildProcess {
  const path = process.env.ECHO_NET_FIREFOX ?? "/usr/bin/firefox-esr";
  return spawn(path, ["--headless", "--no-remote", "--profile", home, url], {
    stdio: ["ignore", "ignore", "pipe"],
    // A group of its own, since it starts processes that would outlive it.
    detached: true,
    env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE: "1", MOZ_HEADLESS: "1" },
  });
}

function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

async function end(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined) return;
  const ended = new Promise<void>((resolve) => {
    if (browser.exitCode !== null || browser.signalCode !== null) resolve();
    else browser.once("exit", () => resolve());
  });
  kill(browser);
  await ended;
}
