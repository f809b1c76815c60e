import { EchoNetError } from "../../core/base/errors.js";
import type { Transport } from "../../core/wire/transport.js";
import type { Finding } from "../findings.js";
import { PATH_TIMEOUT_MS } from "../room-limits.js";
import { RoomOption } from "../room-option.js";
import { type RoomOptions, type RoomPlace, readPlace } from "../room-place.js";
import { RoomTransport } from "../room-transport.js";
import type { MatchWishes } from "../transport-option.js";
import { platformWebSocket, type WebSocketConstructor } from "../web-socket.js";
import { Mesh } from "./mesh.js";
import type { PathState } from "./path.js";
import {
  type IceServer,
  type PeerConnectionConfiguration,
  type PeerConnectionConstructor,
  platformPeerConnection,
} from "./peer-connection.js";

export type { Finding, FindingReason } from "../findings.js";
export { RoomOption } from "../room-option.js";
export type { RoomOptions } from "../room-place.js";
export { type RoomCounts, RoomTransport } from "../room-transport.js";
export type { MatchWishes, TransportOption } from "../transport-option.js";
export type { WebSocketConstructor, WebSocketLike } from "../web-socket.js";
export type { PathState } from "./path.js";
export type * from "./peer-connection.js";

/** How a match is met through a rooms server and played over data channels. */
export interface WebRtcOptions extends RoomOptions {
  /** The server's address, such as `wss://play.example`; `https:` will do, and in a page a relative one. */
  readonly signaling: string | URL;
  /** STUN and TURN servers; none where left out, which is enough within one network. */
  readonly iceServers?: readonly IceServer[] | undefined;
  /** `relay` allows TURN servers' relays alone, which hides players' addresses from each other. */
  readonly iceTransportPolicy?: "all" | "relay" | undefined;
  /** How long a direct path may take before the server's relay is all there is, in milliseconds; 15,000. */
  readonly pathTimeoutMs?: number | undefined;
  /** The WebSocket to use: the platform's own where left out, in Node that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** The WebRTC to use: the browser's own where left out, in Node that of the package `node-datachannel`. */
  readonly RTCPeerConnection?: PeerConnectionConstructor | undefined;
}

/**
 * `webrtc({ signaling, room })` meets in a room of a server (`echo-net serve`, or `echo-net/server`) and plays over
 * unreliable, unordered data channels to each other player. Until a channel is open, and where none opens, the server
 * passes the datagrams of those two on. Throws `EchoNetError` INPUT_INVALID for what is no options.
 */
export function webrtc(options: WebRtcOptions): WebRtcOption {
  if (typeof options !== "object" || options === null) {
    throw new EchoNetError("INPUT_INVALID", 'webrtc takes { signaling: "wss://…", room: "…" }');
  }
  const { iceServers = [], iceTransportPolicy = "all", pathTimeoutMs = PATH_TIMEOUT_MS } = options;
  requireIceServers(iceServers);
  if (iceTransportPolicy !== "all" && iceTransportPolicy !== "relay") {
    throw invalid(`iceTransportPolicy is "all" or "relay", not ${JSON.stringify(iceTransportPolicy)}`);
  }
  if (!(pathTimeoutMs > 0 && pathTimeoutMs <= 2 ** 31 - 1)) {
    throw invalid(`pathTimeoutMs is a number of milliseconds above 0, not ${pathTimeoutMs}`);
  }
  return new WebRtcOption(readPlace("signaling", options.signaling, options), {
    WebSocket: options.WebSocket ?? platformWebSocket(),
    RTCPeerConnection: options.RTCPeerConnection ?? platformPeerConnection(),
    configuration: () => ({ iceServers: iceServers.map(copyOf), iceTransportPolicy }),
    pathTimeoutMs,
  });
}

interface Parts {
  readonly WebSocket: WebSocketConstructor | undefined;
  readonly RTCPeerConnection: PeerConnectionConstructor | undefined;
  readonly configuration: () => PeerConnectionConfiguration;
  readonly pathTimeoutMs: number;
}

/** What `webrtc(…)` gives: a room's option that also tells how its paths stand. */
export class WebRtcOption extends RoomOption {
  readonly #parts: Parts;
  readonly #opened: { mesh: Mesh | undefined };

  constructor(place: RoomPlace, parts: Parts) {
    const opened: { mesh: Mesh | undefined } = { mesh: undefined };
    super(place, parts.WebSocket, (room) => {
      const settings = {
        PeerConnection: parts.RTCPeerConnection!,
        configuration: parts.configuration,
        timeoutMs: parts.pathTimeoutMs,
      };
      return new RoomTransport(room, (deliver) => {
        opened.mesh = new Mesh(room, settings, deliver);
        return opened.mesh;
      });
    });
    this.#parts = parts;
    this.#opened = opened;
  }

  /** How the direct path to each other member stands. */
  get paths(): ReadonlyMap<number, PathState> {
    return this.#opened.mesh?.states ?? new Map();
  }

  override async open(wishes: MatchWishes = {}): Promise<Transport> {
    if (this.#parts.RTCPeerConnection === undefined) throw new EchoNetError("NO_ROUTE", NO_WEBRTC.hint);
    return await super.open(wishes);
  }

  override diagnose(): readonly Finding[] {
    return this.#parts.RTCPeerConnection === undefined ? [NO_WEBRTC] : super.diagnose();
  }
}

const NO_WEBRTC: Finding = {
  reason: "no-webrtc",
  hint:
    "There is no WebRTC here: in Node install the package node-datachannel beside echo-net; in a browser update it, " +
    "or allow WebRTC. Without it, websocket({ url, room }) plays in the same room through the server.",
};

const copyOf = ({ urls, username, credential }: IceServer): PeerConnectionConfiguration["iceServers"][0] => ({
  urls: typeof urls === "string" ? [urls] : [...urls],
  ...(username === undefined ? {} : { username }),
  ...(credential === undefined ? {} : { credential }),
});

function requireIceServers(servers: unknown): void {
  if (!Array.isArray(servers)) throw invalid('iceServers is a list such as [{ urls: "stun:stun.example" }]');
  for (const server of servers as readonly Partial<IceServer>[]) {
    const urls: readonly unknown[] = [server?.urls ?? []].flat();
    const bad = urls.find((url) => typeof url !== "string" || !/^(stuns?|turns?):[^\s]+$/.test(url));
    if (bad !== undefined || urls.length === 0) {
      throw invalid(
        `iceServers: urls are "stun:…" or "turn:…", not ${JSON.stringify(bad ?? server)?.slice(0, 80)}`,
      );
    }
    const isTurn = urls.some((url) => /^turn/.test(url as string));
    if (isTurn && (!server.username || !server.credential)) {
      throw invalid(`iceServers: ${urls[0]} needs a username and a credential`);
    }
  }
}

const invalid = (hint: string): EchoNetError => new EchoNetError("INPUT_INVALID", hint);
