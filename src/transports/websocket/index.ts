import { EchoNetError } from "../../core/base/errors.js";
import { RoomOption } from "../room-option.js";
import { type RoomOptions, readPlace } from "../room-place.js";
import { RoomTransport } from "../room-transport.js";
import { platformWebSocket, type WebSocketConstructor } from "../web-socket.js";

export type { Finding, FindingReason } from "../findings.js";
export { RoomOption } from "../room-option.js";
export type { RoomOptions } from "../room-place.js";
export { type RoomCounts, RoomTransport } from "../room-transport.js";
export type { MatchWishes, TransportOption } from "../transport-option.js";
export type { WebSocketConstructor, WebSocketLike } from "../web-socket.js";

/** How a match is met and played through a rooms server. */
export interface WebSocketOptions extends RoomOptions {
  /** The server's address, such as `wss://play.example`; `https:` will do, and in a page a relative one. */
  readonly url: string | URL;
  /** The WebSocket to use: the platform's own where left out, in Node that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/**
 * `websocket({ url, room })` meets in a room of a server (`echo-net serve`, or `echo-net/server`), which passes all
 * datagrams on: it works wherever a page can be loaded, at the price of the way through the server, and of waiting
 * where TCP waits. Throws `EchoNetError` INPUT_INVALID for what is no options.
 */
export function websocket(options: WebSocketOptions): RoomOption {
  if (typeof options !== "object" || options === null) {
    throw new EchoNetError("INPUT_INVALID", 'websocket takes { url: "wss://…", room: "…" }');
  }
  return new RoomOption(
    readPlace("url", options.url, options),
    options.WebSocket ?? platformWebSocket(),
    (room) => new RoomTransport(room),
  );
}
