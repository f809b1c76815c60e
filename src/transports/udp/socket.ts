import { createSocket, type Socket } from "node:dgram";
import { EchoNetError } from "../../core/base/errors.js";

/** Hosts are IP addresses already; answering at once keeps a send inside the call that asked for it. */
const lookup = (host: string, options: unknown, callback?: unknown): void => {
  const answer = (callback ?? options) as (error: null, address: string, family: number) => void;
  answer(null, host, host.includes(":") ? 6 : 4);
};

/** Binds one socket. Rejects with the system's error, whose `code` says why. */
export function bindSocket(family: 4 | 6, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // One socket a family: a dual one would make every IPv4 address look like IPv6.
    const socket = createSocket({ type: family === 4 ? "udp4" : "udp6", ipv6Only: family === 6, lookup });
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

export const errorCode = (error: unknown): string => (error as { code?: string }).code ?? String(error);

/** Why a socket could not be bound, in words. */
export function bindRefusal(host: string, port: number, error: unknown): EchoNetError {
  const code = errorCode(error);
  const why =
    code === "EADDRINUSE"
      ? `UDP port ${port} is in use at ${host}: choose another one, or 0 for any that is free.`
      : code === "EACCES"
        ? `UDP port ${port} at ${host} needs rights that this program has not: choose one above 1023.`
        : code === "EADDRNOTAVAIL" || code === "EINVAL"
          ? `This machine has no address ${host}: bind to one of its own, or to 0.0.0.0 or :: for all.`
          : `No UDP socket could be bound to ${host}, port ${port} (${code}).`;
  return new EchoNetError("NO_ROUTE", why, { cause: error });
}
