import { isIP, isIPv6 } from "node:net";
import type { Address } from "../../core/wire/transport.js";

/** An IP address and port, as the system takes them. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** `udp:127.0.0.1:7777`, `udp:[::1]:7777`. An IPv4 address that a dual socket shows as IPv6 is written as IPv4. */
export function udpAddress(host: string, port: number): Address {
  const plain = host.startsWith("::ffff:") && host.includes(".") ? host.slice(7) : host;
  return plain.includes(":") ? `udp:[${plain}]:${port}` : `udp:${plain}:${port}`;
}

/** Reads an address, or returns undefined for anything else. Never asks a name server: hosts are IP addresses. */
export function parseUdpAddress(address: Address): Endpoint | undefined {
  const match = /^udp:(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([\d.]+)):(\d{1,5})$/.exec(address);
  if (match === null) return undefined;
  const host = match[1] ?? match[2]!;
  const port = Number(match[3]);
  if (port < 1 || port > 65_535) return undefined;
  if (match[1] === undefined ? isIP(host) !== 4 : !isIPv6(host)) return undefined;
  return { host, port, family: match[1] === undefined ? 4 : 6 };
}
