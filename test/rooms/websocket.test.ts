import { websocket } from "echo-net/websocket";
import { afterAll, beforeAll, describe, test } from "vitest";
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
