/**
 * What pages load without a bundler, into dist/browser/: one module for each subpath that runs in browsers, what they
 * share in chunks beside them, Lua, and the licenses of all that is in there. And the page of `echo-net dev`.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { root } from "./house.mjs";

/** Subpaths that need Node; every other one runs in browsers. */
const NODE_ONLY = ["./udp", "./server"];

const { exports, name } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** The subpaths that run in browsers, by the name of their file: `index` for the package itself. */
const entryPoints = Object.fromEntries(
  Object.entries(exports)
    .filter(([subpath, target]) => typeof target === "object" && !NODE_ONLY.includes(subpath))
    .map(([subpath, target]) => [subpath === "." ? "index" : subpath.slice(2), target.default]),
);

const options = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  metafile: true,
  logLevel: "warning",
};

export async function buildForBrowsers() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...options,
    entryPoints,
    splitting: true,
    chunkNames: "chunk-[hash]",
    outdir: "dist/browser",
  });
  const folder = `${root}dist/browser`;
  copyFileSync(`${root}node_modules/wasmoon/dist/glue.wasm`, `${folder}/lua.wasm`);
  writeFileSync(`${folder}/LICENSES.txt`, licensesOf(["wasmoon", ...packagesIn(metafile)]));
  const made = [...Object.keys(metafile.outputs), "dist/browser/lua.wasm", "dist/browser/LICENSES.txt"];
  for (const file of readdirSync(folder)) {
    if (!made.includes(`dist/browser/${file}`)) rmSync(`${folder}/${file}`);
  }
  await buildDevPage(build);
}

/** The page shares `echo-net` with the game that it shows: it is left to be found by both. */
async function buildDevPage(build) {
  await build({
    ...options,
    entryPoints: { page: "apps/dev/page.ts" },
    external: [name, `${name}/*`],
    outdir: "dist/apps/dev",
  });
  for (const file of ["index.html", "page.css"]) {
    copyFileSync(`${root}apps/dev/${file}`, `${root}dist/apps/dev/${file}`);
  }
}

/** Packages that files of a bundle came from, by name. */
export const packagesIn = ({ inputs }) =>
  [
    ...new Set(
      Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
    ),
  ].sort();

export function licensesOf(packages) {
  const parts = packages.map((one) => {
    const folder = `${root}node_modules/${one}/`;
    const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
    const text = existsSync(`${folder}LICENSE`) ? readFileSync(`${folder}LICENSE`, "utf8").trim() : license;
    return `${one} ${version}\n\n${text}\n`;
  });
  const lua = "Lua 5.4, in lua.wasm\n\nCopyright 1994-2024 Lua.org, PUC-Rio. The MIT license, as above.\n";
  return [...parts, lua].join(`\n${"-".repeat(80)}\n\n`);
}
