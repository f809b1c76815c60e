/** `npm run bench [-- arguments]`: builds, bundles bench/main.ts against the built package, and runs it. */
import { existsSync } from "node:fs";
import { build, ensureInstalled, fail, root, run } from "./house.mjs";

ensureInstalled();
build();
if (!existsSync(`${root}bench/main.ts`)) fail("looking for the benchmark", "bench/main.ts is not there.");

const { build: bundle } = await import("esbuild");
const outfile = `${root}.cache/bench.mjs`;
await bundle({
  entryPoints: [`${root}bench/main.ts`],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Echo Net is measured as it is published; the others have no build that Node could load.
  external: ["echo-net", "echo-net/*"],
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
run("Measuring", process.execPath, ["--expose-gc", outfile, ...process.argv.slice(2)]);
