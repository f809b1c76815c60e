import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleForBrowsers } from "./browser/bundle.js";
import { openModule } from "./browser/chromium.js";
import { root } from "./tidy/modules.js";
import { gemsBytes } from "./wasm/gems.js";
import { depths, pageHashes, playHashes } from "./wasm/in-engine.js";
import { nans } from "./wasm/nans.js";
import { recursion } from "./wasm/programs.js";

const TICKS = 1000;
const ROUNDS = 3000;

let folder: string;
let code: string;
let expected: { game: string[]; nans: string; depths: readonly string[] };

beforeAll(async () => {
  const gems = await gemsBytes();
  const text = (bytes: Uint8Array): string => JSON.stringify(Buffer.from(bytes).toString("base64"));
  const bundle = await bundleForBrowsers({
    code: `
      import { depths, pageHashes, playHashes } from ${JSON.stringify(join(root, "test/wasm/in-engine.ts"))};
      const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
      const results = {
        game: playHashes(bytesOf(${text(gems)}), ${TICKS}),
        nans: pageHashes(bytesOf(${text(nans())}), ${ROUNDS}).prepared,
        depths: depths(bytesOf(${text(recursion())})),
      };
      Object.assign(globalThis, { ready: true, results });
      if (globalThis.process !== undefined) console.log(JSON.stringify(results));
    `,
  });
  code = bundle.code;
  folder = mkdtempSync(join(tmpdir(), "echo-net-engines-"));
  writeFileSync(join(folder, "run.mjs"), code);
  expected = {
    game: playHashes(gems, TICKS),
    nans: pageHashes(nans(), 1).prepared,
    depths: depths(recursion()),
  };
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a prepared module", () => {
  test("EN-1042 keeps other bits than the original where NaNs are made", () => {
    const { prepared, original } = pageHashes(nans(), 1);
    expect(prepared).not.toBe(original);
    expect(new Set(expected.game).size).toBe(TICKS / 100);
  });

  test("EN-1014 traps before the stack ends", () => {
    for (const end of expected.depths) expect(end).toMatch(/^RuntimeError 2[6-9]\d{4} 99\d{5}$/);
  });

  test.each([[], ["--liftoff-only"], ["--no-liftoff"], ["--no-wasm-tier-up"]])(
    "EN-1042 EN-1014 gives the same bits and depths in every tier of Node's compiler: %s",
    (...flags) => {
      const printed = execFileSync(process.execPath, [...flags, join(folder, "run.mjs")], {
        encoding: "utf8",
      });
      expect(JSON.parse(printed)).toEqual(expected);
    },
    60_000,
  );

  test("EN-1042 gives the same bits in Chromium", async () => {
    const { page, close } = await openModule(code);
    try {
      expect(await page.evaluate(() => (globalThis as any).results)).toEqual(expected);
    } finally {
      await close();
    }
  }, 60_000);
});
