import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { here, jsonOf, Running, scratch, there, until } from "./cli/harness.js";
import { runIn, type Workplace, workplace } from "./package/packed.js";
import { expectKeyInOtherTab } from "./package/tabs.js";
import { root, textOf } from "./tidy/modules.js";

const own = JSON.parse(textOf("package.json")) as {
  version: string;
  devDependencies: Record<string, string>;
};

describe("init", () => {
  test("EN-990 writes a game that names this version and the tools that it is tested with", async () => {
    const folder = `${scratch()}/Some Game!`;
    const made = jsonOf(await here("init", folder, "--json"));
    expect(made).toMatchObject({ folder, name: "some-game", template: "ts-canvas" });
    expect(made.files).toEqual(
      expect.arrayContaining([".gitignore", "game.ts", "package.json", "public/index.html"]),
    );
    expect(made.files).not.toContain("template.json");
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    expect(manifest).toMatchObject({
      name: "some-game",
      private: true,
      dependencies: { "echo-net": own.version },
    });
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      expect(version).toBe(own.devDependencies[name]);
    }
    expect(readFileSync(`${folder}/README.md`, "utf8")).toMatch(/^# some-game\n/);
    expect(readFileSync(`${folder}/.gitignore`, "utf8")).toContain("node_modules/");
  });

  test("EN-991 writes into no folder that holds something, and says where it cannot write", async () => {
    const folder = scratch();
    writeFileSync(`${folder}/notes.txt`, "mine");
    const refused = await here("init", folder);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toBe(
      `echo-net init: ${folder} is not empty: it holds notes.txt; name a new folder\n`,
    );
    expect(jsonOf(await here("init", folder, "--json"))).toMatchObject({
      files: [],
      error: expect.any(String),
    });
    const file = await here("init", `${folder}/notes.txt`);
    expect(file.stderr).toMatch(/cannot hold a new game: it is a file/);
    const below = await here("init", `${folder}/notes.txt/game`);
    expect(below.code).toBe(1);
    expect(below.stderr).toMatch(/^echo-net init: .*notes\.txt\/game cannot .*\n$/);
    expect(await here("init", `${folder}/game`, "--template", "cobol")).toMatchObject({ code: 2 });
    expect(existsSync(`${folder}/game`)).toBe(false);
    mkdirSync(`${folder}/fresh/.git`, { recursive: true });
    expect((await here("init", `${folder}/fresh`, "--template", "lua")).code).toBe(0);
  });

  test("EN-990 says what to type next, which works from a checkout", async () => {
    const folder = `${scratch()}/Some Game!`;
    const { stdout } = there(["init", folder]);
    const [cd, from] = /\n {2}(cd .*)\n {2}npm install (.*)\n {2}npm run dev\n$/.exec(stdout)!.slice(1);
    const typed = spawnSync("sh", ["-c", `${cd} && pwd -P && cd ${from} && pwd -P`], {
      cwd: root,
      encoding: "utf8",
    });
    expect(typed).toMatchObject({ stdout: `${realpathSync(folder)}\n${realpathSync(root)}\n`, stderr: "" });
  });
});

/** npm and the compiler take their time on a busy machine. */
const PATIENCE_MS = 600_000;

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
  const { code, output } = await runIn(place, `npm init --yes && npm install ./${place.tarball} esbuild`);
  expect(code, output).toBe(0);
}, PATIENCE_MS);

/** Serves a page, opens it in two tabs, and waits until a key in the one is seen in the other. */
async function playInTwoTabs(folder: string): Promise<void> {
  const serving = new Running(["serve", "--page", folder, "--port", "0", "--bind", "127.0.0.1", "--json"]);
  const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  onTestFinished(async () => {
    await browser.close();
    serving.interrupt();
    await serving.ended;
  });
  const port = await until(serving, () => /"port":(\d+)/.exec(serving.output)?.[1]);
  const [one, other] = [await browser.newPage(), await browser.newPage()];
  const news = (page: Page): Promise<string | null> => page.locator("#news").textContent();
  await one.goto(`http://localhost:${port}/`);
  await expect.poll(() => news(one), { timeout: 60_000 }).toMatch(/Open this address in a second tab/);
  // The first tab wrote the room into its address, which is what it asks to be opened again.
  expect(await news(one)).toContain(one.url());
  await other.goto(one.url());
  for (const page of [one, other]) await expect.poll(() => news(page), { timeout: 60_000 }).toMatch(/steer/);
  await expectKeyInOtherTab(one, other, "ArrowDown");
}

describe.each([
  { template: "ts-canvas", isInstalled: true },
  // Finds what was installed a folder above.
  { template: "lua", isInstalled: false },
])("the template $template", ({ template, isInstalled }) => {
  test(
    "EN-992 installs from the packed package, passes its own test on a bad network, and builds its page",
    async () => {
      const game = { folder: `${place.folder}/${template}`, env: place.env };
      const run = async (line: string, where = game): Promise<string> => {
        const { code, output } = await runIn(where, line);
        expect(code, `${line}\n${output}`).toBe(0);
        return output;
      };
      await run(`npx echo-net init ${template} --template ${template}`, place);
      if (isInstalled) await run(`npm install ../${place.tarball}`);
      expect(await run("npm test")).toMatch(/pass 2\n/);
      if (isInstalled) await run("npm run types");
      await run("npm run build");
      await playInTwoTabs(`${game.folder}/public`);
    },
    PATIENCE_MS,
  );
});
