/** `npm run build`: the package's JavaScript and declarations into dist/, and what browsers load beside them. */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { buildForBrowsers } from "./browser.mjs";
import { cli, root } from "./house.mjs";
import { buildSplash } from "./splash.mjs";

const compiler = `${root}node_modules/typescript/bin/tsc`;
const { status } = spawnSync(process.execPath, [compiler, "-b", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
if (existsSync(cli)) chmodSync(cli, 0o755);
if (status === 0) await Promise.all([buildForBrowsers(), buildSplash()]);
process.exit(status ?? 1);
