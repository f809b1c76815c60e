import { expect, test } from "vitest";
import { installedGlue } from "../../src/lua/glue.js";
import { bundleForBrowsers } from "../browser/bundle.js";
import { openModule } from "../browser/chromium.js";
import { type TierReport, tierReport } from "./tiers.js";

const TICKS = 1_000;

test("EN-1190 EN-1134 Chromium agrees with Node on every attack and on all that scripts can see", async () => {
  const bundle = await bundleForBrowsers({ file: "test/lua/page.ts" });
  expect(bundle.imports).toEqual([]);
  const { page, close } = await openModule(bundle.code);
  try {
    const glue = Buffer.from(installedGlue()).toString("base64");
    const shown = (await page.evaluate(([ticks, bytes]) => (globalThis as any).tiers(ticks, bytes), [
      TICKS,
      glue,
    ] as const)) as TierReport;
    expect(shown).toEqual(JSON.parse(JSON.stringify(await tierReport(TICKS))));
    expect(shown.suspects).toHaveLength(TICKS / 100);
  } finally {
    await close();
  }
});
