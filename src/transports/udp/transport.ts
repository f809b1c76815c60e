import type { RemoteInfo, Socket } from "node:dgram";
import { isIP } from "node:net";
import { EchoNetError } from "../../core/base/errors.js";
import type { Address, Received, Transport } from "../../core/wire/transport.js";
import { ReceiveQueue, type TransportCounts } from "../receive-queue.js";
import { type Endpoint, parseUdpAddress, udpAddress } from "./address.js";
import { reachableHosts } from "./interfaces.js";
import { bindRefusal, bindSocket, errorCode } from "./socket.js";

/** Fits every path that IPv6 allows, headers included. */
const UDP_MTU = 1200;
/** Addresses remembered in their parsed form; a match has at most seven others. */
const REMEMBERED_MAX = 256;
/** Tries at finding a port that is free in both families. */
const SHARED_PORT_TRIES = 16;

export interface UdpBinding {
  /** 0 to 65535; 0, the default, takes any that is free. */
  readonly port?: number | undefined;
  /** An IP address of this machine, `0.0.0.0` for all of IPv4, `::` for all of IPv6. By default all of both. */
  readonly bind?: string | undefined;
}

/** Datagrams over the system's UDP, IPv4 and IPv6. */
export class UdpTransport implements Transport {
  readonly mtu: number = UDP_MTU;
  readonly secure = false;
  readonly addresses: readonly Address[];
  readonly port: number;
  readonly #sockets: { readonly 4?: Socket | undefined; readonly 6?: Socket | undefined };
  readonly #queue = new ReceiveQueue();
  readonly #endpoints = new Map<Address, Endpoint>();
  #closed = false;
  #sent = 0;
  #refused = 0;
  #failed = 0;
  /** How often the system would not send, by its error code. */
  readonly failures: Map<string, number> = new Map();

  /** Takes sockets that are bound; `UdpTransport.open` binds them. */
  constructor(
    sockets: { readonly 4?: Socket | undefined; readonly 6?: Socket | undefined },
    hosts: readonly string[],
  ) {
    this.#sockets = sockets;
    const all = [sockets[4], sockets[6]].filter((socket) => socket !== undefined);
    this.port = all[0]!.address().port;
    this.addresses = hosts.map((host) => udpAddress(host, this.port));
    for (const socket of all) {
      socket.on("message", (datagram: Buffer, from: RemoteInfo) => {
        if (!this.#closed) this.#queue.push({ from: udpAddress(from.address, from.port), datagram });
      });
      socket.on("error", this.#onSent);
    }
  }

  /** Throws `EchoNetError`: INPUT_INVALID for what is no port or IP address, NO_ROUTE where it cannot be bound. */
  static async open({ port = 0, bind }: UdpBinding = {}): Promise<UdpTransport> {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new EchoNetError(
        "INPUT_INVALID",
        `${port} is not a UDP port: write a whole number from 0 to 65535.`,
      );
    }
    if (bind === undefined) return openBoth(port);
    const family = isIP(bind);
    if (family !== 4 && family !== 6) {
      const hint = `${JSON.stringify(bind)} is not an IP address to bind to: write one of this machine's, 0.0.0.0 or ::.`;
      throw new EchoNetError("NO_ROUTE", hint);
    }
    const socket = await bindSocket(family, bind, port).catch((error) => {
      throw bindRefusal(bind, port, error);
    });
    const everywhere = bind === "0.0.0.0" || /^[0:]+$/.test(bind);
    return new UdpTransport({ [family]: socket }, everywhere ? reachableHosts([family]) : [bind]);
  }

  get counts(): TransportCounts {
    const { received, dropped } = this.#queue;
    return { sent: this.#sent, received, refused: this.#refused, dropped, failed: this.#failed };
  }

  send(to: Address, datagram: Uint8Array): void {
    if (this.#closed || datagram.length > this.mtu) {
      this.#refused++;
      return;
    }
    const endpoint = this.#endpoint(to);
    const socket = endpoint && this.#sockets[endpoint.family];
    if (endpoint === undefined || socket === undefined) {
      this.#onSent({ code: endpoint === undefined ? "BAD_ADDRESS" : "EAFNOSUPPORT" });
      return;
    }
    this.#sent++;
    try {
      // The system may hold on to the bytes after this returns, and the caller writes its next datagram over them.
      socket.send(Buffer.from(datagram), endpoint.port, endpoint.host, this.#onSent);
    } catch (error) {
      this.#onSent(error);
    }
  }

  receive(): Iterable<Received> {
    return this.#queue.take();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.take();
    for (const socket of [this.#sockets[4], this.#sockets[6]]) socket?.close();
  }

  #endpoint(address: Address): Endpoint | undefined {
    let endpoint = this.#endpoints.get(address);
    if (endpoint === undefined) {
      endpoint = parseUdpAddress(address);
      if (endpoint === undefined) return undefined;
      if (this.#endpoints.size >= REMEMBERED_MAX) this.#endpoints.clear();
      this.#endpoints.set(address, endpoint);
    }
    return endpoint;
  }

  /** Nobody can do anything about one datagram: what goes wrong is counted, and silence does the rest. */
  readonly #onSent = (error: unknown): void => {
    if (error === null || error === undefined) return;
    this.#failed++;
    const code = errorCode(error);
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
  };
}

/** Both families on one port; IPv4 alone on a machine without IPv6, and the other way round. */
async function openBoth(port: number): Promise<UdpTransport> {
  for (let attempt = 1; ; attempt++) {
    const four = await bindSocket(4, "0.0.0.0", port).catch((error: unknown) =>
      asUnsupported(error, "0.0.0.0", port),
    );
    try {
      const six = await bindSocket(6, "::", four?.address().port ?? port).catch((error: unknown) =>
        asUnsupported(error, "::", port),
      );
      if (four === undefined && six === undefined) {
        throw new EchoNetError("NO_ROUTE", "This machine has neither IPv4 nor IPv6, so UDP cannot be used.");
      }
      return new UdpTransport(
        { 4: four, 6: six },
        reachableHosts([...(four ? [4 as const] : []), ...(six ? [6 as const] : [])]),
      );
    } catch (error) {
      four?.close();
      const taken = error instanceof EchoNetError && errorCode(error.cause) === "EADDRINUSE";
      if (port !== 0 || !taken || attempt === SHARED_PORT_TRIES) throw error;
    }
  }
}

function asUnsupported(error: unknown, host: string, port: number): undefined {
  if (["EAFNOSUPPORT", "EADDRNOTAVAIL", "EPROTONOSUPPORT"].includes(errorCode(error))) return undefined;
  throw bindRefusal(host, port, error);
}
