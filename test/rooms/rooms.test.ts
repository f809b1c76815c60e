import { defineGame, joinMatch } from "echo-net";
import { webrtc } from "echo-net/webrtc";
import { type RoomOption, websocket } from "echo-net/websocket";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { OnLoopback } from "./on-loopback.js";

let server: Server;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
});

/** Opens them in this order; the first announces once it is in. */
async function openAll(options: readonly RoomOption[], game: string): Promise<readonly { close(): void }[]> {
  const ends = [];
  for (const option of options) {
    ends.push(await option.open({ players: 2, game }));
    if (option.role === "host") option.announce(`echo-net:${game}`);
  }
  return ends;
}

describe("a room of a real server", () => {
  test("EN-871 without a name is the next one of the game", async () => {
    const [a, b, c, d] = [0, 1, 2, 3].map(() => websocket({ url: server.url }));
    const ends = [...(await openAll([a!, b!], "pond")), ...(await openAll([c!, d!], "lake"))];
    expect([a!.role, b!.role, c!.role, d!.role]).toEqual(["host", "join", "host", "join"]);
    expect(a!.room).toBe(b!.room);
    expect(c!.room).not.toBe(a!.room);
    expect([b!.invite, d!.invite]).toEqual(["echo-net:pond", "echo-net:lake"]);
    for (const end of ends) end.close();
  });

  test("EN-870 lets nobody in once the match has begun, and says so", async () => {
    const [host, late] = [0, 1].map(() => websocket({ url: server.url, room: "begun", players: 3 }));
    const [end] = await openAll([host!], "begun");
    host!.begun();
    const refusal = await late!.open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: "ROOM_FULL", hint: expect.stringContaining("has begun") });
    end!.close();
  });

  const kinds = {
    websocket: (room: string) => websocket({ url: server.url, room }),
    webrtc: (room: string) => webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback }),
  };
  test.each(["websocket", "webrtc"] as const)(
    "EN-872 tells who waits over %s that the host has left",
    async (kind) => {
      const game = defineGame({ name: "left", version: "1", events: {}, setup: () => ({}) });
      const calling = new AbortController();
      const meet = (signal?: AbortSignal): Promise<unknown> =>
        joinMatch(game, {
          transport: kinds[kind](`left-${kind}`),
          players: 3,
          ...(signal && { signal, onWaiting: (present: number) => present === 2 && calling.abort() }),
        }).catch((error: unknown) => error);
      const hosting = meet(calling.signal);
      const hint = expect.stringContaining("left before its match began");
      expect(await meet()).toMatchObject({ code: "NO_ROUTE", hint });
      expect(await hosting).toBe(calling.signal.reason);
    },
  );

  test("EN-884 holds ends of both kinds, which reach each other through the server", async () => {
    const room = "mixed";
    const host = webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback });
    const guest = websocket({ url: server.url, room });
    const ends = await openAll([host, guest], room);
    const [one, two] = [host.transport!, guest.transport!];
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      from.send(to.addresses[0]!, Uint8Array.of(42));
      let arrived = [...to.receive()];
      while (arrived.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        arrived = [...to.receive()];
      }
      expect(arrived).toEqual([{ from: from.addresses[0], datagram: Uint8Array.of(42) }]);
    }
    for (const end of ends) end.close();
  });
});
