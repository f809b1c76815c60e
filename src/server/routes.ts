import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { SIGNALING_PATH } from "../transports/signaling.js";
import { inWords } from "./http-server.js";
import type { Page } from "./page.js";
import type { SignalingServer } from "./signaling-server.js";

/** What can be asked for. */
export interface RouteParts {
  readonly signaling: SignalingServer;
  readonly metrics: Registry | undefined;
  readonly page: Page | undefined;
}

/** Answers a request that is no WebSocket's. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, parts: RouteParts): void {
  const { signaling, metrics, page } = parts;
  const [path] = (request.url ?? "/").split("?") as [string];
  if (request.method !== "GET" && request.method !== "HEAD") {
    // What else the request holds is not worth reading.
    inWords(response, 405, "Only GET and HEAD are answered here.", {
      Allow: "GET, HEAD",
      Connection: "close",
    });
  } else if (path === "/health") {
    const { rooms, members, connections, closing } = signaling;
    const health = { status: closing ? "closing" : "ok", rooms, members, connections };
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    response.writeHead(closing ? 503 : 200, headers).end(`${JSON.stringify(health)}\n`);
  } else if (path === "/metrics" && metrics !== undefined) {
    void metrics.metrics().then((text) => {
      response.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).end(text);
    });
  } else if (path === SIGNALING_PATH) {
    inWords(response, 426, "Here is a WebSocket, and nothing to read.", { Upgrade: "websocket" });
  } else if (!page?.answer(request, response, path)) {
    inWords(
      response,
      404,
      page === undefined
        ? "This server has no page: players meet here through a game."
        : "There is nothing here.",
    );
  }
}
