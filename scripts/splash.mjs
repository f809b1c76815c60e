/** Bundles the page of `apps/splash` into dist/apps/splash, against the built package. */
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { root } from "./house.mjs";

const SOURCE = `${root}apps/splash/`;
const TARGET = `${root}dist/apps/splash/`;

export async function buildSplash() {
  mkdirSync(TARGET, { recursive: true });
  await build({
    entryPoints: [`${SOURCE}main.tsx`],
    outdir: TARGET,
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".lua": "text" },
    minify: true,
    legalComments: "none",
    logLevel: "warning",
  });
  for (const file of ["index.html", "icon.svg"]) copyFileSync(SOURCE + file, TARGET + file);
  copyFileSync(createRequire(import.meta.url).resolve("wasmoon/dist/glue.wasm"), `${TARGET}lua.wasm`);
}
