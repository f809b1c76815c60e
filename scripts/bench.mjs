/** `npm run bench [-- arguments]`: builds, bundles bench/main.ts against the built package, and runs it. */
import { build, bundleForNode, ensureInstalled, run } from "./house.mjs";

ensureInstalled();
build();
const bundle = await bundleForNode("bench/main.ts", ".cache/bench.mjs");
run("Measuring", process.execPath, ["--expose-gc", bundle, ...process.argv.slice(2)]);
