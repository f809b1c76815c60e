import { type ServerEvent, serve } from "echo-net/server";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { MAX_SIGNAL_TEXT_BYTES, SIGNALING_PATH, SIGNALING_PROTOCOL } from "../src/transports/signaling.js";
import { End, metricsOf, shortly, started, until } from "./server/end.js";

/** A room whose two members must notice nothing of what a test does beside it. */
async function undisturbed(server: { readonly url: string }): Promise<() => Promise<void>> {
  const [one, two] = [await End.in(server, "undisturbed"), await End.in(server, "undisturbed")];
  return async () => {
    const [heard, got] = [one.signals.length, two.datagrams.length];
    one.relay(1, 42);
    two.say({ type: "signal", to: 0, data: { kind: "offer", sdp: "v=0" } });
    await until("a datagram and a signal", () => two.datagrams.length > got && one.signals.length > heard);
    expect([one.closed, two.closed]).toEqual([undefined, undefined]);
    expect(one.signals.filter(({ type }) => type === "went")).toEqual([]);
  };
}

describe("ends of a room", () => {
  test("EN-1213 find each other and have datagrams passed on unread, each with its sender's number", async () => {
    const server = await started({ metrics: true });
    const host = await End.in(server, "room");
    host.say({ type: "invite", invite: "echo-net:abc" });
    const stranger = await End.in(server, "other");
    const guest = await End.in(server, "room");
    await until("a known invite", () => JSON.stringify(guest.signals).includes('"invite":"echo-net:abc"'));
    const last = await End.in(server, "room");
    expect(guest.signals[0]).toMatchObject({ type: "entered", room: "room", you: 1, host: 0, members: [0] });
    expect(last.signals[0]).toMatchObject({ you: 2, members: [0, 1], invite: "echo-net:abc" });
    await until("two who came", () => host.signals.length === 3);
    expect(host.signals.slice(1)).toEqual([1, 2].map((member) => ({ type: "came", member })));

    const longest = Array.from({ length: 1_200 }, (_, i) => i & 255);
    guest.relay(0, ...longest);
    guest.relay(2, 0, 0xff);
    guest.relay(1, 1);
    guest.relay(77, 1);
    host.relay(1, 0xc3, 0x28);
    await until("datagrams", () => [host, guest, last].every(({ datagrams }) => datagrams.length === 1));
    expect(host.datagrams).toEqual([{ from: 1, datagram: Buffer.from(longest) }]);
    expect(last.datagrams).toEqual([{ from: 1, datagram: Buffer.of(0, 0xff) }]);
    expect(guest.datagrams).toEqual([{ from: 0, datagram: Buffer.of(0xc3, 0x28) }]);
    expect(stranger.datagrams).toEqual([]);

    guest.webSocket.terminate();
    expect(await host.heard("went")).toEqual({ type: "went", member: 1 });
    expect(await metricsOf(server)).toMatchObject({
      echo_net_rooms: 2,
      echo_net_members: 3,
      echo_net_entered_total: 4,
      echo_net_relayed_datagrams_total: 3,
      echo_net_relayed_bytes_total: 1_204,
      'echo_net_dropped_datagrams_total{cause="nobody"}': 2,
    });
  });

  test("EN-1213 are matched by next, and are refused with the reason where they cannot be", async () => {
    const server = await started({ limits: { rooms: 2 } });
    const ends = await Promise.all([0, 1, 2].map(() => End.open(server)));
    for (const end of ends) end.say({ type: "next", players: 3, game: "splash@1" });
    const rooms = await Promise.all(ends.map(async (end) => (await end.heard("entered")).room));
    expect(new Set(rooms).size).toBe(1);
    const late = await End.open(server);
    late.say({ type: "enter", room: rooms[0]! });
    expect(await late.refusal()).toBe("room-full");
    await End.in(server, "second");
    const third = await End.open(server);
    third.say({ type: "enter", room: "third" });
    expect(await third.refusal()).toBe("too-many-rooms");
  });
});

describe("an end that", () => {
  const TOO_LONG = `{"type":"enter","room":"${"a".repeat(MAX_SIGNAL_TEXT_BYTES)}"}`;
  const garbage: readonly (readonly [what: string, say: (end: End) => void])[] = [
    ["says no JSON", (end) => end.webSocket.send("nonsense")],
    ["says another word first", (end) => end.say({ type: "close" })],
    ["relays before it has entered", (end) => end.relay(0, 1)],
    ["says too much at once", (end) => end.webSocket.send(TOO_LONG)],
  ];

  test.each(garbage)("EN-1214 %s is refused in words and ended", async (_, say) => {
    const server = await started();
    const check = await undisturbed(server);
    const end = await End.open(server);
    say(end);
    if (say === garbage[3]![1]) await until("an end", () => end.closed?.code === 1009);
    else expect([await end.refusal(), end.closed?.code]).toEqual(["malformed", 1008]);
    await check();
  });

  test.each<[string, (end: End) => void]>([
    ["enters twice", (end) => end.say({ type: "enter", room: "b" })],
    ["is not the host and closes the room", (end) => end.say({ type: "close" })],
    ["sends a datagram of no bytes", (end) => end.relay(0)],
    ["sends a datagram of 1,201 bytes", (end) => end.relay(0, ...new Uint8Array(1_201))],
  ])("EN-1214 in a room %s loses its seat at once", async (_, say) => {
    const server = await started();
    const host = await End.in(server, "a");
    const end = await End.in(server, "a");
    say(end);
    expect(await end.refusal()).toBe("malformed");
    expect(await host.heard("went")).toEqual({ type: "went", member: 1 });
    expect([host.closed, host.datagrams]).toEqual([undefined, []]);
  });

  test("EN-1214 breaks the framing of WebSockets is ended, and the others are not", async () => {
    const events: ServerEvent[] = [];
    const server = await started({ onEvent: (event) => events.push(event) });
    const check = await undisturbed(server);
    const fragments = Array.from({ length: 70 }, (_, i) => [i === 0 ? 1 : 0, 0x81, 0, 0, 0, 0, 0x20]).flat();
    // Not masked, of a reserved kind, text that is no UTF-8, a close of one byte, a ping that is too long, crumbs.
    const broken = [
      [0x81, 0x01, 0x61],
      [0x83, 0x80, 0, 0, 0, 0],
      [0x81, 0x81, 0, 0, 0, 0, 0xff],
    ];
    for (const bytes of [...broken, [0x88, 0x81, 0, 0, 0, 0, 1], [0x89, 0xfe, 1, 0, 0, 0, 0, 0], fragments]) {
      const end = await End.open(server);
      end.webSocket.on("error", () => {});
      (end.webSocket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(
        Uint8Array.from(bytes),
      );
      await until("an end", () => end.closed !== undefined);
    }
    const refused = events.filter((event) => event.event === "refused" && event.code === "malformed");
    expect(refused.length).toBe(6);
    await check();
  });

  test("EN-1215 says nothing is ended after a while, and one that answers no question is gone", async () => {
    const server = await started({ limits: { firstWordMs: 300, pingMs: 300 } });
    const check = await undisturbed(server);
    const silent = await End.open(server);
    expect(await silent.refusal()).toBe("silent");
    const host = await End.in(server, "a");
    const asleep = await End.in(server, "a");
    // What is paused reads no ping, so that it cannot answer.
    asleep.webSocket.pause();
    expect(await host.heard("went")).toEqual({ type: "went", member: 1 });
    await check();
  });

  test("EN-1216 says too much is ended; datagrams beyond the budget are lost, and a flood of them ends it", async () => {
    const server = await started({ metrics: true });
    const check = await undisturbed(server);
    const host = await End.in(server, "a");
    const talker = await End.in(server, "a");
    for (let i = 0; i < 300; i++) talker.say({ type: "signal", to: 0, data: { kind: "offer", sdp: "" } });
    expect(await talker.refusal()).toBe("too-fast");
    expect(host.signals.filter(({ type }) => type === "signal").length).toBeLessThan(300);

    const pinger = await End.in(server, "a");
    for (let i = 0; i < 300 && pinger.webSocket.readyState === WebSocket.OPEN; i++) {
      pinger.webSocket.ping();
      if (i % 20 === 0) await shortly();
    }
    expect(await pinger.refusal()).toBe("too-fast");

    const flooder = await End.in(server, "a");
    const datagram = new Uint8Array(1_200);
    while (flooder.webSocket.readyState === WebSocket.OPEN) {
      for (let i = 0; i < 500; i++) flooder.relay(0, ...datagram.subarray(0, 1_199));
      await shortly();
    }
    expect(await flooder.refusal()).toBe("too-fast");
    const metrics = await metricsOf(server);
    expect(metrics['echo_net_dropped_datagrams_total{cause="budget"}']).toBeGreaterThan(1_000);
    expect(metrics['echo_net_refusals_total{code="too-fast"}']).toBe(3);
    expect(host.closed).toBeUndefined();
    await check();
  });

  test("EN-1217 takes nothing loses datagrams instead of having them queued, and is gone when texts pile up", async () => {
    // Nor is it asked whether it is still there, which would end it as well.
    const server = await started({ metrics: true, limits: { pingMs: 600_000 } });
    const check = await undisturbed(server);
    const lazy = await End.in(server, "a");
    const busy = await End.in(server, "a");
    lazy.webSocket.pause();
    const stale = async (): Promise<number> =>
      (await metricsOf(server))['echo_net_dropped_datagrams_total{cause="stale"}']!;
    const datagram = new Uint8Array(1_200);
    // Within its budget, until the system's own buffers are full.
    for (let sent = 0; (await stale()) < 500; sent += 400) {
      expect(sent).toBeLessThan(50_000);
      for (let i = 0; i < 400; i++) busy.webSocket.send(datagram);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const third = await End.in(server, "a");
    const data = { kind: "offer", sdp: "a".repeat(16_000) } as const;
    for (let i = 0; i < 12; i++) for (const end of [busy, third]) end.say({ type: "signal", to: 0, data });
    expect(await busy.heard("went")).toEqual({ type: "went", member: 0 });
    expect([busy.closed, third.closed]).toEqual([undefined, undefined]);
    await check();
  }, 240_000);
});

describe("an address", () => {
  test("EN-1218 has so many members and no more, and behind a proxy is the one that the proxy tells", async () => {
    const server = await started({ behindProxy: true, limits: { membersPerAddress: 2 } });
    const from = async (forwarded: string): Promise<End> => {
      const end = await End.open(server, { "X-Forwarded-For": forwarded });
      end.say({ type: "enter", room: "a" });
      await until("an answer", () => end.signals.length > 0);
      return end;
    };
    await from("192.0.2.1");
    const second = await from("198.51.100.9, 192.0.2.1");
    expect(await (await from("203.0.113.5, 192.0.2.1")).refusal()).toBe("too-many-connections");
    expect((await from("192.0.2.1, 192.0.2.2")).signals[0]?.type).toBe("entered");
    expect((await from("nonsense")).signals[0]?.type).toBe("entered");
    second.webSocket.terminate();
    await until("a free seat", () => second.closed !== undefined);
    await shortly();
    expect((await from("192.0.2.1")).signals[0]?.type).toBe("entered");
  });

  test("EN-1218 may ask so often and no more", async () => {
    const server = await started({ limits: { requestsPerSecond: 1 } });
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) statuses.push((await fetch(`${server.url}/health`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
    expect(statuses).toContain(429);
  });
});

describe("a WebSocket", () => {
  const attempt = async (
    url: string,
    headers: Record<string, string>,
    protocol?: string,
  ): Promise<string> => {
    const webSocket = new WebSocket(url.replace("http", "ws"), protocol, { headers });
    return await new Promise((resolve) => {
      webSocket.on("error", () => {});
      webSocket.on("open", () => {
        webSocket.terminate();
        resolve("open");
      });
      webSocket.on("unexpected-response", (_, response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => resolve(`${response.statusCode} ${text}`));
      });
    });
  };

  test("EN-1219 of a foreign page, at another path or of another version is refused in words", async () => {
    const server = await started({ origins: ["https://play.example"] });
    const at = server.url + SIGNALING_PATH;
    const P = SIGNALING_PROTOCOL;
    expect(await attempt(at, {}, P)).toBe("open");
    expect(await attempt(at, { Origin: server.url }, P)).toBe("open");
    expect(await attempt(at, { Origin: "https://play.example" }, P)).toBe("open");
    expect(await attempt(at, { Origin: "https://evil.example" }, P)).toMatch(
      /^403 Pages of that origin .*--origin/,
    );
    expect(await attempt(at, { Origin: "null" }, P)).toMatch(/^403 /);
    expect(await attempt(`${server.url}/elsewhere`, {}, P)).toMatch(/^404 WebSockets are at \/signal\./);
    expect(await attempt(at, {}, "echo-net.signal.9")).toMatch(
      /^400 This server speaks echo-net\.signal\.1 /,
    );
    expect(await attempt(at, {})).toMatch(/^400 /);
  });
});

describe("a server that ends", () => {
  test("EN-1220 says so, lets relayed matches go on for a while, and refuses everybody else at once", async () => {
    const server = await started();
    const [one, two] = [await End.in(server, "relayed"), await End.in(server, "relayed")];
    const alone = await End.in(server, "alone");
    const waiting = await End.open(server);
    let sent = 0;
    const playing = setInterval(() => one.closed ?? one.relay(1, ++sent & 255), 20);
    await until("a relayed datagram", () => two.datagrams.length > 0);
    const closed = server.close({ drainMs: 1_500 });
    expect(await alone.heard("closing")).toEqual({ type: "closing", inMs: 1_500 });
    expect([await alone.refusal(), await waiting.refusal()]).toEqual(["shutting-down", "shutting-down"]);
    expect(alone.closed).toEqual({ code: 1001, reason: "shutting-down" });
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    expect([one.closed, two.closed]).toEqual([undefined, undefined]);
    const before = two.datagrams.length;
    await until("more datagrams", () => two.datagrams.length > before + 10);
    expect([await one.refusal(), await two.refusal()]).toEqual(["shutting-down", "shutting-down"]);
    clearInterval(playing);
    await closed;
    await server.close();
  });

  test("EN-1220 waits for nobody where nothing is relayed, or a relayed match has ended", async () => {
    const server = await started();
    const [one, two] = [await End.in(server, "relayed"), await End.in(server, "relayed")];
    one.relay(1, 1);
    await until("a relayed datagram", () => two.datagrams.length > 0);
    const closed = server.close({ drainMs: 3_600_000 });
    one.webSocket.close();
    two.webSocket.close();
    await closed;
  });
});

test("EN-1221 a server that cannot be is refused in words", async () => {
  const server = await started();
  const refusal = async (options: Parameters<typeof serve>[0]): Promise<string> => {
    const error = await serve(options).then(
      () => undefined,
      (thrown: { code: string; hint: string }) => thrown,
    );
    return `${error?.code}: ${error?.hint}`;
  };
  const bind = "127.0.0.1";
  expect(await refusal({ port: server.port, bind })).toMatch(
    /^NO_ROUTE: Port \d+ is in use at 127\.0\.0\.1: /,
  );
  expect(await refusal({ port: 0, bind: "203.0.113.7" })).toMatch(
    /^NO_ROUTE: .* no address 203\.0\.113\.7: /,
  );
  expect(await refusal({ port: 0, bind: "localhost" })).toMatch(/^INPUT_INVALID: "localhost" is not an IP /);
  for (const port of [-1, 65_536, 1.5, Number.NaN]) {
    expect(await refusal({ port })).toMatch(/^INPUT_INVALID: .* is no port/);
  }
  for (const rooms of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(await refusal({ port: 0, bind, limits: { rooms } })).toMatch(
      /^INPUT_INVALID: The limit "rooms" is /,
    );
  }
  // Longer than a request may take otherwise.
  expect((await started({ limits: { firstWordMs: 60_000 } })).port).toBeGreaterThan(0);
  const everywhere = await started({ bind: undefined });
  expect(everywhere.url).toBe(`http://localhost:${everywhere.port}`);
  for (const host of ["127.0.0.1", "[::1]"]) {
    expect((await fetch(`http://${host}:${everywhere.port}/health`)).status).toBe(200);
  }
  const six = await started({ bind: "::1" });
  expect((await fetch(`${six.url}/health`)).status).toBe(200);
});
