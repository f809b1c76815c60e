import { beforeAll, describe, expect, test } from "vitest";
import { installedGlue } from "../../src/lua/glue.js";
import { bundleForBrowsers } from "../browser/bundle.js";
import { openModule } from "../browser/chromium.js";
import { openInFirefox } from "../browser/firefox.js";
import { type TierReport, tierReport } from "./tiers.js";

const TICKS = 1_000;
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
  }, 120_000);

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
    120_000,
  );

  test("EN-1190 Firefox without its optimising compiler on all that scripts can see", async () => {
    const page = await openInFirefox(code, { "javascript.options.wasm_optimizingjit": false });
    try {
      const hashes = await page.call("suspects", FEW_TICKS, glue);
      expect(hashes).toEqual(expected.suspects.slice(0, FEW_TICKS / 100));
    } finally {
      await page.close();
    }
  }, 120_000);
});
