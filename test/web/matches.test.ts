import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { OnLoopback } from "../rooms/on-loopback.js";
import { proveEqual } from "./evidence.js";
import { closeAll, inTabs, outcomesOf, planOf, TICKS } from "./matches.js";
import type { InPage } from "./page.js";
import { Player } from "./player.js";
import { openTabs, type Tabs } from "./tabs.js";

let server: Server;
let tabs: Tabs<InPage>;

beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
  tabs = await openTabs<InPage>("test/web/page.ts");
});
afterAll(async () => {
  await tabs?.close();
  await server?.close();
});

describe("a match in pages", () => {
  test.each([2, 4])("EN-880 of %i tabs over WebRTC ends with equal journals", async (players) => {
    const plan = planOf(server.url, players);
    const all = await inTabs(tabs, new Array(players).fill(plan));
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    for (const { counts, paths, findings } of outcomes) {
      expect(paths.map(([, state]) => state)).toEqual(new Array(players - 1).fill("open"));
      expect(findings).toEqual([]);
      expect(counts.sent).toBeGreaterThan(counts.relayed);
    }
    await closeAll(all);
  });

  test("EN-880 of a tab and Node over WebRTC ends with equal journals", async () => {
    const plan = planOf(server.url, 2);
    const tab = await tabs.open();
    const [node] = await Promise.all([
      Player.join({ ...plan, rtc: { RTCPeerConnection: OnLoopback } }),
      tab.call("join", plan),
    ]);
    const outcomes = [await node.outcome, await tab.call("outcome")];
    proveEqual(outcomes, TICKS);
    for (const { paths, counts } of outcomes) {
      expect(paths).toEqual([[expect.any(Number), "open"]]);
      expect(counts.sent).toBeGreaterThan(counts.relayed);
    }
    await tab.page.close();
  });

  test("EN-880 of two tabs over WebSocket ends with equal journals", async () => {
    const plan = planOf(server.url, 2, { kind: "websocket" });
    const all = await inTabs(tabs, [plan, plan]);
    const outcomes = await outcomesOf(all);
    proveEqual(outcomes, TICKS);
    for (const { counts } of outcomes) expect(counts.relayed).toBe(counts.sent);
    await closeAll(all);
  });
});
