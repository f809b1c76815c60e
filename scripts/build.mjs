/** `npm run build`: the packages' JavaScript and declarations, into dist/. */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { cli, root } from "./house.mjs";

const compiler = `${root}node_modules/typescript/bin/tsc`;
const { status } = spawnSync(process.execPath, [compiler, "-b", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
if (existsSync(cli)) chmodSync(cli, 0o755);
process.exit(status ?? 1);
