import { type EchoNetError, type JoinOptions, joinMatch, type MatchSession } from "echo-net";
import { webrtc } from "echo-net/webrtc";
import { websocket } from "echo-net/websocket";
import { describe, expect, test } from "vitest";
import { serve } from "../../src/server/serve.js";
import { pads } from "../games/pads.js";
import { OnLoopback } from "./on-loopback.js";

const kinds = [
  { over: "WebSocket", optionOf: (url: string) => websocket({ url, room: "waiting" }) },
  {
    over: "WebRTC",
    optionOf: (url: string) => webrtc({ signaling: url, room: "waiting", RTCPeerConnection: OnLoopback }),
  },
];

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 4));
};

describe("a match that waits in a room", () => {
  test.each(kinds)("EN-780 ends in words once its server has gone away, over $over", async ({ optionOf }) => {
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
    await until(() => present === 2);
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

  test.each(kinds)("EN-781 does not begin with one who has left, over $over", async ({ optionOf }) => {
    const server = await serve({ port: 0, bind: "127.0.0.1" });
    const present: number[] = [];
    const leaving = new AbortController();
    const join = (more: Partial<JoinOptions> = {}): Promise<MatchSession> =>
      joinMatch(pads, { transport: optionOf(server.url), players: 3, ...more });
    const host = optionOf(server.url);
    const hosting = join({
      transport: host,
      onWaiting: (now) => {
        present.push(now);
        if (present.join() === "1,2") leaving.abort();
      },
    });
    await until(() => present.length === 1);
    await expect(join({ signal: leaving.signal })).rejects.toMatchObject({ name: "AbortError" });
    await until(() => !host.mayReach("room:1"));
    const sessions = await Promise.all([hosting, join(), join()]);
    expect(present.slice(0, 3)).toEqual([1, 2, 1]);
    await until(() => {
      for (const session of sessions) session.update(performance.now());
      return sessions.every((session) => session.stats().finalTick > 30);
    });
    for (const session of sessions) void session.leave();
    await server.close();
  });
});
