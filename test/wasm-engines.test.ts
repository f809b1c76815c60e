import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleForBrowsers } from "./browser/bundle.js";
import { openModule } from "./browser/chromium.js";
import { type CalledPage, openInFirefox } from "./browser/firefox.js";
import { root } from "./tidy/modules.js";
import { gemsBytes } from "./wasm/gems.js";
import { depths, pageHashes, playHashes } from "./wasm/in-engine.js";
import { nans } from "./wasm/nans.js";
import { recursion } from "./wasm/programs.js";
import { REFUSED, refusedBytes } from "./wasm/refused-modules.js";

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
      const valid = (modules: string[]): boolean[] => modules.map((one) => WebAssembly.validate(bytesOf(one)));
      Object.assign(globalThis, { ready: true, resultsOf: () => results, valid });
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
}, 300_000);

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
    120_000,
  );
});

describe.each([
  ["Chromium", openModule],
  ["Firefox", openInFirefox],
] as const)("%s", (_, open) => {
  let page: CalledPage;
  beforeAll(async () => {
    page = await open(code);
  }, 300_000);
  afterAll(async () => {
    await page?.close();
  });

  test("EN-1042 EN-1014 gives the same bits and depths", async () => {
    expect(await page.call("resultsOf")).toEqual(expected);
  }, 120_000);

  test("EN-1002 would run what is refused: without the refusal these modules were accepted", async () => {
    const modules = REFUSED.map(([what, , , plan]) =>
      Buffer.from(refusedBytes(what, plan)).toString("base64"),
    );
    const valid = (await page.call("valid", modules)) as boolean[];
    const others = REFUSED.filter((_, i) => !valid[i]).map(([what]) => what);
    expect(others).toEqual(["an unknown section"]);
  }, 120_000);
});
