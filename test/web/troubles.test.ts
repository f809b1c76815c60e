import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { openTurnServer, type TurnServer } from "../rooms/turn-server.js";
import { proveEqual } from "./evidence.js";
import { closeAll, directly, inTabs, outcomesOf, planOf, reach, TICKS } from "./matches.js";
import type { InPage } from "./page.js";
import { openTabs, type Tabs } from "./tabs.js";

let server: Server;
let turn: TurnServer;
let tabs: Tabs<InPage>;

beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
  turn = await openTurnServer();
  tabs = await openTabs<InPage>("test/web/page.ts");
});
afterAll(async () => {
  await tabs?.close();
  await turn?.close();
  await server?.close();
});

// Side by side: one of them waits most of its time for a player who is gone.
describe.concurrent("a match in pages", () => {
  test("EN-881 whose server goes away plays on over its direct paths", async () => {
    const own = await serve({ port: 0, bind: "127.0.0.1" });
    const plan = planOf(own.url, 2);
    const all = await inTabs(tabs, [plan, plan]);
    await directly(all);
    await own.close();
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    for (const { findings, paths } of outcomes) {
      expect(findings).toEqual(["signaling-lost"]);
      expect(paths.map(([, state]) => state)).toEqual(["open"]);
    }
    await closeAll(all);
  });

  test("EN-882 of which one tab is closed ends alike for the others, where its events end", async () => {
    const plan = planOf(server.url, 3, { ticks: 3_600 });
    const all = await inTabs(tabs, [plan, plan, plan]);
    const [closing, ...staying] = [all[2]!, all[0]!, all[1]!];
    await reach(all, 100);
    const journal = await closing.call("journal");
    await closing.page.close();
    const outcomes = await outcomesOf(staying);
    expect(outcomes.map(({ ended }) => ended)).toEqual(["lost", "lost"]);
    const [one, two] = outcomes.map((outcome) => outcome.journal);
    expect(one === two).toBe(true);
    proveEqual([...outcomes, { ...outcomes[0]!, journal }]);
    await closeAll(staying);
  });

  test("EN-883 that may use a TURN server's relay alone plays over it", async () => {
    const rtc = { iceServers: [turn.iceServer], iceTransportPolicy: "relay" } as const;
    const plan = planOf(server.url, 2, { rtc });
    const all = await inTabs(tabs, [plan, plan]);
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    for (const { counts, paths } of outcomes) {
      expect(paths.map(([, state]) => state)).toEqual(["open"]);
      expect(counts.sent).toBeGreaterThan(counts.relayed);
    }
    expect(turn.log).toMatch(/ALLOCATE processed, success/);
    await closeAll(all);
  });

  test("EN-884 whose paths are cut plays on through the server", async () => {
    const own = await openTurnServer();
    const rtc = { iceServers: [own.iceServer], iceTransportPolicy: "relay" } as const;
    const plan = planOf(server.url, 2, { rtc });
    const all = await inTabs(tabs, [plan, plan]);
    await directly(all);
    await own.close();
    expect((await all[0]!.call("progress"))?.finalTick).toBeLessThan(TICKS - 300);
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    for (const { counts } of outcomes) expect(counts.relayed).toBeGreaterThan(0);
    await closeAll(all);
  });

  test("EN-884 in which a player gets no direct path plays with that one through the server", async () => {
    const plan = planOf(server.url, 3);
    const walled = { ...plan, rtc: { iceTransportPolicy: "relay", pathTimeoutMs: 2_000 } } as const;
    const all = await inTabs(tabs, [plan, plan, walled]);
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    const [one, two, three] = outcomes;
    expect(three!.counts.relayed).toBe(three!.counts.sent);
    expect(three!.paths.every(([, state]) => state === "failed")).toBe(true);
    for (const { counts, paths } of [one!, two!]) {
      expect(paths.filter(([, state]) => state === "open")).toHaveLength(1);
      expect(counts.relayed).toBeGreaterThan(0);
      expect(counts.sent).toBeGreaterThan(counts.relayed);
    }
    await closeAll(all);
  });
});
