import { readFileSync } from "node:fs";
import type { Game } from "echo-net";
import { type ReplayResult, readJournal, replayJournal } from "echo-net/journal";
import { loadLuaGame } from "echo-net/lua";
import { createTestMatch, type TestMatch, type TestMatchOptions } from "echo-net/testing";
import { loadWasmGame } from "echo-net/wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import orbits from "../examples/orbits/game.js";
import splash from "../examples/splash/game.js";
import { installedGlue } from "../src/lua/glue.js";
import { bundleForBrowsers } from "./browser/bundle.js";
import { openModule } from "./browser/chromium.js";
import { type CalledPage, openInFirefox } from "./browser/firefox.js";
import { root } from "./tidy/modules.js";
import { gemsBytes } from "./wasm/gems.js";

const OPTIONS: TestMatchOptions = { peers: 3, seed: 5, net: "lossy", inputDelayTicks: 1, journal: true };
const TICKS = 300;

function replayInNode(game: Game, journal: string): unknown {
  const reading = readJournal(new TextEncoder().encode(journal));
  if (!reading.ok) throw new Error(reading.refusal.what);
  return replayJournal(reading.journal, game);
}

describe("what browsers load", () => {
  test.each([
    "echo-net",
    "echo-net/core",
    "echo-net/math",
    "echo-net/journal",
    "echo-net/testing",
    "echo-net/wasm",
    "echo-net/lua",
    "echo-net/bundles",
    "echo-net/webrtc",
    "echo-net/websocket",
  ])("%s needs nothing of Node", async (entry) => {
    const bundle = await bundleForBrowsers({ code: `export * from "${entry}";` });
    expect(bundle.imports).toEqual([]);
    expect(bundle.inputs.filter((path) => path.startsWith("dist/")).length).toBeGreaterThan(0);
  });

  test("would show what needs Node", async () => {
    const bundle = await bundleForBrowsers({ code: `export * from "echo-net/udp";` });
    expect(bundle.imports.length).toBeGreaterThan(0);
  });
});

/** A match of each game in Node, with predictions that came out wrong. */
const NAMES = ["splash", "orbits", "sample", "gems"];
const games: Record<string, Game> = { splash, orbits };
const matches: Record<string, TestMatch> = {};
let code: string;
let loaded: readonly [script: string, glue: string, module: string];

beforeAll(async () => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const script = readFileSync(`${root}examples/lua-sample/player.lua`, "utf8");
  loaded = [script, base64(installedGlue()), base64(await gemsBytes())];
  games.sample = await loadLuaGame({ "player.lua": script });
  games.gems = loadWasmGame(await gemsBytes());
  for (const name of NAMES) {
    const match = createTestMatch(games[name]!, OPTIONS);
    match.runTicks(TICKS);
    match.settle();
    match.assertAgreed();
    expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);
    matches[name] = match;
  }
  code = (await bundleForBrowsers({ file: "test/browser/page.ts" })).code;
}, 300_000);

describe.each([
  ["Chromium", openModule],
  ["Firefox", openInFirefox],
] as const)("in %s", (_, open) => {
  let page: CalledPage;

  beforeAll(async () => {
    page = await open(code);
    await page.call("load", ...loaded);
  }, 300_000);
  afterAll(async () => {
    await page?.close();
  });

  test.each(NAMES)(
    "EN-1046 a journal of %s that was recorded in Node replays to equal hashes, and a match is the same bytes",
    async (name) => {
      const { peers } = matches[name]!;
      const { journal } = peers[0]!;
      const replayed = (await page.call("replay", name, journal)) as ReplayResult;
      expect(replayed).toEqual(replayInNode(games[name]!, journal));
      const hashes = [...journal.matchAll(/"type":"tick".*"state":"([0-9a-f]{64})"/g)].map(
        (match) => match[1],
      );
      expect(replayed).toMatchObject({ ok: true, firstDivergence: null, finalHash: hashes.at(-1) });
      expect(replayed.ticks).toBeGreaterThan(TICKS - 20);

      const damaged = journal.replace(/"chronos":9,"node":"(.)/, (all, digit) =>
        all.slice(0, -1).concat(digit === "0" ? "1" : "0"),
      );
      expect(await page.call("replay", name, damaged)).toMatchObject({ ok: false });

      const played = (await page.call("play", name, OPTIONS, TICKS)) as string[];
      const same = peers.map((peer, i) => peer.journal === played[i]);
      expect(same, "the journals of Node and the browser, by peer").toEqual([true, true, true]);
    },
    300_000,
  );

  test.each(["sample", "gems"])(
    "EN-366 a journal of %s replays to equal hashes from what it holds itself",
    async (name) => {
      const { journal } = matches[name]!.peers[0]!;
      const replayed = (await page.call("replayAlone", journal, loaded[1])) as ReplayResult;
      expect(replayed).toEqual(replayInNode(games[name]!, journal));
      expect(replayed).toMatchObject({ ok: true, firstDivergence: null });
      const at = journal.indexOf('"bundle":"') + 300;
      const digit = journal[at] === "A" ? "B" : "A";
      const damaged = journal.slice(0, at) + digit + journal.slice(at + 1);
      expect(await page.call("replayAlone", damaged, loaded[1])).toMatchObject({
        ok: false,
        refusal: { line: 1, what: '"bundle" does not make the fingerprint that "manifest" names' },
      });
    },
    300_000,
  );
});
