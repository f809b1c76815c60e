import { transportConformance } from "echo-net/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import type { InPage } from "./page.js";
import { openTabs, type Tab, type Tabs } from "./tabs.js";

const names = transportConformance({
  open: () => Promise.reject(new Error("named alone")),
  settle: () => {},
  nobody: [],
  receiveLimit: { datagrams: 0, bytes: 0 },
}).map(({ name }) => name);

let server: Server;
let tabs: Tabs<InPage>;
let tab: Tab<InPage>;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
  tabs = await openTabs<InPage>("test/web/page.ts");
  tab = await tabs.open();
});
afterAll(async () => {
  await tabs?.close();
  await server?.close();
});

describe.each(["websocket", "webrtc"] as const)("EN-801 %s conforms in Chromium", (kind) => {
  test.each(names.map((name, index) => [name, index] as const))("%s", async (_, index) => {
    await tab.call("conform", kind, server.url, index);
  });
});
