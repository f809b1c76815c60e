import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import type { CalledPage } from "./firefox.js";

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** A page of Chromium, which a driver reaches as well. */
export interface OpenPage extends CalledPage {
  readonly page: Page;
}

/** Serves the module on localhost, opens it in Debian's Chromium (or `ECHO_NET_CHROMIUM`) and waits until it ran. */
export async function openModule(code: string): Promise<OpenPage> {
  const server = createServer((request, response) => {
    const isModule = request.url === "/module.js";
    response.setHeader("content-type", isModule ? "text/javascript" : "text/html");
    response.end(
      isModule ? code : '<!doctype html><title>test</title><script type="module" src="module.js"></script>',
    );
  });
  const browser = await start(server);
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction("globalThis.ready === true", undefined, { timeout: 30_000 }).catch(() => {
    throw new Error(`the module did not load: ${problems.join("; ") || "it never said that it is ready"}`);
  });
  return {
    page,
    call: (name, ...args) =>
      page.evaluate(([called, given]) => (globalThis as any)[called as string](...(given as unknown[])), [
        name,
        args,
      ] as const),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

async function start(server: Server): Promise<Browser> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
  return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}
