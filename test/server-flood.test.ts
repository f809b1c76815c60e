import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { joinMatch, type MatchSession, type Output } from "echo-net";
import { websocket } from "echo-net/websocket";
import { expect, onTestFinished, test } from "vitest";
import splash from "../examples/splash/game.js";
import { SIGNALING_PATH, SIGNALING_PROTOCOL } from "../src/transports/signaling.js";
import { End, metricsOf, shortly, started, until } from "./server/end.js";

const CONNECTIONS = 10_000;
const AT_ONCE = 200;

const UPGRADE = [
  `GET ${SIGNALING_PATH} HTTP/1.1`,
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  `Sec-WebSocket-Protocol: ${SIGNALING_PROTOCOL}`,
  "\r\n",
].join("\r\n");

/** A text frame of a client whose mask is zeros. */
const frameOf = (text: string): Buffer =>
  Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);

/** What strangers send, and nothing after it. */
const STRANGERS: readonly (() => readonly (string | Buffer)[])[] = [
  () => [],
  () => [UPGRADE.slice(0, 60)],
  () => [randomBytes(200)],
  () => [UPGRADE],
  () => [UPGRADE, randomBytes(200)],
  () => [UPGRADE, frameOf("nonsense")],
  () => [UPGRADE, frameOf('{"type":"enter","room":"'), Buffer.of(0x82, 0xfe, 4)],
  () => ["GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
];

/** One end of a match that plays through the server's relay, with its journal and all that its session said. */
interface Player {
  readonly session: MatchSession;
  readonly journal: string[];
  readonly told: Output["type"][];
}

async function matchOver(url: string): Promise<readonly Player[]> {
  const players = [0, 1].map(async (): Promise<Player> => {
    const [journal, told]: [string[], Output["type"][]] = [[], []];
    const session = await joinMatch(splash, {
      transport: websocket({ url, room: "played" }),
      journal: { line: (text) => void journal.push(text) },
    });
    return { session, journal, told };
  });
  const match = await Promise.all(players);
  const timer = setInterval(() => {
    for (const { session, told } of match) {
      for (const { type } of session.update(performance.now())) told.push(type);
    }
  }, 8);
  onTestFinished(() => clearInterval(timer));
  return match;
}

test("EN-1226 matches notice nothing of 10,000 connections that say nothing, half a handshake or garbage", async () => {
  const limits = { newcomers: AT_ONCE / 2, newcomersPerAddress: AT_ONCE / 2, requestsPerSecond: 1e6 };
  const server = await started({ limits, metrics: true });
  const [one, two] = [await End.in(server, "match"), await End.in(server, "match")];
  // A datagram goes to and fro, no faster than the relay's budget allows: a lost one would end it.
  const turns = (): number => two.datagrams.length;
  for (const end of [one, two]) {
    end.webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) setTimeout(() => end.webSocket.send(data), 2);
    });
  }
  one.relay(1, 42);
  const match = await matchOver(server.url);
  const finals = (): number => match[0]!.journal.length;

  let ended = 0;
  let mostNewcomers = 0;
  for (let batch = 0; batch < CONNECTIONS / AT_ONCE; batch++) {
    const [before, played] = [turns(), finals()];
    let connected = 0;
    for (let i = 0; i < AT_ONCE; i++) {
      const socket = connect(server.port, "127.0.0.1", () => {
        connected++;
        for (const part of STRANGERS[i % STRANGERS.length]!()) socket.write(part);
      });
      socket.on("error", () => {});
      socket.on("close", () => ended++);
      // Whoever is sent away has gone; nobody goes on their own.
      socket.on("end", () => socket.end()).resume();
    }
    await until("a batch of strangers", () => connected === AT_ONCE);
    await until("turns to and fro", () => turns() > before + 2);
    await until("ticks of the match", () => finals() > played);
    const { echo_net_newcomers: newcomers } = await metricsOf(server);
    mostNewcomers = Math.max(mostNewcomers, newcomers!);
  }
  expect(mostNewcomers).toBeGreaterThan(0);
  expect(mostNewcomers).toBeLessThanOrEqual(AT_ONCE / 2);
  expect((await metricsOf(server)).echo_net_crowded_out_total).toBeGreaterThan(0);
  await until("the end of all strangers", () => ended === CONNECTIONS);

  const before = turns();
  await until("turns to and fro", () => turns() > before + 2);
  const host = await End.in(server, "another");
  expect(host.signals[0]).toMatchObject({ type: "entered", you: 0 });
  await shortly();
  expect(await metricsOf(server)).toMatchObject({
    echo_net_rooms: 3,
    echo_net_members: 5,
    echo_net_connections: 5,
    'echo_net_dropped_datagrams_total{cause="stale"}': 0,
    'echo_net_dropped_datagrams_total{cause="budget"}': 0,
  });
  expect([one.closed, two.closed]).toEqual([undefined, undefined]);
  expect([...one.signals, ...two.signals].map(({ type }) => type)).toEqual(["entered", "came", "entered"]);
  const [a, b] = match.map(({ journal }) => journal.join("\n"));
  const both = Math.min(a!.length, b!.length);
  expect(both).toBeGreaterThan(10_000);
  expect(a!.slice(0, both) === b!.slice(0, both), "equal journals").toBe(true);
  for (const { told } of match) {
    for (const type of ["desync", "ended"] as const) expect(told).not.toContain(type);
  }
}, 240_000);
