import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("./", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, string | { default: string }>;
};

/** Under test, `echo-net` and its subpaths are the sources: one copy of every module, and no build in between. */
const sources = Object.entries(exports).flatMap(([subpath, target]) =>
  typeof target === "string"
    ? []
    : {
        find: new RegExp(`^echo-net${subpath.slice(1)}$`),
        replacement: root + target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"),
      },
);

const FOLDERS = ["src", "test", "examples", "bench"];

/** `npm run soak` runs the tests that take their seeds from test/seeded/seeds.ts, on as many as it was told. */
const soak = process.env.ECHO_NET_SEEDS !== undefined;
/** And matches in pages for as long as it was told. */
const long = process.env.ECHO_NET_MATCH_SECONDS !== undefined;
const seeded = (): string[] =>
  FOLDERS.flatMap((folder) =>
    (readdirSync(root + folder, { recursive: true }) as string[])
      .map((path) => `${folder}/${path}`)
      .filter((path) => path.endsWith(".test.ts") && readFileSync(root + path, "utf8").includes("/seeds.js")),
  );

export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: soak ? seeded() : FOLDERS.map((folder) => `${folder}/**/*.test.ts`),
    // Native parts do not survive a second worker thread.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: soak || long ? 0 : 120_000,
    hookTimeout: 120_000,
  },
});
