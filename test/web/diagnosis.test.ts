import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { freePort, openTurnServer, type TurnServer } from "../rooms/turn-server.js";
import type { InPage } from "./page.js";
import { openTabs, type Tab, type Tabs } from "./tabs.js";

let server: Server;
let turn: TurnServer;
let tabs: Tabs<InPage>;
let tab: Tab<InPage>;

beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
  turn = await openTurnServer();
  tabs = await openTabs<InPage>("test/web/page.ts");
  tab = await tabs.open();
});
afterAll(async () => {
  await tabs?.close();
  await turn?.close();
  await server?.close();
});

describe("diagnose in a page", () => {
  test("EN-885 finds nothing where all is well", async () => {
    const relay = { iceServers: [turn.iceServer], iceTransportPolicy: "relay" } as const;
    for (const parts of [{}, relay]) {
      const meetings = await tab.call("meet", server.url, `well-${Object.keys(parts).length}`, [
        parts,
        parts,
      ]);
      for (const meeting of meetings) expect(meeting).toMatchObject({ states: ["open"], findings: [] });
    }
  });

  test("EN-885 a TURN server that refuses the credentials: turn-refused", async () => {
    const iceServers = [{ ...turn.iceServer, credential: "wrong" }];
    const refused = { iceServers, iceTransportPolicy: "relay", pathTimeoutMs: 5_000 } as const;
    for (const meeting of await tab.call("meet", server.url, "refused", [refused, refused])) {
      expect(meeting.findings.map(({ reason }) => reason)).toEqual(["no-candidates", "turn-refused"]);
      expect(meeting.findings[1]!.hint).toMatch(/refused the credentials \(40\d /);
    }
  });

  test("EN-885 a TURN server that is not there: ice-server-silent", async () => {
    const urls = `turn:127.0.0.1:${await freePort()}?transport=udp`;
    const silent = {
      iceServers: [{ ...turn.iceServer, urls }],
      iceTransportPolicy: "relay",
      pathTimeoutMs: 4_000,
    } as const;
    for (const meeting of await tab.call("meet", server.url, "silent", [silent, silent])) {
      expect(meeting.findings.map(({ reason }) => reason)).toEqual(["no-candidates", "ice-server-silent"]);
      expect(meeting.findings[1]!.hint).toContain(urls);
    }
  });

  test("EN-885 a browser without WebRTC: no-webrtc", async () => {
    const bare = await tabs.open();
    await bare.page.evaluate("delete globalThis.RTCPeerConnection");
    const [meeting] = await bare.call("meet", server.url, "bare", [{}]);
    expect(meeting).toMatchObject({ states: [], findings: [{ reason: "no-webrtc" }] });
    expect(meeting!.refusal).toContain("There is no WebRTC here");
  });
});
