import type { Transport } from "../../core/wire/transport.js";
import type { TransportOption } from "../transport-option.js";
import { type UdpBinding, UdpTransport } from "./transport.js";

export type { TransportOption } from "../transport-option.js";
export { parseUdpAddress, udpAddress } from "./address.js";
export { type UdpBinding, UdpTransport } from "./transport.js";

/** How a match is joined over UDP. */
export interface UdpInvitation extends UdpBinding {
  /** The one word that the host gave: `echo-net:…`. */
  readonly invite: string;
}

/**
 * `udp({ port, bind })` hosts a match, `udp({ invite })` joins one. A host that binds to everything is invited to at
 * loopback first, then at each of the machine's addresses of the families that it bound.
 */
export function udp(options: UdpBinding | UdpInvitation = {}): TransportOption {
  const { port, bind } = options;
  const invite = "invite" in options ? options.invite : undefined;
  return {
    role: invite === undefined ? "host" : "join",
    invite,
    open: (): Promise<Transport> => UdpTransport.open({ port, bind }),
  };
}
