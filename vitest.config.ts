import { readFileSync } from "node:fs";
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

/** `npm run soak` runs the seeded folder alone, on as many seeds as it was told, for as long as that takes. */
const soak = process.env.ECHO_NET_SEEDS !== undefined;

export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: soak
      ? ["test/seeded/**/*.test.ts"]
      : ["src/**/*.test.ts", "test/**/*.test.ts", "examples/**/*.test.ts", "bench/**/*.test.ts"],
    // Native parts do not survive a second worker thread.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: soak ? 0 : 120_000,
    hookTimeout: 120_000,
  },
});
