import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { readGame } from "./read-game.js";

// A folder above the temporary one may hold an esbuild of its own.
vi.mock("../bundle-game.js", async (original) => ({
  ...(await original<typeof import("../bundle-game.js")>()),
  esbuildFor: async () => undefined,
}));

const folder = mkdtempSync(join(tmpdir(), "echo-net-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("EN-989 without esbuild, JavaScript is served as it is with what lies beside it", async () => {
  mkdirSync(`${folder}/parts/node_modules`, { recursive: true });
  writeFileSync(`${folder}/game.mjs`, 'import "./parts/a.js";\nexport default 1;\n');
  writeFileSync(`${folder}/parts/a.js`, "export {};\n");
  writeFileSync(`${folder}/parts/node_modules/b.js`, "");
  writeFileSync(`${folder}/secret.txt`, "");
  const { loading, problem, files, placeOf } = await readGame(`${folder}/game.mjs`);
  expect(loading).toEqual({ module: "game/game.mjs" });
  expect(problem).toBeUndefined();
  expect([...files.keys()].sort()).toEqual(["game/game.mjs", "game/parts/a.js"]);
  expect(placeOf("game/parts/a.js", 7, 3)).toEqual({ file: `${folder}/parts/a.js`, line: 7, column: 3 });
  expect(placeOf("game/secret.txt", 7, 3)).toBeUndefined();

  writeFileSync(`${folder}/parts/a.js`, "export {};\nconst = 1;\n");
  const broken = await readGame(`${folder}/game.mjs`);
  expect(broken.problem).toMatchObject({ place: { file: `${folder}/parts/a.js`, line: 2 } });
  expect(broken.problem!.message).toMatch(/Unexpected token/);
});

test("EN-989 without esbuild, TypeScript is refused with what to install", async () => {
  writeFileSync(`${folder}/game.ts`, "");
  await expect(readGame(`${folder}/game.ts`)).rejects.toThrow(/npm install --save-dev esbuild/);
});
