import type { Transport } from "../../core/wire/transport.js";
import type { TransportOption } from "../transport-option.js";
import type { MemoryNetwork } from "./network.js";

export { type Carrier, MemoryNetwork, MemoryTransport } from "./network.js";

interface Meeting {
  readonly invite: Promise<string>;
  readonly announce: (invite: string) => void;
}

const meetings = new WeakMap<MemoryNetwork, Meeting>();

/**
 * Meets over a memory network, in one process: the first option made for a network hosts, all others join it and
 * need no invite. Their `open()` waits for the host's.
 */
export function memory(network: MemoryNetwork): TransportOption {
  const meeting = meetings.get(network);
  return meeting === undefined ? hosting(network) : joining(network, meeting);
}

function hosting(network: MemoryNetwork): TransportOption {
  let announce: (invite: string) => void = () => {};
  const invite = new Promise<string>((resolve) => {
    announce = resolve;
  });
  meetings.set(network, { invite, announce });
  return { role: "host", open: async (): Promise<Transport> => network.open(), announce };
}

function joining(network: MemoryNetwork, meeting: Meeting): TransportOption {
  let invite: string | undefined;
  return {
    role: "join",
    get invite(): string | undefined {
      return invite;
    },
    open: async (): Promise<Transport> => {
      invite = await meeting.invite;
      return network.open();
    },
  };
}
