import { readFile } from "node:fs/promises";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { type Server, serve } from "../../src/server/index.js";
import { root } from "../tidy/modules.js";

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--allow-loopback-in-peer-connection"],
];

/** How long to wait for what has to come. */
const PATIENCE_MS = 100_000;

/** The page of Splash on a server of its own, and a browser to visit it. */
export class Playground {
  readonly url: string;
  /** What any page said in its console, and what it threw. */
  readonly messages: string[] = [];
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
    this.url = `${server.url}/`;
  }

  static async open(): Promise<Playground> {
    const server = await serve({ port: 0, bind: "127.0.0.1", page: `${root}dist/apps/splash` });
    const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
    return new Playground(server, await chromium.launch({ executablePath, headless: true, args: FLAGS }));
  }

  /** Opens the page in a small window of a browser of somebody else's: nothing is shared but the server. */
  async visit(
    path = "",
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 480, height: 640 },
      reducedMotion: "reduce",
      ...options,
    });
    await context.grantPermissions(["microphone"], { origin: new URL(this.url).origin });
    const page = await context.newPage();
    page.on("console", (message) => this.messages.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.messages.push(`thrown: ${error}`));
    await prepare?.(page);
    await page.goto(new URL(path, this.url).href);
    return page;
  }

  /** Two players, the second by the link that the first was given, in a match that runs. */
  async pair(path = "", options: BrowserContextOptions = {}): Promise<[Page, Page]> {
    const host = await this.visit(path, options);
    await host.getByRole("button", { name: "Invite friends" }).click();
    const guest = await this.visit(await host.getByLabel("Send this link").inputValue(), options);
    await Promise.all([host, guest].map(inMatch));
    return [host, guest];
  }

  /** From now on nobody answers at the page's address. */
  async stopServer(): Promise<void> {
    await this.#server.close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

export const inMatch = (page: Page): Promise<void> =>
  page.getByRole("region", { name: "Scores" }).waitFor({ timeout: 60_000 });

/** One of the panel's figures. */
export async function figureOf(page: Page, name: string): Promise<number> {
  return Number(await page.locator(`[data-figure=${name}]`).textContent());
}

/** Waits until a figure of the panel is past a number. */
export async function untilPast(page: Page, name: string, past: number): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while ((await figureOf(page, name)) <= past) {
    if (performance.now() > untilMs) throw new Error(`${name} never got past ${past}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The text of the file that a click hands out. */
export async function downloadBy(page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return await readFile(await download.path(), "utf8");
}

/** By how many pixels the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const axeSource = readFile(`${root}node_modules/axe-core/axe.min.js`, "utf8");

/** What axe finds of weight, in words. */
export async function troublesOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(await axeSource);
  const { violations } = (await page.evaluate("axe.run()")) as {
    violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
    .map(
      ({ id, impact, nodes }) =>
        `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    );
}
