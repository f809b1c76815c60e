/** The scene on the package that is installed: `echo-net check examples/rapier-scene/game.ts`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { rapierScene } from "./scene.js";

const require = createRequire(join(process.cwd(), "package.json"));
const folder = dirname(require.resolve("@dimforge/rapier2d-deterministic-compat"));

/** Text and bytes of Rapier's raw interface. */
export const rapierFiles = (): readonly [glue: string, bytes: Uint8Array] => [
  readFileSync(join(folder, "rapier_wasm2d.js"), "utf8"),
  readFileSync(join(folder, "rapier_wasm2d_bg.wasm")),
];

export default rapierScene(...rapierFiles());
