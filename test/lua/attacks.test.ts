import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadLuaGame } from "../../src/lua/index.js";
import { root } from "../tidy/modules.js";
import { ATTACKS, attacked } from "./attacks.js";
import { Solo } from "./solo.js";
import { type Ending, endingOf, suspectHashes, type TierReport } from "./tiers.js";

const endings = new Map<string, Ending>();
const PAGE = 65_536;
const TICKS = 10_000;
/** Of a run without any rollback, whose hashes are those of the runs with them. */
const CALM_TICKS = 2_000;

describe("an attack", () => {
  test.each(Object.entries(ATTACKS))(
    "EN-1134 by %s ends within its fuel, alike at every peer, and the others play on",
    async (name, body) => {
      const game = await loadLuaGame(attacked(body));
      const ending = endingOf(new Solo(game, 2));
      endings.set(name, ending);
      const other = new Solo(game, 2);
      expect(endingOf(other)).toEqual(ending);
      expect(ending.fuel).toBeLessThanOrEqual(20_000_000);
      expect(ending.bytes).toBeLessThanOrEqual(ending.mostBytes);
      expect(ending.mostBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
      // A tick in which no script may run any more is one without on_tick.
      expect(other.self(0).ticks).toBeGreaterThanOrEqual(5);
      for (const fault of ending.faults)
        expect(fault).toMatch(/(player|bird|nest)\.lua|collection of garbage/);
    },
  );
});

describe("attacks together", () => {
  // After a change that is meant to change what Lua uses: npx vitest run test/lua/attacks.test.ts -u
  test("EN-1137 use these amounts of fuel and memory", async () => {
    const rows = [...endings].map(([name, { fuel, mostBytes, bytes }]) =>
      [fuel, mostBytes / PAGE, bytes / PAGE, name].map((cell) => String(cell).padStart(10)).join("  "),
    );
    expect(rows).toHaveLength(Object.keys(ATTACKS).length);
    const titles = "      fuel  most pages  pages then  attack";
    await expect(`${[titles, ...rows].join("\n")}\n`).toMatchFileSnapshot("attack-figures.txt");
  });
});

describe("the compiler's tiers", () => {
  // Within the checkout, so that Lua is found from it.
  let folder = "";
  let bundle = "";
  beforeAll(async () => {
    mkdirSync(join(root, ".cache"), { recursive: true });
    folder = mkdtempSync(join(root, ".cache", "tiers-"));
    bundle = join(folder, "tiers.mjs");
    await build({
      entryPoints: [join(root, "test/lua/tiers-main.ts")],
      outfile: bundle,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      logLevel: "silent",
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (...flags: string[]): Promise<TierReport> => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, bundle, String(TICKS)],
      options,
    );
    return JSON.parse(stdout) as TierReport;
  };

  test("EN-1190 EN-1134 agree on every attack, and on what scripts can see of memory, numbers and order", async () => {
    const calm = await suspectHashes(CALM_TICKS, undefined, false);
    expect(calm).toHaveLength(CALM_TICKS / 100);
    expect(new Set(calm).size).toBe(calm.length);
    const [first, ...others] = await Promise.all([run(), run("--liftoff-only"), run("--no-liftoff")]);
    expect(first.suspects).toHaveLength(TICKS / 100);
    expect(first.suspects.slice(0, calm.length)).toEqual(calm);
    for (const [tier, report] of [first, ...others].entries()) {
      expect(report.suspects, `tier ${tier}`).toEqual(first.suspects);
      for (const [name, ending] of endings)
        expect(report.attacks[name], `${name}, tier ${tier}`).toEqual(ending);
    }
  }, 600_000);
});
