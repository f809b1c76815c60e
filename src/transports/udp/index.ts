import { EchoNetError } from "../../core/base/errors.js";
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
 * loopback first, then at each of the machine's addresses of the families that it bound. Throws `EchoNetError`
 * INPUT_INVALID for what is no options.
 */
export function udp(options: UdpBinding | UdpInvitation = {}): TransportOption {
  if (typeof options !== "object" || options === null) {
    throw new EchoNetError("INPUT_INVALID", "udp takes { port } to host a match, or { invite } to join one");
  }
  const { port, bind } = options;
  // An invite that was forgotten is missing; it is no wish to host.
  const isJoining = "invite" in options;
  const invite = isJoining ? options.invite : undefined;
  return {
    role: isJoining ? "join" : "host",
    invite,
    open: (): Promise<Transport> => UdpTransport.open({ port, bind }),
  };
}
