import { type RoomTransport, webrtc } from "echo-net/webrtc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { roomConformance } from "./conformance.js";
import { directPaths } from "./direct.js";
import { meet } from "./meet.js";
import { OnLoopback } from "./on-loopback.js";
import { openTurnServer } from "./turn-server.js";

let server: Server;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
});

describe("EN-801 webrtc conforms in Node", () => {
  const suite = roomConformance({
    get url() {
      return server.url;
    },
    prefix: "webrtc",
    optionOf: (room) =>
      webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback, pathTimeoutMs: 60_000 }),
    settleMs: 4,
    ready: directPaths,
  });
  for (const { name, run } of suite) test(name, run);
});

describe("webrtc in Node", () => {
  /** Two ends with a direct path. */
  async function pair(
    room: string,
  ): Promise<{ readonly a: RoomTransport; readonly b: RoomTransport; close(): void }> {
    const options = [0, 1].map(() =>
      webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback, pathTimeoutMs: 60_000 }),
    );
    await options[0]!.open();
    options[0]!.announce("echo-net:pair");
    await options[1]!.open();
    while (!options.every(({ paths }) => [...paths.values()].join() === "open")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [a, b] = options.map((option) => option.transport!);
    return {
      a: a!,
      b: b!,
      close: () => {
        for (const end of [a!, b!]) end.close();
      },
    };
  }

  test("EN-874 a flood is dropped and counted where it would have to wait, and what comes after it arrives", async () => {
    const { a, b, close } = await pair("flood");
    const flood = 2_000;
    for (let i = 0; i < flood; i++) a.send(b.addresses[0]!, new Uint8Array(1_200));
    const { sent, stale, relayed, failed } = a.counts;
    // How many depends on the engine, which sends from a thread of its own meanwhile.
    expect(stale).toBeGreaterThan(0);
    expect([sent + stale, relayed, failed]).toEqual([flood, 0, 0]);
    let arrived = 0;
    for (let i = 0; i < 1_000 && arrived === 0; i++) {
      a.send(b.addresses[0]!, Uint8Array.of(7));
      await new Promise((resolve) => setTimeout(resolve, 5));
      arrived = Array.from(b.receive()).filter(({ datagram }) => datagram.length === 1).length;
    }
    expect(arrived).toBeGreaterThan(0);
    close();
  });

  test("EN-883 goes through a TURN server alone, whatever characters its credentials have", async () => {
    const turn = await openTurnServer();
    const relay = {
      RTCPeerConnection: OnLoopback,
      iceServers: [turn.iceServer],
      iceTransportPolicy: "relay",
      pathTimeoutMs: 60_000,
    } as const;
    for (const meeting of await meet(server.url, "turn", [relay, relay])) {
      expect(meeting).toEqual({ states: ["open"], findings: [], refusal: undefined });
    }
    await turn.close();
  });
});
