import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Addresses } from "./addresses.js";
import { Connection } from "./connection.js";
import { MAX_STALE_BYTES, MAX_STALE_MESSAGES, MAX_WAITING_BYTES, MAX_WAITING_MESSAGES } from "./limits.js";

describe("a connection whose end takes nothing", () => {
  let server: WebSocketServer;
  const clients: WebSocket[] = [];

  beforeAll(async () => {
    server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
    await new Promise((resolve) => server.once("listening", resolve));
  });

  afterAll(() => {
    for (const client of clients) client.terminate();
    server.close();
  });

  /** A connection to an end that reads nothing, filled until something waits on this side. */
  async function stuck(): Promise<{ readonly connection: Connection; readonly client: WebSocket }> {
    const accepted = new Promise<WebSocket>((resolve) => server.once("connection", resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    clients.push(client);
    await new Promise((resolve) => client.once("open", resolve));
    client.pause();
    const webSocket = await accepted;
    const share = new Addresses(50).share("127.0.0.1", 0);
    const connection = new Connection(webSocket, undefined as never, share, 0);
    for (let waited = 0; waited < 20; waited++) {
      if (webSocket.bufferedAmount === 0) {
        for (let i = 0; i < 8; i++) connection.relay(new Uint8Array(1_000));
        waited = 0;
      }
      await new Promise((resolve) => (waited === 0 ? setImmediate(resolve) : setTimeout(resolve, waited)));
    }
    return { connection, client };
  }

  const tiny = Uint8Array.of(0, 1);

  test("EN-1227 holds few datagrams, however short they are, and takes them again once it is read", async () => {
    const { connection, client } = await stuck();
    const { webSocket } = connection;
    let held = 0;
    while (held <= 4 * MAX_STALE_MESSAGES && connection.relay(tiny) === "sent") held++;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(MAX_STALE_MESSAGES);
    expect(webSocket.bufferedAmount).toBeLessThan(MAX_STALE_BYTES + 2_000);
    client.resume();
    while (webSocket.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // More at once than may wait: nothing of it does.
    for (let sent = 0; sent < 2 * MAX_STALE_MESSAGES; sent++) {
      if (webSocket.bufferedAmount === 0) expect(connection.relay(tiny)).toBe("sent");
    }
  });

  test("EN-1227 holds of a datagram nothing but its own bytes", async () => {
    const { connection } = await stuck();
    const sent = vi.spyOn(connection.webSocket, "send");
    // As a message lies in what was read of its sender at once.
    const read = new Uint8Array(65_536);
    expect(connection.relay(read.subarray(100, 103))).toBe("sent");
    const [held] = sent.mock.calls[0] as unknown as [Uint8Array];
    expect([held.byteLength, held.buffer.byteLength]).toEqual([3, 3]);
  });

  test("EN-1227 is ended where many texts wait, however short they are", async () => {
    const { connection } = await stuck();
    let said = 0;
    while (!connection.ended && said <= 4 * MAX_WAITING_MESSAGES) {
      connection.say({ type: "came", member: 1 });
      said++;
    }
    expect(said).toBeLessThanOrEqual(MAX_WAITING_MESSAGES + 1);
    expect(said * 30).toBeLessThan(MAX_WAITING_BYTES);
  });
});
