import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { decodeInvite, encodeInvite } from "../../src/core/guard/invite.js";
import { Emulator, type EmulatorCounts } from "../../src/testing/emulator.js";

/** Stands between one joiner and a host, and treats their datagrams as a bad network does. */
export class LossyRelay {
  /** The host's invite with the relay's address in the place of the host's. */
  readonly invite: string;
  readonly #emulator: Emulator;
  readonly #front: Socket;
  readonly #back: Socket;
  readonly #hostPort: number;
  #joiner: RemoteInfo | undefined;

  private constructor(invite: string, net: string, front: Socket, back: Socket) {
    const decoded = decodeInvite(invite);
    this.#emulator = new Emulator(1, net);
    this.#front = front;
    this.#back = back;
    this.#hostPort = portOf(decoded.addresses[0]!);
    this.invite = encodeInvite({ ...decoded, addresses: [`udp:127.0.0.1:${front.address().port}`] });
    front.on("message", (datagram, from) => {
      this.#joiner = from;
      this.#emulator.send(performance.now(), "joiner", "host", datagram);
    });
    back.on("message", (datagram) => this.#emulator.send(performance.now(), "host", "joiner", datagram));
    const timer = setInterval(() => this.#deliver(), 1);
    onTestFinished(() => {
      clearInterval(timer);
      front.close();
      back.close();
    });
  }

  static async open(invite: string, net: string): Promise<LossyRelay> {
    const [front, back] = [createSocket("udp4"), createSocket("udp4")];
    for (const socket of [front, back]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    return new LossyRelay(invite, net, front!, back!);
  }

  get counts(): EmulatorCounts {
    return this.#emulator.counts;
  }

  #deliver(): void {
    for (const { to, datagram } of this.#emulator.due(performance.now())) {
      if (to === "host") this.#back.send(datagram, this.#hostPort, "127.0.0.1");
      else this.#front.send(datagram, this.#joiner!.port, this.#joiner!.address);
    }
  }
}

export const portOf = (address: string): number => Number(/:(\d+)$/.exec(address)![1]);
