import type { WebSocketConstructor } from "echo-net/websocket";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { serve } from "../../src/server/serve.js";
import { proveEqual } from "../web/evidence.js";
import { Player } from "../web/player.js";
import { OnLoopback } from "./on-loopback.js";

/** Tells one member a port where nobody is in place of every candidate's own. */
const misleading = (member: number): WebSocketConstructor =>
  class extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { perMessageDeflate: false });
    }
    override send(data: any): void {
      const isTo = typeof data === "string" && data.includes(`"to":${member},`);
      super.send(isTo ? data.replace(/127\.0\.0\.1 \d+ typ/g, "127.0.0.1 9 typ") : data);
    }
  } as unknown as WebSocketConstructor;

describe("three ends in Node", () => {
  test("EN-886 two of which have neither a direct path nor a server play on through the third", async () => {
    let entered = 0;
    const server = await serve({
      port: 0,
      bind: "127.0.0.1",
      onEvent: ({ event }) => {
        if (event === "entered") entered++;
      },
    });
    const ticks = 480;
    const plan = {
      kind: "webrtc",
      url: server.url,
      room: "bridged",
      players: 3,
      ticks,
      net: "latency=30,jitter=10",
    } as const;
    const parts = { RTCPeerConnection: OnLoopback, pathTimeoutMs: 3_000 };
    // In this order, so that it is the second and the third that cannot reach each other.
    const joining = [Player.join({ ...plan, rtc: parts })];
    for (const member of [2, 1]) {
      while (entered < joining.length) await new Promise((resolve) => setTimeout(resolve, 10));
      joining.push(Player.join({ ...plan, rtc: { ...parts, WebSocket: misleading(member) } }));
    }
    const players = await Promise.all(joining);
    const states = (): string[] =>
      players.map(({ progress }) => progress.paths.map(([, state]) => state).join());
    while (states().some((state) => state.includes("opening"))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(states()).toEqual(["open,open", "open,failed", "open,failed"]);
    const [one] = players;
    expect(one!.progress.finalTick).toBeLessThan(ticks - 100);
    await server.close();
    const outcomes = await Promise.all(players.map((player) => player.outcome));
    proveEqual(outcomes, ticks);
  });
});
