import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RoomConnection } from "./room-connection.js";
import { RELAY_BUFFERED_BYTES } from "./room-limits.js";
import { RoomOption } from "./room-option.js";
import { readPlace } from "./room-place.js";
import { type DirectPaths, RoomTransport, type Sent } from "./room-transport.js";
import { MAX_SIGNAL_TEXT_BYTES } from "./signaling.js";
import type { WebSocketLike } from "./web-socket.js";

/** A server's end of a WebSocket that a test speaks for. */
class Socket implements WebSocketLike {
  static last: Socket;
  readonly url: string;
  readonly protocol: string;
  binaryType = "";
  bufferedAmount = 0;
  closed = false;
  readonly sent: (string | Uint8Array)[] = [];
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onerror: WebSocketLike["onerror"] = null;
  onclose: WebSocketLike["onclose"] = null;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
    Socket.last = this;
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  says(message: object | string | Uint8Array): void {
    const isText = typeof message === "string";
    const data =
      message instanceof Uint8Array ? message.slice().buffer : isText ? message : JSON.stringify(message);
    this.onmessage?.({ data });
  }
}

const place = readPlace("url", "wss://play.example", { room: "pond" });
const optionOf = (): RoomOption => new RoomOption(place, Socket, (room) => new RoomTransport(room));
const seat = (you: number, more = {}): object => ({
  type: "entered",
  room: "pond",
  you,
  host: 0,
  members: Array.from({ length: you }, (_, member) => member),
  ...more,
});

const refusalOf = async (opening: Promise<unknown>): Promise<unknown> =>
  await opening.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("an end in a room", () => {
  test("EN-870 hosts where it came first, and leaves its invite", async () => {
    const option = optionOf();
    const opening = option.open({ players: 3 });
    const server = Socket.last;
    expect([server.url, server.protocol]).toEqual(["wss://play.example/signal", "echo-net.signal.1"]);
    server.onopen?.({});
    expect(server.sent).toEqual(['{"type":"enter","room":"pond","players":3}']);
    server.says(seat(0));
    const end = await opening;
    expect([option.role, option.room, end.addresses]).toEqual(["host", "pond", ["room:0"]]);
    option.announce("echo-net:word");
    option.begun();
    expect(server.sent.slice(1)).toEqual(['{"type":"invite","invite":"echo-net:word"}', '{"type":"close"}']);
    expect(option.invite).toBeUndefined();
    end.close();
    end.close();
    expect(server.closed).toBe(true);
  });

  test.each(["at once", "later"])("EN-870 joins with the host's invite where it came %s", async (when) => {
    const option = optionOf();
    const opening = option.open();
    const invite = "echo-net:word";
    Socket.last.says(seat(2, when === "at once" ? { invite } : {}));
    if (when === "later") Socket.last.says({ type: "invite", invite });
    const end = await opening;
    expect([option.role, option.invite, end.addresses]).toEqual(["join", invite, ["room:2"]]);
    end.close();
  });

  test.each([
    ["room-full", "ROOM_FULL"],
    ["room-closed", "ROOM_FULL"],
    ["host-gone", "NO_ROUTE"],
    ["too-many-rooms", "NO_ROUTE"],
    ["malformed", "INPUT_INVALID"],
    ["silent", "TIMED_OUT"],
  ])("EN-872 refused as %s it says so with %s", async (code, expected) => {
    const option = optionOf();
    const refusal = refusalOf(option.open());
    Socket.last.says({ type: "refused", code, hint: "In the server's words." });
    expect(await refusal).toMatchObject({ code: expected, hint: "In the server's words." });
    expect(option.diagnose()).toEqual([{ reason: "room-refused", hint: "In the server's words." }]);
    expect(Socket.last.closed).toBe(true);
  });

  test("EN-872 a server that breaks, says nothing, or cannot be asked is told in words", async () => {
    const broken = refusalOf(optionOf().open());
    Socket.last.onerror?.({ message: "connect ECONNREFUSED" });
    Socket.last.onclose?.({});
    expect(await broken).toMatchObject({ code: "NO_ROUTE", hint: expect.stringContaining("(connect ECONN") });

    const silent = refusalOf(optionOf().open());
    Socket.last.onopen?.({});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await silent).toMatchObject({ code: "NO_ROUTE", hint: expect.stringContaining("for 10 s") });

    const Throwing = class extends Socket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        throw new Error("insecure");
      }
    };
    const unasked = new RoomOption(place, Throwing, (room) => new RoomTransport(room));
    expect(await refusalOf(unasked.open())).toMatchObject({ hint: expect.stringContaining("insecure") });

    const nothing = new RoomConnection(place, undefined);
    expect(await refusalOf(nothing.enter())).toMatchObject({
      hint: expect.stringContaining("has no WebSocket"),
    });
  });

  test("EN-872 a host that opens nothing, or leaves before it has, is told in words", async () => {
    const waiting = refusalOf(optionOf().open());
    Socket.last.says(seat(1));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await waiting).toMatchObject({
      code: "TIMED_OUT",
      hint: expect.stringContaining("opened no match"),
    });
    const left = refusalOf(optionOf().open());
    Socket.last.says(seat(1));
    Socket.last.says({ type: "went", member: 0 });
    expect(await left).toMatchObject({ code: "NO_ROUTE", hint: expect.stringContaining("left before") });
  });

  test("EN-872 a host that can be reached no more is told, and none that has a direct path", async () => {
    let way = true;
    const paths: DirectPaths = {
      listener: {},
      mayReach: () => way,
      send: () => "sent",
      findings: () => [],
      close: () => {},
    };
    for (const last of [
      { type: "went", member: 0 },
      { type: "refused", code: "shutting-down", hint: "Bye." },
    ]) {
      const option = new RoomOption(place, Socket, (room) => new RoomTransport(room, () => paths));
      expect(option.hostGone()).toBeUndefined();
      const opening = option.open();
      Socket.last.says(seat(2, { invite: "echo-net:word" }));
      await opening;
      way = false;
      expect(option.hostGone()).toBeUndefined();
      way = true;
      Socket.last.says({ type: "went", member: 1 });
      Socket.last.says(last);
      expect(option.hostGone()).toBeUndefined();
      way = false;
      expect(option.hostGone()).toMatchObject({ code: "NO_ROUTE", hint: expect.stringContaining("pond") });
    }
    const host = optionOf();
    const opening = host.open();
    Socket.last.says(seat(0));
    await opening;
    Socket.last.onclose?.({});
    expect(host.hostGone()).toBeUndefined();
  });

  test("EN-872 whoever waits can be called off, before and within a room", async () => {
    for (const isIn of [false, true]) {
      const calling = new AbortController();
      const refusal = refusalOf(optionOf().open({ signal: calling.signal }));
      if (isIn) Socket.last.says(seat(1));
      await vi.advanceTimersByTimeAsync(10);
      calling.abort(new Error("enough"));
      expect(await refusal).toMatchObject({ message: "enough" });
      expect(Socket.last.closed).toBe(true);
    }
    const already = AbortSignal.abort(new Error("never mind"));
    expect(await refusalOf(optionOf().open({ signal: already }))).toMatchObject({ message: "never mind" });
  });

  test("EN-884 EN-887 who leaves, or is not sure of a direct path, sends by that and by the server", async () => {
    const direct: Uint8Array[] = [];
    let way: Sent = "sent";
    const paths: DirectPaths = {
      listener: {},
      mayReach: () => true,
      send: (_, datagram) => {
        direct.push(datagram);
        return way;
      },
      findings: () => [],
      close: () => {},
    };
    const option = new RoomOption(place, Socket, (room) => new RoomTransport(room, () => paths));
    option.leaving();
    const opening = option.open();
    const server = Socket.last;
    server.says(seat(0));
    const end = await opening;
    end.send("room:1", Uint8Array.of(1));
    expect(server.sent).toEqual([]);
    way = "unsure";
    end.send("room:1", Uint8Array.of(1));
    server.bufferedAmount = RELAY_BUFFERED_BYTES + 1;
    end.send("room:1", Uint8Array.of(1));
    expect(server.sent.splice(0)).toEqual([Uint8Array.of(1, 1)]);
    server.bufferedAmount = 0;
    way = "sent";
    option.leaving();
    end.send("room:1", Uint8Array.of(2));
    way = "stale";
    end.send("room:1", Uint8Array.of(3));
    server.bufferedAmount = RELAY_BUFFERED_BYTES + 1;
    end.send("room:1", Uint8Array.of(4));
    way = "sent";
    end.send("room:1", Uint8Array.of(5));
    expect(direct).toEqual([1, 1, 1, 2, 3, 4, 5].map((byte) => Uint8Array.of(byte)));
    expect(server.sent).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 3)]);
    expect(option.transport!.counts).toMatchObject({ sent: 6, relayed: 3, stale: 1, failed: 0 });
  });

  test("EN-873 what is no message, or comes out of turn, changes nothing", async () => {
    const option = optionOf();
    const opening = option.open();
    const server = Socket.last;
    for (const early of [
      { type: "came", member: 1 },
      Uint8Array.of(1, 2),
      "{",
      { type: "invite", invite: "x" },
    ]) {
      server.says(early);
    }
    server.says(seat(0));
    const end = await opening;
    for (const wrong of [
      seat(3),
      "x".repeat(MAX_SIGNAL_TEXT_BYTES + 1),
      Uint8Array.of(1),
      new Uint8Array(1_202),
    ]) {
      server.says(wrong);
    }
    server.onmessage?.({ data: { type: "went" } });
    expect([...end.receive()]).toEqual([]);
    expect([option.role, end.addresses]).toEqual(["host", ["room:0"]]);
    expect(option.transport!.counts.unreadable).toBe(9);
    server.says(Uint8Array.of(5, 42));
    expect([...end.receive()]).toEqual([{ from: "room:5", datagram: Uint8Array.of(42) }]);
    end.close();
    server.says(Uint8Array.of(5, 42));
    expect([...end.receive()]).toEqual([]);
  });

  test("EN-874 datagrams are dropped and counted while others wait to be sent, and never thrown over", async () => {
    const option = optionOf();
    const opening = option.open();
    Socket.last.says(seat(0));
    const end = await opening;
    const server = Socket.last;
    end.send("room:1", Uint8Array.of(9));
    server.bufferedAmount = RELAY_BUFFERED_BYTES + 1;
    end.send("room:1", Uint8Array.of(10));
    server.bufferedAmount = 0;
    end.send("room:1", Uint8Array.of(11));
    server.says({ type: "went", member: 1 });
    end.send("room:1", Uint8Array.of(12));
    end.send("nowhere", Uint8Array.of(13));
    end.send("room:2", new Uint8Array(1_201));
    server.onclose?.({});
    end.send("room:2", Uint8Array.of(14));
    expect(server.sent).toEqual([Uint8Array.of(1, 9), Uint8Array.of(1, 11)]);
    expect(option.transport!.counts).toEqual({
      ...{ sent: 2, relayed: 2, stale: 1, failed: 3, refused: 1 },
      ...{ received: 0, dropped: 0, unreadable: 0 },
    });
    expect(option.diagnose()).toMatchObject([{ reason: "signaling-lost" }]);
  });
});
