import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { bundleForBrowsers } from "../browser/bundle.js";

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--allow-loopback-in-peer-connection"],
];
const HTML = '<!doctype html><title>test</title><script type="module" src="module.js"></script>';

/** A tab that has loaded a module which puts `Functions` on its global object. */
export class Tab<Functions> {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Calls one of the module's functions, with what JSON can hold. */
  call<Name extends keyof Functions & string>(
    name: Name,
    ...args: Functions[Name] extends (...given: infer Given) => unknown ? Given : never
  ): Promise<Functions[Name] extends (...given: any) => infer Result ? Awaited<Result> : never> {
    return this.page.evaluate(
      ([called, given]) => (globalThis as any)[called as string](...(given as unknown[])),
      [name, args] as const,
    );
  }
}

/** A browser whose tabs load one module from this machine. */
export interface Tabs<Functions> {
  /** One more tab, ready to be called. */
  open(): Promise<Tab<Functions>>;
  close(): Promise<void>;
}

/** Starts Debian's Chromium (or `ECHO_NET_CHROMIUM`), which may open WebRTC paths on loopback. */
export async function openTabs<Functions>(file: string): Promise<Tabs<Functions>> {
  const { code } = await bundleForBrowsers({ file });
  const server = createServer((request, response) => {
    const isModule = request.url === "/module.js";
    response.setHeader("content-type", isModule ? "text/javascript" : "text/html");
    response.end(isModule ? code : HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  const context: BrowserContext = await browser.newContext();
  // Who may not hear the microphone is not told this machine's addresses.
  await context.grantPermissions(["microphone"], { origin });
  return {
    async open() {
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.goto(`${origin}/`);
      await page.waitForFunction("globalThis.ready === true", undefined, { timeout: 30_000 }).catch(() => {
        throw new Error(
          `the module did not load: ${problems.join("; ") || "it never said that it is ready"}`,
        );
      });
      return new Tab<Functions>(page);
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
