import { asSlot, chronosTick, type Hash } from "../../src/core/base/brand.js";
import { ByteWriter } from "../../src/core/base/bytes.js";
import { EventCatalog } from "../../src/core/envelope/catalog.js";
import { TickContent } from "../../src/core/envelope/content.js";
import { event, t } from "../../src/core/envelope/declare.js";
import { nobleEngine } from "../../src/core/envelope/signature.js";
import { BundleDesk, writeFetch } from "../../src/core/guard/bundle-desk.js";
import { COOKIE_BYTES } from "../../src/core/guard/cookie.js";
import { HostLobby } from "../../src/core/guard/host-lobby.js";
import { type Manifest, PROTOCOL_VERSION } from "../../src/core/guard/identity.js";
import { JoinLobby } from "../../src/core/guard/join-lobby.js";
import type { MatchStart } from "../../src/core/guard/lobby.js";
import { FETCH, handshakeKey, PART, sealMessage } from "../../src/core/guard/messages.js";
import { Frame } from "../../src/core/wire/frame.js";
import { FrameCodec } from "../../src/core/wire/frame-codec.js";
import { MAX_BODY_BYTES } from "../../src/core/wire/limits.js";
import type { ContentSource } from "../../src/core/wire/run.js";
import { TinyNetwork } from "../guard/network.js";

/** The worked example of WIRE.md: a room of two, its handshake, and one datagram of its match. */
export const exampleCatalog: EventCatalog = EventCatalog.compile({
  fire: event({}),
  move: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
});

export const exampleManifest: Manifest = {
  protocol: PROTOCOL_VERSION,
  game: { name: "balloons", version: "1.0.0", fingerprint: "ab".repeat(32) as Hash },
  tickHz: 60,
  mode: "rollback",
  windowTicks: 8,
  rewindTicks: 0,
  late: "reject",
  hashEveryTicks: 1,
  limits: { eventsPerTick: 32, bytesPerTick: 1024 },
  players: 2,
  ticks: 600,
};

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

export interface Example {
  readonly invite: string;
  readonly host: MatchStart;
  readonly joiner: MatchStart;
  /** HELLO, CHALLENGE, JOIN, ROSTER. */
  readonly handshake: readonly Uint8Array[];
  /** FETCH and PART, as if the game came with its invite. */
  readonly fetch: readonly Uint8Array[];
  readonly datagram: Uint8Array;
}

/** Plays the handshake and seals one datagram from the host to the joiner. */
export function playExample(): Example {
  const network = new TinyNetwork(1);
  const ends = [network.open("udp:192.0.2.1:7777"), network.open("udp:192.0.2.2:5555")] as const;
  const common = { localSlots: 1, crypto: nobleEngine, tickMs: 1000 / 60 };
  const host = new HostLobby({
    ...common,
    manifest: exampleManifest,
    secretKey: filled(32, 0x01),
    nonce: filled(16, 0x02),
    secret: filled(16, 0x03),
    transport: ends[0],
  });
  const joiner = new JoinLobby({
    ...common,
    invite: host.invite,
    wanted: { game: exampleManifest.game },
    secretKey: filled(32, 0x04),
    nonce: filled(16, 0x05),
    transport: ends[1],
    timeoutMs: 5_000,
  });
  joiner.update(0);
  for (let round = 0; round < 2; round++) {
    for (const received of ends[0].receive()) host.handle(received, 0);
    for (const received of ends[1].receive()) joiner.handle(received, 0);
  }
  const states = [host.update(0), joiner.update(0)].map((state) => {
    if (state.type !== "started") throw new Error(`the example did not start: ${state.type}`);
    return state.start;
  });
  const handshake = network.sent.map(({ datagram }) => datagram);
  const [first, second] = states as [MatchStart, MatchStart];
  return {
    ...{ invite: host.invite, host: first, joiner: second, handshake, datagram: sealExample(first) },
    fetch: sealFetch(handshake[1]!.subarray(23, 23 + COOKIE_BYTES)),
  };
}

/** The first question for a bundle of four bytes, and its answer. */
function sealFetch(cookie: Uint8Array): Uint8Array[] {
  const [key, token] = [handshakeKey(filled(16, 0x03)), filled(16, 0x05)];
  return [
    sealMessage(key, FETCH, token, (writer) => writeFetch(writer, { cookie, part: 0 })),
    sealMessage(key, PART, token, (writer) => {
      new BundleDesk(filled(4, 0x06)).take("udp:192.0.2.2:5555", 0, (body) => body(writer));
    }),
  ];
}

/** Ticks 5 to 8 of the host's slot: still, a change with a shot, and two that repeat the change. */
function sealExample(host: MatchStart): Uint8Array {
  const pack = (...events: readonly [string, unknown][]): TickContent =>
    TickContent.of(events.map(([kind, payload]) => exampleCatalog.pack(kind, payload, chronosTick(0))));
  const still = pack(["move", { x: 0, y: 0 }]);
  const shot = pack(["move", { x: 1, y: 0 }], ["fire", {}]);
  const ticks = [TickContent.empty, still, still, still, still, still, shot, shot.repeated, shot.repeated];
  const source: ContentSource = { content: (_, tick) => ticks[tick] };
  const frame = new Frame();
  frame.run.base = 4;
  frame.run.count = 4;
  frame.head = 6;
  frame.ack = 3;
  frame.leadTicks = 1;
  frame.depthTicks = 2;
  frame.report = { tick: 3, node: filled(8, 0xee) };
  const codec = new FrameCodec(exampleCatalog.kinds, [[asSlot(0)], [asSlot(1)]]);
  const channel = host.peers[1]!.channel!;
  const writer = new ByteWriter();
  channel.begin(writer);
  codec.encode(writer, frame, 0, [source, source], MAX_BODY_BYTES);
  return channel.finish(writer).slice();
}
