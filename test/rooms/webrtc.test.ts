import { RTCPeerConnection } from "node-datachannel/polyfill";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Server, serve } from "../../src/server/serve.js";
import type { PeerConnectionConstructor, WebRtcOption } from "../../src/transports/webrtc/index.js";
import { webrtc } from "../../src/transports/webrtc/index.js";
import { roomConformance } from "./conformance.js";

/** Nothing leaves this machine. */
const OnLoopback = class extends RTCPeerConnection {
  constructor(configuration: object) {
    super({ ...configuration, bindAddress: "127.0.0.1" } as ConstructorParameters<
      typeof RTCPeerConnection
    >[0]);
  }
} as unknown as PeerConnectionConstructor;

let server: Server;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
});

/** Until there is a direct path to everybody but the room's keeper. */
async function direct(option: WebRtcOption): Promise<void> {
  for (let i = 0; i < 3_000; i++) {
    const states = [...option.paths].filter(([member]) => member !== 0).map(([, state]) => state);
    if (states.every((state) => state === "open")) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no direct path: ${JSON.stringify(option.diagnose())}`);
}

describe("EN-801 webrtc conforms in Node", () => {
  const suite = roomConformance({
    get url() {
      return server.url;
    },
    prefix: "webrtc",
    optionOf: (room) => webrtc({ signaling: server.url, room, RTCPeerConnection: OnLoopback }),
    ready: direct,
  });
  for (const { name, run } of suite) test(name, run);
});
