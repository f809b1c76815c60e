import { webrtc } from "echo-net/webrtc";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import { roomConformance } from "./conformance.js";
import { directPaths } from "./direct.js";
import { OnLoopback } from "./on-loopback.js";

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
    optionOf: (room) => webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback }),
    settleMs: 4,
    ready: directPaths,
  });
  for (const { name, run } of suite) test(name, run);
});
