import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderIn, runIn, type Started, start, type Workplace, workplace } from "./package/packed.js";
import { expectKeyInOtherTab } from "./package/tabs.js";
import { root, textOf } from "./tidy/modules.js";

/** npm takes its time on a busy machine. */
const PATIENCE_MS = 600_000;
/** What goes on until it is ended. Its port may be taken on this machine, so it is given another one. */
const LASTING = /^npx echo-net (dev|serve) /;

/** What a guide has a reader write or type, in order. */
type Step = { readonly write: string; readonly text: string } | { readonly type: readonly string[] };

function stepsOf(guide: string): Step[] {
  const blocks = textOf(`docs/guides/${guide}`).matchAll(/(?:`([\w./-]+)`:\n\n)?```(\w+)\n([\s\S]*?)```/g);
  return [...blocks].map(([, file, language, text]) => {
    if (file !== undefined) return { write: file, text: text! };
    if (language !== "sh") throw new Error(`${guide} has code that belongs to no file: ${text}`);
    return { type: text!.trim().split("\n") };
  });
}

let place: Workplace;
let browser: Browser;
beforeAll(async () => {
  place = await workplace();
  const { code, output } = await runIn(place, `npm init --yes && npm install ./${place.tarball} esbuild`);
  expect(code, output).toBe(0);
  const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}, PATIENCE_MS);
afterAll(() => browser?.close());

/** Does all that a guide says in a new folder; gives what goes on, by its command, and what each line printed. */
async function follow(guide: string): Promise<{
  readonly lasting: Map<string, Started>;
  readonly printed: Map<string, string>;
  readonly folder: string;
}> {
  const here = folderIn(place, guide.replace(".md", ""));
  const lasting = new Map<string, Started>();
  const printed = new Map<string, string>();
  for (const step of stepsOf(guide)) {
    if ("write" in step) {
      mkdirSync(dirname(join(here.folder, step.write)), { recursive: true });
      writeFileSync(join(here.folder, step.write), step.text);
      continue;
    }
    for (const line of step.type) {
      const command = LASTING.exec(line)?.[1];
      if (command !== undefined) {
        lasting.set(command, start(here, `exec ${line} --port 0`));
        continue;
      }
      const { code, output } = await runIn(here, line);
      expect(code, `${line}\n${output}`).toBe(0);
      printed.set(line, output);
    }
  }
  return { lasting, printed, folder: here.folder };
}

async function open(url: string): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url);
  return { page, problems };
}

describe.each([{ guide: "first-game-typescript.md" }, { guide: "first-game-lua.md" }])(
  "$guide",
  ({ guide }) => {
    test(
      "EN-1336 leads from an empty folder to two tabs that play one another",
      async () => {
        const { lasting, printed } = await follow(guide);
        expect(Math.max(...[...printed.values()].map((text) => text.length))).toBeGreaterThan(0);

        const dev = await open(await lasting.get("dev")!.said(/(http:\/\/localhost:\d+\/)/));
        await expect
          .poll(() => dev.page.locator("#agreement").textContent(), { timeout: 60_000 })
          .toMatch(/same state up to tick [1-9]/);
        expect(dev.problems).toEqual([]);
        await dev.page.close();
        lasting.get("dev")!.interrupt();

        const port = await lasting.get("serve")!.said(/"port":(\d+)/);
        const url = `http://localhost:${port}/`;
        const [one, other] = [await open(url), await open(url)] as const;
        for (const { page } of [one, other]) {
          await expect
            .poll(() => page.locator("#news").textContent(), { timeout: 60_000 })
            .toBe("Steer with the arrows.");
        }
        await expectKeyInOtherTab(one.page, other.page, "ArrowDown");
        expect([one.problems, other.problems]).toEqual([[], []]);
        await one.page.close();
        await other.page.close();
      },
      PATIENCE_MS,
    );
  },
);

test(
  "EN-1336 testing-and-desyncs.md finds what it says it finds",
  async () => {
    const { printed } = await follow("testing-and-desyncs.md");
    const of = (start: string): string => [...printed].find(([line]) => line.startsWith(start))![1];
    expect(of("npx echo-net check")).toMatch(/holds: 600 ticks/);
    expect(of("node --test")).toMatch(/pass 3\n/);
    expect(of("npx echo-net replay")).toMatch(/300/);
  },
  PATIENCE_MS,
);

test(
  "EN-1336 what is TypeScript in the guides compiles as strictly as can be asked",
  async () => {
    const { folder, env } = folderIn(place, "types");
    const parts = ["rendering.md", "first-game-typescript.md", "../questions.md"].flatMap(stepsOf);
    const files = parts.flatMap((step) => ("write" in step && /^[a-z]+\.ts$/.test(step.write) ? [step] : []));
    for (const { write, text } of files) writeFileSync(join(folder, write), text);
    const compilerOptions = {
      ...{ strict: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, types: [] },
      ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
    };
    const config = { compilerOptions, files: files.map(({ write }) => write) };
    const ofGuides = ["blend.ts", "smooth.ts", "effects.ts", "game.ts", "page.ts"];
    expect(config.files).toEqual([...ofGuides, "meet.ts", "first.ts", "keep.ts"]);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { code, output } = await runIn({ folder, env }, `"${root}node_modules/.bin/tsc"`);
    expect(code, output).toBe(0);
  },
  PATIENCE_MS,
);
