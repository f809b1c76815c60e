import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PeerConnectionConfiguration, webrtc } from "echo-net/webrtc";
import { type WebSocketConstructor, websocket } from "echo-net/websocket";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Server, serve } from "../../src/server/serve.js";
import { root } from "../tidy/modules.js";
import { type Meeting, meet } from "./meet.js";
import { OnLoopback } from "./on-loopback.js";

let server: Server;
beforeAll(async () => {
  server = await serve({ port: 0, bind: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
});

const reasonsOf = ({ findings }: Meeting): readonly string[] => findings.map(({ reason }) => reason);
const here = { RTCPeerConnection: OnLoopback };

/** Stands between an end and its server, and tells a port where nobody is in place of every candidate's own. */
const Misleading = class extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol, { perMessageDeflate: false });
  }
  override send(data: any): void {
    super.send(typeof data === "string" ? data.replace(/127\.0\.0\.1 \d+ typ/g, "127.0.0.1 9 typ") : data);
  }
} as unknown as WebSocketConstructor;

describe("diagnose", () => {
  test("EN-885 finds nothing where all is well", async () => {
    for (const meeting of await meet(server.url, "well", [here, here])) {
      expect(meeting).toEqual({ states: ["open"], findings: [], refusal: undefined });
    }
  });

  test("EN-885 Node without the package: no-webrtc, and what to install", async () => {
    const folder = mkdtempSync(join(tmpdir(), "echo-net-bare-"));
    const contents = `
      import { webrtc } from "echo-net/webrtc";
      const option = webrtc({ signaling: "ws://127.0.0.1:9", room: "bare" });
      const refusal = await option.open().catch(({ code, hint }) => ({ code, hint }));
      console.log(JSON.stringify({ refusal, findings: option.diagnose() }));`;
    await build({
      stdin: { contents, resolveDir: root },
      outfile: join(folder, "bare.mjs"),
      absWorkingDir: root,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    // A package that gives nothing, whatever is installed in the folders above.
    const absent = join(folder, "node_modules/node-datachannel");
    mkdirSync(absent, { recursive: true });
    writeFileSync(join(absent, "package.json"), '{ "name": "node-datachannel", "exports": {} }');
    const said = JSON.parse(execFileSync(process.execPath, [join(folder, "bare.mjs")], { encoding: "utf8" }));
    const hint = expect.stringContaining("install the package node-datachannel");
    expect(said).toEqual({ refusal: { code: "NO_ROUTE", hint }, findings: [{ reason: "no-webrtc", hint }] });
    rmSync(folder, { recursive: true });
  });

  test("EN-885 a server that is not there: signaling-unreachable", async () => {
    const gone = await serve({ port: 0, bind: "127.0.0.1" });
    await gone.close();
    const [meeting] = await meet(gone.url, "nowhere", [here]);
    expect(reasonsOf(meeting!)).toEqual(["signaling-unreachable"]);
    expect(meeting!.refusal).toContain("No signaling server could be reached");
    expect(meeting!.findings[0]!.hint).toContain("ECONNREFUSED");
  });

  test("EN-885 a room that lets nobody in: room-refused", async () => {
    const host = websocket({ url: server.url, room: "full", players: 1 });
    const end = await host.open();
    const [meeting] = await meet(server.url, "full", [here]);
    expect(reasonsOf(meeting!)).toEqual(["room-refused"]);
    expect(meeting!.findings[0]!.hint).toContain("full");
    end.close();
  });

  test("EN-885 a server that goes away: signaling-lost", async () => {
    const own = await serve({ port: 0, bind: "127.0.0.1" });
    const option = webrtc({ ...here, signaling: own.url, room: "lost" });
    const end = await option.open();
    await own.close();
    while (option.diagnose().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(option.diagnose()).toMatchObject([{ reason: "signaling-lost" }]);
    end.close();
    expect(option.diagnose()).toMatchObject([{ reason: "signaling-lost" }]);
  });

  test("EN-885 a member that takes no part: no-answer", async () => {
    const host = websocket({ url: server.url, room: "mute" });
    const end = await host.open();
    host.announce("echo-net:mute");
    const [meeting] = await meet(server.url, "mute", [{ ...here, pathTimeoutMs: 400 }]);
    expect(meeting!.states).toEqual(["failed"]);
    expect(reasonsOf(meeting!)).toEqual(["no-answer", "only-host-candidates"]);
    expect(meeting!.findings[0]!.hint).toContain("Member 0 never answered");
    end.close();
  });

  test("EN-885 no address to offer: no-candidates", async () => {
    const walled = { ...here, iceTransportPolicy: "relay", pathTimeoutMs: 2_500 } as const;
    for (const meeting of await meet(server.url, "walled", [walled, walled])) {
      expect(meeting.states).toEqual(["failed"]);
      expect(reasonsOf(meeting)).toEqual(["no-candidates"]);
      expect(meeting.findings[0]!.hint).toContain("no TURN server gave one");
    }
  });

  test("EN-885 addresses that lead nowhere: ice-failed, only-host-candidates", async () => {
    const misled = { ...here, WebSocket: Misleading, pathTimeoutMs: 4_000 };
    for (const meeting of await meet(server.url, "misled", [misled, misled])) {
      expect(meeting.states).toEqual(["failed"]);
      expect(reasonsOf(meeting)).toEqual(["ice-failed", "only-host-candidates"]);
      expect(meeting.findings[0]!.hint).toContain("in time");
      expect(meeting.findings[1]!.hint).toContain("STUN");
    }
  });

  test("EN-885 a path that was open: path-lost", async () => {
    const connections: { close(): void }[] = [];
    const Kept = class extends OnLoopback {
      constructor(configuration: PeerConnectionConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    const [host, guest] = [here, { ...here, RTCPeerConnection: Kept }].map((parts) =>
      webrtc({ ...parts, signaling: server.url, room: "breaks", pathTimeoutMs: 60_000 }),
    );
    const ends = [await host!.open()];
    host!.announce("echo-net:breaks");
    ends.push(await guest!.open());
    while (![host!, guest!].every(({ paths }) => [...paths.values()].join() === "open")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // The last of them: an attempt that failed was made anew.
    connections.at(-1)!.close();
    while (host!.diagnose().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(host!.diagnose()).toMatchObject([{ reason: "path-lost", member: 1 }]);
    for (const end of ends) end.close();
  });
});
