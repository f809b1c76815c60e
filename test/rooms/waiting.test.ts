import { type EchoNetError, joinMatch } from "echo-net";
import { webrtc } from "echo-net/webrtc";
import { websocket } from "echo-net/websocket";
import { describe, expect, test } from "vitest";
import { serve } from "../../src/server/serve.js";
import { pads } from "../games/pads.js";
import { OnLoopback } from "./on-loopback.js";

describe("a match that waits in a room", () => {
  test.each([
    { over: "WebSocket", optionOf: (url: string) => websocket({ url, room: "waiting" }) },
    {
      over: "WebRTC",
      optionOf: (url: string) => webrtc({ signaling: url, room: "waiting", RTCPeerConnection: OnLoopback }),
    },
  ])("EN-780 ends in words once its server has gone away, over $over", async ({ optionOf }) => {
    const shortLived = await serve({ port: 0, bind: "127.0.0.1" });
    let present = 0;
    const waiting = [0, 1].map(() =>
      joinMatch(pads, {
        transport: optionOf(shortLived.url),
        players: 3,
        onWaiting: (now) => {
          present = Math.max(present, now);
        },
      }).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    while (present < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await shortLived.close();
    const hints = (await Promise.all(waiting)).map((refusal) => {
      expect(refusal).toMatchObject({ code: "NO_ROUTE" });
      return (refusal as EchoNetError).hint;
    });
    expect(hints.sort()).toEqual([
      expect.stringContaining("The server is gone, so nobody else can come"),
      expect.stringContaining("the host of room waiting can be reached no more"),
    ]);
  });
});
