import type { Game } from "echo-net";
import { type ReplayResult, readJournal, replayJournal } from "echo-net/journal";
import { createTestMatch, type TestMatchOptions } from "echo-net/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import orbits from "../examples/orbits/game.js";
import splash from "../examples/splash/game.js";
import { bundleForBrowsers } from "./browser/bundle.js";
import { type OpenPage, openModule } from "./browser/chromium.js";
import type { InPage } from "./browser/page.js";

const games = { splash, orbits };
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

describe("in Chromium", () => {
  let open: OpenPage;

  beforeAll(async () => {
    const { code } = await bundleForBrowsers({ file: "test/browser/page.ts" });
    open = await openModule(code);
  });
  afterAll(async () => {
    await open?.close();
  });

  const inPage = <Name extends "replay" | "play">(
    name: Name,
    ...args: Parameters<InPage[Name]>
  ): Promise<ReturnType<InPage[Name]>> =>
    open.page.evaluate(([called, given]) => (globalThis as any)[called as string](...(given as unknown[])), [
      name,
      args,
    ] as const);

  for (const [name, game] of Object.entries(games) as [keyof typeof games, Game][]) {
    test(`a journal of ${name} that was recorded in Node replays to equal hashes, and a match is the same bytes`, async () => {
      const match = createTestMatch(game, OPTIONS);
      match.runTicks(TICKS);
      match.settle();
      match.assertAgreed();
      const [journal] = match.peers.map((peer) => peer.journal);
      expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);

      const replayed = (await inPage("replay", name, journal!)) as ReplayResult;
      expect(replayed).toEqual(replayInNode(game, journal!));
      const hashes = [...journal!.matchAll(/"type":"tick".*"state":"([0-9a-f]{64})"/g)].map(
        (match) => match[1],
      );
      expect(replayed).toMatchObject({ ok: true, firstDivergence: null, finalHash: hashes.at(-1) });
      expect(replayed.ticks).toBeGreaterThan(TICKS - 20);

      const damaged = journal!.replace(/"chronos":9,"node":"(.)/, (all, digit) =>
        all.slice(0, -1).concat(digit === "0" ? "1" : "0"),
      );
      expect(await inPage("replay", name, damaged)).toMatchObject({ ok: false });

      const played = await inPage("play", name, OPTIONS, TICKS);
      const same = match.peers.map((peer, i) => peer.journal === played[i]);
      expect(same, "the journals of Node and Chromium, by peer").toEqual([true, true, true]);
    });
  }
});
