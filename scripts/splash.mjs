/** Bundles the page of `apps/splash` into dist/apps/splash, against the built package. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { licensesOf, packagesIn } from "./browser.mjs";
import { root } from "./house.mjs";

const SOURCE = `${root}apps/splash/`;
const TARGET = `${root}dist/apps/splash/`;

export async function buildSplash() {
  mkdirSync(TARGET, { recursive: true });
  const { metafile } = await build({
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
    // They stand in LICENSES.txt, whole.
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(`${TARGET}LICENSES.txt`, licensesOf(["wasmoon", ...packagesIn(metafile)]));
  for (const file of ["index.html", "icon.svg"]) copyFileSync(SOURCE + file, TARGET + file);
  copyFileSync(createRequire(import.meta.url).resolve("wasmoon/dist/glue.wasm"), `${TARGET}lua.wasm`);
}
