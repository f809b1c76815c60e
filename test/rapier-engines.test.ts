import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import game, { rapierFiles } from "../examples/rapier-scene/game.js";
import { bundleForBrowsers } from "./browser/bundle.js";
import { openModule } from "./browser/chromium.js";
import { openInFirefox } from "./browser/firefox.js";
import { root } from "./tidy/modules.js";
import { gameHashes } from "./wasm/in-engine.js";

const TICKS = 100;
const HASH_EVERY = 20;

let folder: string;
let code: string;
let expected: string[];

beforeAll(async () => {
  const [glue, bytes] = rapierFiles();
  const bundle = await bundleForBrowsers({
    code: `
      import { rapierScene } from ${JSON.stringify(join(root, "examples/rapier-scene/scene.ts"))};
      import { gameHashes } from ${JSON.stringify(join(root, "test/wasm/in-engine.ts"))};
      const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString("base64"))}), (one) => one.charCodeAt(0));
      const run = (): string[] => gameHashes(rapierScene(${JSON.stringify(glue)}, bytes), ${TICKS}, ${HASH_EVERY});
      Object.assign(globalThis, { ready: true, run });
      if (globalThis.process !== undefined) console.log(JSON.stringify(run()));
    `,
  });
  expect(bundle.imports).toEqual([]);
  code = bundle.code;
  folder = mkdtempSync(join(tmpdir(), "echo-net-rapier-"));
  writeFileSync(join(folder, "run.mjs"), code);
  expected = gameHashes(game, TICKS, HASH_EVERY);
  expect(new Set(expected).size).toBe(TICKS / HASH_EVERY);
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(["--liftoff-only", "--no-liftoff"])(
  "EN-1052 the physics scene has the same states in every tier of Node's compiler: %s",
  (flag) => {
    const printed = execFileSync(process.execPath, [flag, join(folder, "run.mjs")], { encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual(expected);
  },
  300_000,
);

test.each([
  ["Chromium", openModule],
  ["Firefox", openInFirefox],
] as const)(
  "EN-1052 the physics scene has the same states in %s",
  async (_, open) => {
    const page = await open(code);
    try {
      expect(await page.call("run")).toEqual(expected);
    } finally {
      await page.close();
    }
  },
  300_000,
);
