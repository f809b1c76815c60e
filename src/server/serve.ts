import { type AddressInfo, isIP } from "node:net";
import { EchoNetError } from "../core/base/errors.js";
import { Addresses } from "./addresses.js";
import { gated } from "./event-gate.js";
import type { ServerEvent } from "./events.js";
import { HttpServer } from "./http-server.js";
import { MAX_DRAIN_MS } from "./limits.js";
import { listen } from "./listen.js";
import { metricsOf } from "./metrics.js";
import { limitsWith, type ServerLimits } from "./options.js";
import { Page } from "./page.js";
import { answerRequest } from "./routes.js";
import { SignalingServer } from "./signaling-server.js";

export interface ServeOptions {
  /** 0 to 65535; 0 takes any that is free. */
  readonly port: number;
  /** An IP address of this machine, `0.0.0.0` for all of IPv4. By default all of IPv4 and IPv6. */
  readonly bind?: string | undefined;
  /** A folder with an index.html, handed out at `/` as it is when the server begins. None by default. */
  readonly page?: string | undefined;
  /** Whether Prometheus finds metrics at `/metrics`. */
  readonly metrics?: boolean;
  /** Origins of pages elsewhere that may use it, such as `https://play.example`; `*` for all. */
  readonly origins?: readonly string[];
  /** Whether it stands behind a proxy that writes `X-Forwarded-For`, whose last entry then is who asks. */
  readonly behindProxy?: boolean;
  /** Bounds other than those of LIMITS.md. */
  readonly limits?: Partial<ServerLimits>;
  /** Told what happens. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** A server that is up. */
export interface Server {
  /** Where a browser on this machine finds it: `http://host:port`. */
  readonly url: string;
  readonly port: number;
  /**
   * Lets nobody in any more and ends every connection; rooms whose datagrams it relays may go on for `drainMs` (0
   * where left out, at most an hour). Resolves once all are gone.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Starts a server: rooms where ends find each other, and a relay for those who find no path.
 *
 * Rejects with `EchoNetError`: INPUT_INVALID for options that cannot be used, NO_ROUTE where the port or address cannot
 * be had.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const { port, bind, origins = [], behindProxy = false } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EchoNetError("INPUT_INVALID", `${port} is no port: write a whole number from 0 to 65535.`);
  }
  if (bind !== undefined && isIP(bind) === 0) {
    const hint = `${JSON.stringify(bind)} is not an IP address to bind to: write one of this machine's, 0.0.0.0 or ::.`;
    throw new EchoNetError("INPUT_INVALID", hint);
  }
  const limits = limitsWith(options.limits);
  const page = options.page === undefined ? undefined : await Page.read(options.page);
  const tell = gated(options.onEvent ?? (() => {}));
  const addresses = new Addresses(limits.requestsPerSecond);
  const signaling = new SignalingServer({ limits, addresses, tell, entered: (socket) => http.letIn(socket) });
  const http: HttpServer = new HttpServer({
    limits,
    addresses,
    origins,
    behindProxy,
    answer: (request, response) => answerRequest(request, response, { signaling, metrics, page }),
    upgrade: (request, socket, head, address) => signaling.accept(request, socket, head, address),
    refused: (code, address, hint) => signaling.refused(code, address, hint),
    closing: () => signaling.closing,
  });
  const metrics = options.metrics === true ? metricsOf(signaling, http) : undefined;
  const refusalOf = (error: NodeJS.ErrnoException): EchoNetError => listenRefusal(port, bind, error);
  await listen(http.server, { port, host: bind, exclusive: true }, refusalOf).catch(async (error) => {
    await signaling.close(0);
    throw error;
  });
  const bound = http.server.address() as AddressInfo;
  const url = `http://${hostOf(bind)}:${bound.port}`;
  tell({ event: "listening", url, port: bound.port });
  let closed: Promise<void> | undefined;
  const close = async (drainMs: number): Promise<void> => {
    const { rooms, members } = signaling;
    tell({ event: "closing", inMs: drainMs, rooms, members });
    const deaf = new Promise((resolve) => http.server.close(resolve));
    http.server.closeIdleConnections();
    await signaling.close(drainMs);
    http.server.closeAllConnections();
    await deaf;
    tell({ event: "closed" });
  };
  return {
    url,
    port: bound.port,
    close({ drainMs = 0 } = {}) {
      // What is no time is none.
      closed ??= close(drainMs > 0 ? Math.min(drainMs, MAX_DRAIN_MS) : 0);
      return closed;
    },
  };
}

/** Why a server could not listen, in words. */
function listenRefusal(port: number, bind: string | undefined, error: NodeJS.ErrnoException): EchoNetError {
  const at = bind === undefined ? "" : ` at ${bind}`;
  const why =
    error.code === "EADDRINUSE"
      ? `Port ${port} is in use${at}: choose another one, or 0 for any that is free.`
      : error.code === "EACCES"
        ? `Port ${port}${at} needs rights that this program has not: choose one above 1023.`
        : error.code === "EADDRNOTAVAIL" || error.code === "EINVAL"
          ? `This machine has no address ${bind}: bind to one of its own, or to 0.0.0.0 or :: for all.`
          : `No server could listen${at} on port ${port} (${error.code}).`;
  return new EchoNetError("NO_ROUTE", why, { cause: error });
}

function hostOf(bind: string | undefined): string {
  if (bind === undefined || bind === "0.0.0.0" || /^[0:]+$/.test(bind)) return "localhost";
  return isIP(bind) === 6 ? `[${bind}]` : bind;
}
