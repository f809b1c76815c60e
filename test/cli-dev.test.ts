import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { here, Running, scratch, until } from "./cli/harness.js";
import { root } from "./tidy/modules.js";

const GAME = `import { defineGame, event, t, type Frame } from "echo-net";
interface Keys { x: number; y: number; fire: boolean }
const game = defineGame({
  name: "runners", version: "1", tickHz: 60,
  events: { steer: event({ x: t.i8 }, { predict: "repeat" }), stumble: event({}) },
  setup: ({ slots }) => ({ runners: slots.map(() => ({ x: 0 })) }),
  on: {
    steer: (state, evt) => { state.runners[evt.slot]!.x += evt.payload.x; },
    stumble: () => {
      throw new Error("ouch");
    },
  },
  input: (keys: Keys, emit) => {
    emit("steer", { x: keys.x });
    if (keys.fire) emit("stumble", {});
  },
});
export default game;
export function render(context: CanvasRenderingContext2D, frame: Frame<typeof game>): void {
  if ("isBroken" in globalThis) throw new Error("drawn badly");
  document.title = "COLOUR " + frame.current.runners.map(({ x }) => x).join(" ");
  context.fillStyle = "COLOUR";
  context.fillRect(0, 0, frame.width, frame.height);
}
`;
const game = (colour: string): string => GAME.replaceAll("COLOUR", colour);

let browser: Browser;
beforeAll(async () => {
  const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
});
afterAll(() => browser?.close());

/** `dev` on its way, and a page that shows it. */
async function open(
  path: string,
  ...more: string[]
): Promise<{ page: Page; dev: Running; url: string; problems: string[] }> {
  const dev = new Running(["dev", path, "--port", "0", "--json", ...more]);
  onTestFinished(async () => {
    dev.interrupt();
    await dev.ended;
  });
  const url = await until(dev, () => /"listening","url":"([^"]+)"/.exec(dev.output)?.[1]);
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => problems.push(message.text()));
  await page.goto(url);
  return { page, dev, url, problems };
}

/** Waits until what a player's pane says of something is so. */
const figure = (page: Page, player: number, name: string, holds: (value: number) => boolean): Promise<void> =>
  expect
    .poll(
      async () =>
        holds(
          Number.parseFloat(
            (await page.locator(".pane").nth(player).locator(`[data-figure="${name}"]`).textContent()) ?? "",
          ),
        ),
      { timeout: 60_000 },
    )
    .toBe(true);

const overlay = (page: Page, words: RegExp): Promise<void> =>
  expect.poll(() => page.locator("#overlay").textContent(), { timeout: 30_000 }).toMatch(words);

const title = (page: Page, words: RegExp): Promise<void> =>
  expect.poll(() => page.title(), { timeout: 30_000 }).toMatch(words);

/** Sets a slider as a hand does. */
const slide = (page: Page, name: string, value: number): Promise<void> =>
  page.getByRole("slider", { name }).evaluate((input: HTMLInputElement, to) => {
    input.value = `${to}`;
    input.dispatchEvent(new Event("input"));
  }, value);

/** What axe finds that would keep somebody out. */
async function seriousFor(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(`${root}node_modules/axe-core/axe.min.js`, "utf8"));
  const { violations } = (await page.evaluate("axe.run()")) as {
    violations: readonly { readonly id: string; readonly impact: string; readonly help: string }[];
  };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help }) => `${id}: ${help}`);
}

describe("dev", () => {
  test("EN-985 two players play in one page, by the keyboard, over the network that the sliders say", async () => {
    const path = `${scratch()}/game.ts`;
    writeFileSync(path, game("teal"));
    const { page, problems } = await open(path, "--net", "perfect");
    await figure(page, 0, "tick", (tick) => tick > 30);
    await figure(page, 1, "final", (tick) => tick > 30);
    await page.keyboard.down("d");
    await title(page, /^teal [1-9]\d* 0$/);
    await page.keyboard.up("d");
    await page.keyboard.down("ArrowLeft");
    await title(page, /^teal [1-9]\d* -[1-9]\d*$/);
    await page.keyboard.up("ArrowLeft");
    await slide(page, "latency, one way", 100);
    await page.getByLabel("input delay").selectOption("0");
    await figure(page, 0, "RTT", (milliseconds) => milliseconds > 150);
    for (const key of ["a", "ArrowRight", "a", "ArrowRight"]) await page.keyboard.press(key, { delay: 120 });
    await figure(page, 0, "rollbacks", (count) => count > 0);
    await figure(page, 1, "rollbacks", (count) => count > 0);
    await expect.poll(() => page.locator("#agreement").textContent()).toMatch(/same state up to tick \d+/);
    const hashes = await page.locator('[data-figure="hash"]').allInnerTexts();
    expect(hashes[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(await seriousFor(page)).toEqual([]);
    for (const width of [360, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${width}`).toBe(width);
    }
    expect(problems).toEqual([]);
  });

  test("EN-986 it begins anew with every edit, and shows what is wrong with one until it is mended", async () => {
    const folder = scratch();
    const path = `${folder}/game.ts`;
    writeFileSync(`${folder}/part.ts`, "export const gravity: number = 1;\n");
    writeFileSync(path, `import { gravity } from "./part.js";\nvoid gravity;\n${game("teal")}`);
    const { page, dev } = await open(path);
    await title(page, /^teal/);
    await slide(page, "loss", 7);
    writeFileSync(path, `import { gravity } from "./part.js";\nvoid gravity;\n${game("navy")}`);
    await title(page, /^navy/);
    expect(await page.getByRole("slider", { name: "loss" }).inputValue()).toBe("7");
    writeFileSync(`${folder}/part.ts`, "export const gravity: number = ;\n");
    await overlay(page, /part\.ts:1:32\s*Unexpected ";"/);
    expect(dev.output).toMatch(/"event":"problem","message":"Unexpected \\";\\"","place":"[^"]*part\.ts:1"/);
    writeFileSync(`${folder}/part.ts`, "export const gravity: number = 2;\n");
    await expect.poll(() => page.locator("#overlay").isVisible(), { timeout: 30_000 }).toBe(false);
    await figure(page, 1, "tick", (tick) => tick > 10);
  });

  test("EN-987 what the game throws is shown with the line of its own source", async () => {
    const path = `${scratch()}/game.ts`;
    writeFileSync(path, game("teal"));
    const { page } = await open(path);
    await title(page, /^teal/);
    await page.keyboard.press("Space", { delay: 100 });
    await expect
      .poll(() => page.locator("#log").textContent(), { timeout: 30_000 })
      .toMatch(/on\.stumble of slot 0: ouch \(.*game\.ts:10:\d+\)/);
    writeFileSync(path, game("teal").replace("document.title =", "missing.title ="));
    await overlay(page, /game\.ts:21:\d+\s*missing is not defined/);
    writeFileSync(path, `${game("teal")}throw new Error("at once");\n`);
    await overlay(page, /game\.ts:25:\d+\s*at once/);
    writeFileSync(path, "export default 5;\n");
    await overlay(page, /no game as its default export/);
    writeFileSync(path, game("navy"));
    await title(page, /^navy/);
    await page.evaluate("globalThis.isBroken = true");
    await overlay(page, /game\.ts:20:\d+\s*drawn badly/);
    await page.evaluate("delete globalThis.isBroken");
    await page.getByText("new match").click();
    await expect.poll(() => page.locator("#overlay").isVisible()).toBe(false);
    await figure(page, 0, "tick", (tick) => tick > 10);
  });

  test("EN-987 where what it throws ends the match, the page says so, and what it was", async () => {
    const path = `${scratch()}/game.ts`;
    const failing =
      'step: (_, ctx) => { if (ctx.chronos === 50 && !("isMended" in globalThis)) throw new Error("step broke"); },';
    writeFileSync(path, game("teal").replace("  input:", `  ${failing}\n  input:`));
    const { page } = await open(path);
    await overlay(page, /game\.ts:13:\d+\s*.*step broke/);
    await expect
      .poll(() => page.locator("#agreement.differs").textContent(), { timeout: 30_000 })
      .toMatch(/^the game itself failed: the match ended at tick 49/);
    await page.evaluate("globalThis.isMended = true");
    await page.getByText("new match").click();
    await expect.poll(() => page.locator("#agreement.differs").count()).toBe(0);
  });

  test("EN-989 games in Lua are shown by their components, their errors with script and line", async () => {
    const folder = `${scratch()}/lua`;
    mkdirSync(folder);
    const script = `
      self.x, self.y = 0, self.slot
      function on_input() echo.network.emit("go", { x = echo.input.x }) end
      function on_go(evt) self.x = self.x + evt.payload.x end`;
    writeFileSync(`${folder}/player.lua`, script);
    const { page } = await open(folder);
    await figure(page, 0, "tick", (tick) => tick > 10);
    await page.keyboard.press("d", { delay: 200 });
    await expect
      .poll(() => page.locator(".pane pre").first().textContent())
      .toMatch(/slot 0 {2}x [1-9]\d* {2}y 0/);
    expect(await page.locator(".pane canvas").first().isVisible()).toBe(true);
    writeFileSync(`${folder}/player.lua`, `${script}\nfunction on_tick() on_go(nil) end`);
    await expect
      .poll(() => page.locator("#log").textContent(), { timeout: 30_000 })
      .toMatch(/player\.lua:4: attempt to index a nil value/);
    writeFileSync(`${folder}/player.lua`, `${script}\nfunction`);
    await overlay(page, /player\.lua:5\s*.*<name> expected/);
    writeFileSync(`${folder}/player.lua`, script);
    writeFileSync(
      `${folder}/draw.mjs`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the module that is written holds it.
      "export const draw = (entities) => `\\u001b[38;5;203mred ${entities.length}\\u001b[0m`;\n",
    );
    await expect
      .poll(() => page.locator(".pane pre").first().textContent(), { timeout: 30_000 })
      .toBe("red 2");
  });

  test("EN-994 slips in scripts, and components that are not as they are declared, are told once", async () => {
    const path = `${scratch()}/player.lua`;
    const script = `
      echo.network.component("at", { x = "f64", y = "f64" })
      self.at = { x = 0, y = "low" }
      function on_input() echo.network.emit("go", { x = echo.input.x }) end
      function on_go(evt) self.at.y = evt.chronos .. "" end`;
    writeFileSync(path, `${script}\nfunction on_gone(evt) end`);
    const { page, problems } = await open(path);
    const told = (): Promise<string[]> => page.locator("#log li").allTextContents();
    await expect
      .poll(async () => (await told()).sort(), { timeout: 30_000 })
      .toEqual([
        expect.stringMatching(/^player\.lua:6: nothing calls on_gone, since nothing emits gone$/),
        expect.stringMatching(/^tick \d+: component at\.y of slot 0 is ".*", not f64 \(player\.lua:2\)$/),
      ]);
    await figure(page, 0, "tick", (tick) => tick > 120);
    expect(await told()).toHaveLength(2);
    expect(problems).toEqual([]);
    writeFileSync(path, script.replaceAll('"low"', "0").replace('evt.chronos .. ""', "evt.chronos"));
    await expect.poll(told, { timeout: 30_000 }).toEqual([]);
    await figure(page, 0, "tick", (tick) => tick > 60);
    expect(await told()).toEqual([]);
  });

  test("EN-988 what it cannot serve, and to whom it does not, is said in words", async () => {
    const path = `${scratch()}/game.ts`;
    writeFileSync(path, game("teal"));
    const { dev, url } = await open(path);
    const { port } = new URL(url);
    const taken = await here("dev", path, "--port", port);
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toMatch(
      /^echo-net dev: port \d+ cannot be used: another program has it; .*--port.*\n$/,
    );
    for (const [bad, words] of [
      [`${path}x`, /cannot be read: there is no such file/],
      [`${path.replace("game.ts", "notes.md")}`, /cannot be read|is no game/],
    ] as const) {
      const refused = await here("dev", bad, "--port", "0");
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(words);
    }
    writeFileSync(path.replace("game.ts", "notes.md"), "no game");
    expect(await here("dev", path.replace("game.ts", "notes.md"))).toMatchObject({ code: 3 });

    const asked = async (more: object): Promise<number | undefined> =>
      await new Promise((resolve, reject) => {
        request(`${url}game.json`, more, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await asked({ hostname: "127.0.0.1" })).toBe(200);
    expect(await asked({ hostname: "127.0.0.1", headers: { host: "evil.example" } })).toBe(403);
    expect(await asked({ hostname: "127.0.0.1", method: "POST" })).toBe(405);
    expect(await asked({ hostname: "127.0.0.1", path: "//" })).toBe(400);
    expect(await asked({ hostname: "127.0.0.1", path: "/%" })).toBe(404);
    for (const path of [
      "echo-net/../../package.json",
      "echo-net/%2e%2e/x.js",
      "game/game.ts",
      "package.json",
    ]) {
      expect(await (await fetch(url + path)).text()).not.toContain("echo-net");
    }
    expect((await fetch(`${url}place?path=game/game.js&line=-1&column=x`)).status).toBe(404);
    dev.interrupt();
    expect(await dev.ended).toMatchObject({ code: 0, stderr: "" });
    expect(dev.output).toMatch(/\{"event":"closed"\}\n$/);
  });
});

test("EN-988 dev without --json speaks to a person", async () => {
  const path = `${scratch()}/game.ts`;
  writeFileSync(path, game("teal"));
  const dev = new Running(["dev", path, "--port", "0"]);
  await until(dev, () => /^Open http:\/\/localhost:\d+\/ in a browser\./.exec(dev.output)?.[0]);
  writeFileSync(path, readFileSync(path, "utf8").replace("export default game", "export default game game"));
  await until(dev, () => /game\.ts:\d+: Expected/.exec(dev.output)?.[0]);
  dev.interrupt();
  expect((await dev.ended).stdout).toMatch(/Ended\.\n$/);
});
