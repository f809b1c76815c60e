import { readdirSync, readFileSync } from "node:fs";
import { createTestMatch } from "echo-net/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { installedGlue } from "../../src/lua/glue.js";
import { loadLuaGame } from "../../src/lua/index.js";
import { bundleForBrowsers } from "../browser/bundle.js";
import { openModule } from "../browser/chromium.js";
import { openInFirefox } from "../browser/firefox.js";
import { root } from "../tidy/modules.js";
import { type TierReport, tierReport } from "./tiers.js";

const TICKS = 10_000;
/** Where only one of the browser's compilers works, and slowly. */
const FEW_TICKS = 300;

describe("browsers agree with Node", () => {
  const glue = Buffer.from(installedGlue()).toString("base64");
  let code: string;
  let expected: TierReport;

  beforeAll(async () => {
    const bundle = await bundleForBrowsers({ file: "test/lua/page.ts" });
    expect(bundle.imports).toEqual([]);
    code = bundle.code;
    expected = JSON.parse(JSON.stringify(await tierReport(TICKS))) as TierReport;
    expect(expected.suspects).toHaveLength(TICKS / 100);
  }, 300_000);

  test.each([
    ["Chromium", openModule],
    ["Firefox", openInFirefox],
  ] as const)(
    "EN-1190 EN-1134 %s on every attack and on all that scripts can see",
    async (_, open) => {
      const page = await open(code);
      try {
        expect(await page.call("tiers", TICKS, glue)).toEqual(expected);
      } finally {
        await page.close();
      }
    },
    300_000,
  );

  test("EN-1192 Chromium on a match of Splash, which it replays from the journal that Node wrote", async () => {
    const folder = `${root}examples/splash-lua/`;
    const files = readdirSync(folder).filter((file) => file.endsWith(".lua"));
    const scripts = Object.fromEntries(files.map((file) => [file, readFileSync(folder + file, "utf8")]));
    const match = createTestMatch(await loadLuaGame(scripts), {
      ...{ peers: 4, seed: 7, net: "mobile", inputDelayTicks: 0 },
      ...{ ticks: 600, journal: true },
    });
    match.runToEnd();
    match.assertAgreed();
    const [first] = match.peers;
    expect(first!.rollbacks).toBeGreaterThan(30);
    const page = await openModule(code);
    try {
      const replayed = await page.call("replay", scripts, first!.journal, glue);
      expect(replayed).toMatchObject({ ok: true, ticks: 600, finalHash: first!.finalHash });
      const changed = { ...scripts, "pickup.lua": `${scripts["pickup.lua"]}\n` };
      expect(await page.call("replay", changed, first!.journal, glue)).not.toMatchObject({ ok: true });
    } finally {
      await page.close();
    }
  }, 300_000);

  test("EN-1190 Firefox without its optimising compiler on all that scripts can see", async () => {
    const page = await openInFirefox(code, { "javascript.options.wasm_optimizingjit": false });
    try {
      const hashes = await page.call("suspects", FEW_TICKS, glue);
      expect(hashes).toEqual(expected.suspects.slice(0, FEW_TICKS / 100));
    } finally {
      await page.close();
    }
  }, 300_000);
});
