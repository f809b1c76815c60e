import type { IncomingMessage, ServerResponse } from "node:http";
import { SIGNALING_PATH } from "../transports/signaling.js";
import { inWords } from "./http-server.js";
import type { SignalingServer } from "./signaling-server.js";

export interface RouteParts {
  readonly signaling: SignalingServer;
}

/** Answers a request that is no WebSocket's. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, parts: RouteParts): void {
  const { method } = request;
  const [path] = (request.url ?? "/").split("?");
  if (method !== "GET" && method !== "HEAD") {
    inWords(response, 405, "Only GET and HEAD are answered here.", {
      Allow: "GET, HEAD",
      Connection: "close",
    });
  } else if (path === "/health") {
    const { rooms, members, closing } = parts.signaling;
    const body = `${JSON.stringify({ status: closing ? "closing" : "ok", rooms, members })}\n`;
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    response.writeHead(closing ? 503 : 200, headers).end(body);
  } else if (path === SIGNALING_PATH) {
    inWords(response, 426, "Here is a WebSocket, and nothing to read.", { Upgrade: "websocket" });
  } else {
    inWords(response, 404, "There is nothing here.");
  }
}
