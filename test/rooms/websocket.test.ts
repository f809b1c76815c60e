import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { websocket } from "echo-net/websocket";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { roomConformance } from "./conformance.js";

let server: Server;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
});

describe("EN-801 websocket conforms", () => {
  const suite = roomConformance({
    get url() {
      return server.url;
    },
    prefix: "websocket",
    optionOf: (room) => websocket({ url: server.url, room }),
    settleMs: 4,
    ready: () => Promise.resolve(),
  });
  for (const { name, run } of suite) test(name, run);
});

/** A server that lets whoever comes into a room, and says nothing any more. */
async function dumbServer(): Promise<{ readonly url: string; readonly came: Promise<Socket> }> {
  const server = createServer();
  const came = new Promise<Socket>((resolve) => {
    server.once("upgrade", ({ headers }, socket) => {
      const accept = createHash("sha1")
        .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest("base64");
      const head = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
      head.push(`Sec-WebSocket-Protocol: ${headers["sec-websocket-protocol"]}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head.join("\r\n")}\r\n\r\n`);
      const entered = '{"type":"entered","room":"r","you":0,"host":0,"members":[]}';
      socket.write(Buffer.concat([Buffer.of(0x81, entered.length), Buffer.from(entered)]));
      socket.on("error", () => {}).resume();
      resolve(socket as Socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came };
}

test("EN-889 who leaves waits no longer than two seconds for a server that does not answer", async () => {
  const { url, came } = await dumbServer();
  const transport = await websocket({ url, room: "r" }).open();
  const socket = await came;
  const ended = new Promise((resolve) => socket.once("end", () => resolve("ended")));
  transport.close();
  // The package itself would wait for 30 s.
  const late = new Promise((resolve) => setTimeout(resolve, 20_000, "still there").unref());
  expect(await Promise.race([ended, late])).toBe("ended");
});
