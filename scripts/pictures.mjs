/** `npm run pictures`: photographs the page of Splash anew, in matches that are played for it, into docs/. */
import { chromium } from "playwright-core";
import { build, ensureInstalled, root, say } from "./house.mjs";

const WINDOW = { width: 1280, height: 800 };
const KEYS = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"];

ensureInstalled();
build();
const { serve } = await import(`${root}dist/server/index.js`);
const server = await serve({ port: 0, bind: "127.0.0.1", page: `${root}dist/apps/splash` });
const browser = await chromium.launch({
  executablePath: process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--allow-loopback-in-peer-connection"],
});

async function visit(address, options = {}) {
  const context = await browser.newContext({ viewport: WINDOW, ...options });
  await context.grantPermissions(["microphone"], { origin: new URL(address).origin });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

const press = (page, name) => page.getByRole("button", { name }).click();
const shoot = async (page, name) => {
  await page.screenshot({ path: `${root}docs/${name}.png` });
  say(`  docs/${name}.png`);
};
const headline = (page) => page.locator(".headline strong").textContent();

/** Walks about a little until something is so. */
async function playUntil(pages, condition) {
  for (let i = 0; !(await condition()); i++) {
    for (const [at, page] of pages.entries()) {
      const key = KEYS[(i + at) % KEYS.length];
      await page.keyboard.down(key);
      await page.waitForTimeout(180);
      await page.keyboard.up(key);
    }
  }
}

/** A host, a guest by link, and two bots. */
async function fourPlayers() {
  const host = await visit(`${server.url}/?players=4&seconds=180`);
  await press(host, "Invite friends");
  const guest = await visit(await host.getByLabel("Send this link").inputValue());
  await host.getByText("2 of 4 are here").waitFor();
  await press(host, "Begin now with 2 bots");
  await Promise.all([host, guest].map((page) => page.locator(".scoreboard").waitFor()));
  return [host, guest];
}

const lobby = await visit(`${server.url}/?players=4`);
await lobby.getByRole("img", { name: "Four bots" }).waitFor();
await lobby.waitForTimeout(14_000);
await shoot(lobby, "splash-lobby");
await lobby.context().close();

const [host, guest] = await fourPlayers();
await playUntil([host, guest], async () => /leads, [1-9]/.test(await headline(host)));
await shoot(host, "splash-match");
// The guest guesses what the host and its bots do, and is wrong more often.
for (const page of [host, guest]) {
  await press(page, /^Network/);
  await press(page, "Lossy");
  await page.getByLabel("Input delay").selectOption("1");
}
const reached = async () => Number(await guest.locator("[data-figure=final]").textContent());
const goal = (await reached()) + 900;
await playUntil(
  [host, guest],
  async () => (await reached()) > goal && /leads, [1-9]/.test(await headline(guest)),
);
await guest.setViewportSize({ width: 1280, height: 1040 });
await guest.mouse.move(0, 0);
await guest.evaluate(() => document.activeElement.blur());
await guest.locator(".panel").evaluate((panel) => panel.scrollTo(0, 0));
await playUntil([host], async () => /leads, [1-9]/.test(await headline(guest)));
await guest.evaluate(() => scrollTo(0, 0));
await shoot(guest, "splash-network");

await browser.close();
await server.close();
