import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundleForBrowsers } from "./browser/bundle.js";
import { Running, until } from "./cli/harness.js";
import { runIn, type Workplace, workplace } from "./package/packed.js";
import { root, textOf } from "./tidy/modules.js";

/** npm and compilers take their time on a busy machine. */
const PATIENCE_MS = 600_000;
/** Subpaths that need Node; all others run in browsers. */
const NODE_ONLY = ["./udp", "./server"];

const { exports } = JSON.parse(textOf("package.json")) as { exports: Record<string, string | object> };
const subpaths = Object.keys(exports).filter((subpath) => typeof exports[subpath] === "object");
const forBrowsers = subpaths.filter((subpath) => !NODE_ONLY.includes(subpath));
const nameOf = (subpath: string): string => `echo-net${subpath.slice(1)}`;

describe("what browsers load", () => {
  test.each(forBrowsers.map(nameOf))("EN-1330 %s needs nothing of Node", async (entry) => {
    const bundle = await bundleForBrowsers({ code: `export * from "${entry}";` });
    expect(bundle.imports).toEqual([]);
    expect(bundle.inputs.filter((path) => path.startsWith("dist/")).length).toBeGreaterThan(0);
  });

  test.each(NODE_ONLY.map(nameOf))("EN-1330 %s is told apart: it does", async (entry) => {
    const bundle = await bundleForBrowsers({ code: `export * from "${entry}";` });
    expect(bundle.imports.length).toBeGreaterThan(0);
  });
});

describe("the size of what browsers load", () => {
  const MATCH = `export { defineGame, event, joinMatch, t } from "echo-net";
    export { MemoryNetwork, memory } from "echo-net/testing";`;

  /** Bytes after minifying and gzip, as a site would serve them. */
  const sizeOf = async (contents: string): Promise<number> => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: root },
      ...{ absWorkingDir: root, bundle: true, minify: true, write: false },
      ...{ format: "esm", platform: "browser", target: "es2022" },
    });
    return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
  };

  test("EN-1331 a match with rollback fits 70,000 bytes, Lua 145,500 more", async () => {
    const match = await sizeOf(MATCH);
    const withLua = await sizeOf(`${MATCH} export { loadLuaGame } from "echo-net/lua";`);
    const lua = gzipSync(readFileSync(`${root}dist/browser/lua.wasm`), { level: 9 }).length;
    expect(match).toBeLessThan(70_000);
    expect(withLua - match + lua).toBeLessThan(145_500);
  });

  test("EN-1331 the modules for pages come with the licenses of all that is in them", () => {
    expect(readFileSync(`${root}dist/browser/LICENSES.txt`, "utf8")).toMatch(
      /^wasmoon \d[\s\S]*@noble\/curves \d[\s\S]*@noble\/hashes \d[\s\S]*Lua 5\.4/,
    );
  });
});

/** Two peers of a game in one page; gives the state's hash in the last tick. */
const PLAY = `
  async function play(game) {
    const network = new MemoryNetwork();
    const sessions = await Promise.all(
      [0, 1].map(() => joinMatch(game, { players: 2, ticks: 90, inputDelayTicks: 0, transport: memory(network) })),
    );
    const hashes = sessions.map(() => undefined);
    while (sessions.some((session) => session.ended === undefined)) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      sessions.forEach((session, i) => {
        for (const output of session.update(performance.now())) {
          if (output.type === "final" && output.chronos === 90) hashes[i] = output.stateHash;
        }
      });
    }
    return hashes;
  }
  const walk = defineGame({
    name: "walk", version: "1",
    events: { go: event({ x: t.i8 }) },
    setup: ({ slots }) => ({ x: slots.map(() => 0) }),
    on: { go: (state, evt) => { state.x[evt.slot] += evt.payload.x; } },
    input: (_, emit, state, slot, ctx) => emit("go", { x: ctx.random.int(5) }),
  });
  const script = 'self.x = 0 function on_input() echo.network.emit("go", { x = echo.random(5) }) end ' +
    "function on_go(evt) self.x = self.x + evt.payload.x end";
  const glue = new Uint8Array(await (await fetch(lua)).arrayBuffer());
  globalThis.hashes = [...(await play(walk)), ...(await play(await loadLuaGame({ "player.lua": script }, { glue })))];
`;
const PAGE =
  '<!doctype html><title>t</title><link rel="icon" href="data:,"><script type="module" src="main.js"></script>';

describe("the packed package", () => {
  let place: Workplace;
  let browser: Browser;

  beforeAll(async () => {
    place = await workplace();
    const { code, output } = await runIn(place, `npm init --yes && npm install ./${place.tarball}`);
    expect(code, output).toBe(0);
    const executablePath = process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  }, PATIENCE_MS);
  afterAll(() => browser?.close());

  test(
    "EN-1332 is what publint and attw ask of one",
    async () => {
      const { buffer, byteOffset, length } = readFileSync(join(place.folder, place.tarball));
      const tarball = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
      const { messages, pkg } = await publint({ pack: { tarball }, level: "suggestion" });
      expect(messages.map((message) => formatMessage(message, pkg!))).toEqual([]);
      // What is no JavaScript has no types.
      const attw = `"${root}node_modules/.bin/attw" ./${place.tarball} --profile esm-only --exclude-entrypoints lua.wasm`;
      const { code, output } = await runIn(place, attw);
      expect(code, output).toBe(0);
    },
    PATIENCE_MS,
  );

  test("EN-1332 holds the guides, the templates and the page of dev, and nothing of how it is made", () => {
    const installed = (path: string): string =>
      readFileSync(join(place.folder, "node_modules/echo-net", path), "utf8");
    for (const path of [
      ...["docs/guides/rendering.md", "docs/lua.md", "docs/echo.d.lua", "templates/lua/gitignore"],
      ...["templates/ts-canvas/game.ts", "dist/apps/dev/page.js", "dist/browser/index.js"],
    ]) {
      expect(installed(path).length, path).toBeGreaterThan(0);
    }
    for (const path of ["src/index.ts", "dist/core.tsbuildinfo", "test/tidy.test.ts"]) {
      expect(() => installed(path), path).toThrow(/ENOENT/);
    }
  });

  test(
    "EN-1333 its declarations for browsers need neither Node's types nor libraries beside ES2022 and DOM",
    async () => {
      const imports = forBrowsers.map((subpath, i) => `export * as part${i} from "${nameOf(subpath)}";\n`);
      writeFileSync(join(place.folder, "all.ts"), imports.join(""));
      const options = {
        strict: true,
        skipLibCheck: false,
        target: "es2022",
        lib: ["es2022", "dom"],
        types: [],
      };
      for (const module of [{ module: "nodenext" }, { module: "esnext", moduleResolution: "bundler" }]) {
        const compilerOptions = { ...options, ...module, noEmit: true };
        writeFileSync(
          join(place.folder, "tsconfig.json"),
          JSON.stringify({ compilerOptions, files: ["all.ts"] }),
        );
        const { code, output } = await runIn(place, `"${root}node_modules/.bin/tsc"`);
        expect(code, output).toBe(0);
      }
    },
    PATIENCE_MS,
  );

  /** Opens a folder's page, as `serve` hands it out, and gives what it played. */
  async function played(folder: string): Promise<string[]> {
    const serving = new Running(["serve", "--page", folder, "--port", "0", "--bind", "127.0.0.1", "--json"]);
    onTestFinished(async () => {
      serving.interrupt();
      await serving.ended;
    });
    const port = await until(serving, () => /"port":(\d+)/.exec(serving.output)?.[1]);
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => problems.push(message.text()));
    await page.goto(`http://localhost:${port}/`);
    await page
      .waitForFunction(() => "hashes" in globalThis, undefined, { timeout: 60_000 })
      .catch(() => {
        throw new Error(`the page did not play: ${problems.join("; ")}`);
      });
    expect(problems).toEqual([]);
    return await page.evaluate(() => (globalThis as any).hashes as string[]);
  }

  function expectAgreed(hashes: readonly string[]): void {
    expect(hashes).toHaveLength(4);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[3]).toBe(hashes[2]);
  }

  test(
    "EN-1334 plays in a page that Vite built, Lua included",
    async () => {
      const folder = join(place.folder, "app");
      mkdirSync(folder);
      writeFileSync(join(folder, "index.html"), PAGE.replace("main.js", "./main.js"));
      writeFileSync(
        join(folder, "main.js"),
        `import { defineGame, event, joinMatch, t } from "echo-net";
      import { loadLuaGame } from "echo-net/lua";
      import { MemoryNetwork, memory } from "echo-net/testing";
      import lua from "echo-net/lua.wasm?url";${PLAY}`,
      );
      const vite = await import("vite");
      await vite.build({ root: folder, logLevel: "error", configFile: false });
      expectAgreed(await played(join(folder, "dist")));
    },
    PATIENCE_MS,
  );

  test(
    "EN-1335 plays in a page that nothing built, from the modules for pages",
    async () => {
      const folder = join(place.folder, "plain");
      cpSync(join(place.folder, "node_modules/echo-net/dist/browser"), join(folder, "echo-net"), {
        recursive: true,
      });
      writeFileSync(join(folder, "index.html"), PAGE);
      writeFileSync(
        join(folder, "main.js"),
        `import { defineGame, event, joinMatch, t } from "./echo-net/index.js";
      import { loadLuaGame } from "./echo-net/lua.js";
      import { MemoryNetwork, memory } from "./echo-net/testing.js";
      const lua = "echo-net/lua.wasm";${PLAY}`,
      );
      expectAgreed(await played(folder));
    },
    PATIENCE_MS,
  );
});
