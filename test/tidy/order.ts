/**
 * The way through the house: a module imports from its own row and the rows above it. A row is a path or the
 * beginning of one; the longest row that fits counts.
 */
export const ROWS: readonly string[] = [
  "src/core/base/",
  // Two files of types alone, which stand where their readers can reach them.
  "src/core/journal/sink.ts",
  "src/core/envelope/",
  "src/core/session/simulation.ts",
  "src/core/bundle/",
  "src/core/wire/",
  "src/core/guard/",
  "src/core/admit/",
  "src/core/bridge/",
  "src/core/timeline/",
  "src/core/journal/",
  "src/core/session/",
  "src/core/index.ts",
  "src/math/",
  "src/game/",
  "src/wasm/",
  "src/lua/",
  "src/bundles/",
  "src/platform/",
  "src/transports/",
  "src/match/",
  "src/index.ts",
  "src/testing/",
  "src/server/",
  "src/cli/",
  // Pages: what they have of the package they import by its name, as everybody's pages do.
  "apps/",
];

/** The row's index, or undefined for a path that has no place yet. */
export function rowOf(path: string): number | undefined {
  let best: number | undefined;
  for (const [index, row] of ROWS.entries()) {
    if (path.startsWith(row) && (best === undefined || row.length > ROWS[best]!.length)) best = index;
  }
  return best;
}

/** Folders that know nothing of each other, although they share a row. */
export const STRANGERS = /^(src\/transports\/[^/]+)\//;

/** Folders that nothing is imported into, not even from rows above. */
export const ALONE: readonly string[] = ["src/math/"];

/** Packages that a part of the house may use; `node:` stands for everything that Node brings along. */
export const PACKAGES: readonly { readonly under: string; readonly may: readonly string[] }[] = [
  { under: "src/core/", may: ["@noble/curves", "@noble/hashes"] },
  { under: "src/math/", may: [] },
  { under: "src/game/", may: [] },
  { under: "src/wasm/", may: [] },
  // Types alone, as in src/platform/.
  { under: "src/lua/", may: ["node:"] },
  { under: "src/bundles/", may: [] },
  // Types alone: what is there at run time, Node hands out when it is asked for it.
  { under: "src/platform/", may: ["node:crypto"] },
  { under: "src/transports/memory/", may: [] },
  { under: "src/transports/udp/", may: ["node:"] },
  { under: "src/transports/", may: [] },
  { under: "src/match/", may: [] },
  { under: "src/index.ts", may: [] },
  { under: "src/testing/", may: ["flatqueue"] },
  { under: "src/server/", may: ["node:", "ws", "prom-client"] },
  { under: "src/cli/", may: ["node:", "commander", "esbuild"] },
  { under: "apps/dev/", may: ["echo-net"] },
  { under: "apps/splash/", may: ["echo-net", "preact", "@preact/signals"] },
];
