import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";

const FLAGS = [
  ...["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--window-size=480,640", "--remote-debugging-port=0"],
];

/** How long to wait for what has to come. */
const PATIENCE_MS = 100_000;

type Answer = (answer: { readonly result?: any; readonly error?: unknown }) => void;

/**
 * Tabs of one window of a Chromium that is as its makers ship it: one tab is shown, the others are hidden, their frames
 * stopped and their timers slowed down. Drivers of browsers turn all of that off.
 */
export class PlainTabs {
  readonly #browser: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, Answer>();
  #asked = 0;

  private constructor(browser: ChildProcess, profile: string, socket: WebSocket) {
    this.#browser = browser;
    this.#profile = profile;
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, ...answer } = JSON.parse(String(data));
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
  }

  static async launch(): Promise<PlainTabs> {
    const profile = mkdtempSync(join(tmpdir(), "echo-net-chromium-"));
    const program = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
    const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"]);
    process.once("exit", () => browser.kill());
    let said = "";
    const url = await new Promise<string>((resolve, reject) => {
      browser.once("exit", () => reject(new Error(`Chromium ended: ${said}`)));
      browser.stderr.on("data", (data) => {
        said += data;
        const found = /ws:\/\/\S+/.exec(said);
        if (found !== null) resolve(found[0]);
      });
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return new PlainTabs(browser, profile, socket);
  }

  /** Opens one more tab, which is the one that is shown from now on. */
  async open(url: string): Promise<PlainTab> {
    const { targetId } = await this.ask("Target.createTarget", { url });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    const tab = new PlainTab(this, targetId, sessionId);
    await tab.until('location.href !== "about:blank" && document.readyState === "complete"');
    return tab;
  }

  async ask(method: string, params: object, sessionId?: string): Promise<any> {
    const id = ++this.#asked;
    const { result, error } = await new Promise<Parameters<Answer>[0]>((resolve) => {
      this.#answers.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async close(): Promise<void> {
    this.#socket.close();
    const ended = new Promise((resolve) => this.#browser.once("exit", resolve));
    this.#browser.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class PlainTab {
  readonly #tabs: PlainTabs;
  readonly #targetId: string;
  readonly #sessionId: string;

  constructor(tabs: PlainTabs, targetId: string, sessionId: string) {
    this.#tabs = tabs;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  /** Shows this tab, and hides the one that was shown. */
  async show(): Promise<void> {
    await this.#tabs.ask("Target.activateTarget", { targetId: this.#targetId });
  }

  /** What an expression comes to in the page. */
  async evaluate(expression: string): Promise<any> {
    const { result, exceptionDetails } = await this.#tabs.ask(
      "Runtime.evaluate",
      { expression, returnByValue: true, awaitPromise: true },
      this.#sessionId,
    );
    if (exceptionDetails !== undefined)
      throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  /** Waits until an expression comes to something, and gives that. A page that is being loaded cannot be asked yet. */
  async until(expression: string): Promise<any> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const value = await this.evaluate(expression).catch((error: unknown) => {
        if (!/execution context/.test(String(error))) throw error;
      });
      if (value) return value;
      if (performance.now() > untilMs) throw new Error(`it never came to be that ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
