import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { isIP, type Socket } from "node:net";
import { SIGNALING_PATH, SIGNALING_PROTOCOL } from "../transports/signaling.js";
import { type Addresses, countedAddress } from "./addresses.js";
import { Doorstep } from "./doorstep.js";
import {
  CLOSE_WAIT_MS,
  IDLE_MS,
  MAX_HEADER_BYTES,
  MAX_HEADERS,
  MAX_REQUESTS_PER_SOCKET,
  REQUEST_MS,
} from "./limits.js";
import type { ServerLimits } from "./options.js";
import { isWelcome } from "./origin.js";

/** What stands behind the server's paths. */
export interface HttpParts {
  readonly limits: ServerLimits;
  readonly addresses: Addresses;
  /** Origins of pages that may use it, beside its own. */
  readonly origins: readonly string[];
  /** Whether the address of who asks stands in `X-Forwarded-For`, which a proxy wrote. */
  readonly behindProxy: boolean;
  /** Answers a request that is no WebSocket's. Does not throw. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes a socket whose request to become a WebSocket was found good. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer, address: string) => void;
  /** Told of what was refused before anybody spoke. */
  readonly refused: (code: "origin" | "http", address: string, hint: string) => void;
  /** Whether nobody is let in any more. */
  readonly closing: () => boolean;
}

/** Listens for requests and WebSockets; who says nothing, half a request or garbage is sent away within bounds. */
export class HttpServer {
  readonly server: Server;
  readonly #parts: HttpParts;
  readonly #doorstep: Doorstep<Socket>;
  /** Sockets that said nothing and went for newer ones. */
  crowdedOut = 0;

  constructor(parts: HttpParts) {
    const { limits, behindProxy } = parts;
    this.#parts = parts;
    // Through a proxy everybody comes from its address.
    const perAddress = behindProxy ? limits.newcomers : limits.newcomersPerAddress;
    this.#doorstep = new Doorstep(limits.newcomers, perAddress);
    this.server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.firstWordMs,
      requestTimeout: Math.max(REQUEST_MS, limits.firstWordMs),
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 1_000,
    });
    this.server.maxHeadersCount = MAX_HEADERS;
    this.server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
    this.server.maxConnections = limits.connections;
    this.server.timeout = IDLE_MS;
    this.server
      .on("connection", (socket) => this.#greet(socket))
      .on("request", (request, response) => this.#answer(request, response))
      .on("upgrade", (request, socket, head) => this.#upgrade(request, socket as Socket, head))
      .on("clientError", (error, socket) => this.#sendAway(error, socket as Socket));
  }

  /** Sockets that have entered no room. */
  get newcomers(): number {
    return this.#doorstep.size;
  }

  /** Takes a socket from the doorstep: its end has entered a room. */
  letIn(socket: Socket): void {
    this.#doorstep.delete(socket);
  }

  #greet(socket: Socket): void {
    socket.on("error", () => {});
    socket.on("close", () => this.#doorstep.delete(socket));
    const oldest = this.#doorstep.add(socket, countedAddress(socket.remoteAddress));
    if (oldest === undefined) return;
    this.crowdedOut++;
    oldest.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { requests } = this.#parts.addresses.share(this.#addressOf(request), performance.now());
    if (requests.spend(1, performance.now())) this.#parts.answer(request, response);
    else inWords(response, 429, "Too many requests came from your address: wait a few seconds.");
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const address = this.#addressOf(request);
    const { origin, host, "sec-websocket-protocol": protocols = "" } = request.headers;
    const [path] = (request.url ?? "").split("?");
    const refusal = this.#refusalOf(path!, origin, host, protocols);
    if (refusal === undefined) {
      this.#parts.upgrade(request, socket, head, address);
      return;
    }
    const [status, words] = refusal;
    this.#parts.refused(status === 403 ? "origin" : "http", address, words);
    endInWords(socket, status, words);
  }

  /** Why a request may not become a WebSocket, if it may not. */
  #refusalOf(
    path: string,
    origin: string | undefined,
    host: string | undefined,
    protocols: string,
  ): readonly [status: number, words: string] | undefined {
    if (path !== SIGNALING_PATH) return [404, `WebSockets are at ${SIGNALING_PATH}.`];
    if (this.#parts.closing()) return [503, "This server is about to stop: try again in a minute."];
    if (!isWelcome(origin, host, this.#parts.origins)) {
      return [403, "Pages of that origin may not use this server: start it with --origin to allow them."];
    }
    const spoken = protocols.split(",").map((protocol) => protocol.trim());
    if (spoken.includes(SIGNALING_PROTOCOL)) return undefined;
    return [
      400,
      `This server speaks ${SIGNALING_PROTOCOL} and your program another version: update the older one.`,
    ];
  }

  #sendAway(error: Error & { readonly code?: string }, socket: Socket): void {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, words] =
      error.code === "HPE_HEADER_OVERFLOW"
        ? ([431, `The request's head has more than ${MAX_HEADER_BYTES} bytes.`] as const)
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? ([408, "The request did not come in time."] as const)
          : ([400, "This is no request of HTTP."] as const);
    this.#parts.refused("http", countedAddress(socket.remoteAddress), words);
    endInWords(socket, status, words);
  }

  #addressOf(request: IncomingMessage): string {
    const forwarded = request.headers["x-forwarded-for"];
    const last = this.#parts.behindProxy
      ? String(forwarded ?? "")
          .split(",")
          .at(-1)!
          .trim()
      : "";
    return countedAddress(isIP(last) === 0 ? request.socket.remoteAddress : last);
  }
}

/** Answers a request in words. */
export function inWords(
  response: ServerResponse,
  status: number,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${words}\n`;
  response.writeHead(status, { ...plainHeaders(body), ...headers }).end(body);
}

/** Answers on a socket that has no response, and closes it, whether or not the other side listens. */
function endInWords(socket: Socket, status: number, words: string): void {
  const body = `${words}\n`;
  const head = Object.entries({ ...plainHeaders(body), Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join("\r\n")}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), CLOSE_WAIT_MS).unref();
  socket.once("close", () => clearTimeout(timer));
}

const plainHeaders = (body: string): Record<string, string> => ({
  "Content-Type": "text/plain; charset=utf-8",
  "Content-Length": `${Buffer.byteLength(body)}`,
  "X-Content-Type-Options": "nosniff",
});
