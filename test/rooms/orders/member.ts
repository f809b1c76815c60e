import { type WebRtcOption, webrtc } from "echo-net/webrtc";
import { websocket } from "echo-net/websocket";
import type { RoomOption } from "../../../src/transports/room-option.js";
import type { Engine } from "./engine.js";
import type { Hall, Seat, Socket } from "./hall.js";

/** How long a path may take. */
export const PATH_MS = 15_000;

export interface MemberTerms {
  /** The room by name, or undefined for the next one. */
  readonly room: string | undefined;
  readonly players: number;
  readonly plain: boolean;
}

/** Somebody who comes into a room once, and leaves it: production's transport over an engine and a hall that are none. */
export class Member {
  readonly number: number;
  readonly terms: MemberTerms;
  readonly option: RoomOption;
  readonly socket: Socket;
  readonly calling: AbortController = new AbortController();
  /** How often this end listens to the signal that calls it off. */
  listens = 0;
  state: "opening" | "open" | "refused" | "left" = "opening";
  /** What `open` was refused with. */
  refusal: unknown;
  /** Datagrams that came from somebody else than they say, or to somebody else. */
  readonly astray: string[] = [];
  /** From whom anything came since this was emptied. */
  readonly heard: Set<number> = new Set();
  /** Who each address has been. */
  readonly #senders = new Map<string, number>();

  constructor(number: number, terms: MemberTerms, hall: Hall, engine: Engine) {
    this.number = number;
    this.terms = terms;
    const where = terms.room === undefined ? {} : { room: terms.room };
    const [url, players, WebSocket] = ["wss://play.example", terms.players, hall.constructorFor(number)];
    this.option = terms.plain
      ? websocket({ url, players, WebSocket, ...where })
      : webrtc({
          ...{ signaling: url, players, WebSocket, pathTimeoutMs: PATH_MS, ...where },
          RTCPeerConnection: engine.constructorFor(number),
        });
    const { signal } = this.calling;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...what: Parameters<typeof add>) => {
      this.listens++;
      add(...what);
    };
    signal.removeEventListener = (...what: Parameters<typeof remove>) => {
      this.listens--;
      remove(...what);
    };
    this.option.open({ signal, players: terms.players, game: "g" }).then(
      () => this.#opened(),
      (error: unknown) => {
        this.refusal = error;
        if (this.state === "opening") this.state = "refused";
      },
    );
    this.socket = hall.sockets.at(-1)!;
  }

  get seat(): Seat | undefined {
    return this.socket.seat;
  }

  /** Whether both were let into one room, whoever has left it since. */
  isRoommateOf(other: Member): boolean {
    return this !== other && this.seat !== undefined && this.seat.host === other.seat?.host;
  }

  /** How the direct paths to others stand. */
  get paths(): ReadonlyMap<number, string> {
    return (this.option as Partial<WebRtcOption>).paths ?? new Map();
  }

  /** How the direct path to another member of its room stands, if there is any. */
  pathTo(other: Member): string | undefined {
    return this.paths.get(other.seat!.member);
  }

  /** Sends to all others of its room what says from whom, and for whom it is. */
  sendToAll(others: readonly Member[]): void {
    for (const other of others) {
      if (!this.isRoommateOf(other)) continue;
      const to = `room:${other.seat!.member}`;
      this.option.transport!.send(to, Uint8Array.of(this.number, other.number));
    }
  }

  receive(): void {
    for (const { from, datagram } of this.option.transport!.receive()) {
      const [sender, receiver] = datagram as unknown as [number, number];
      if (receiver !== this.number) this.astray.push(`for ${receiver}`);
      const known = this.#senders.get(from);
      if (known !== undefined && known !== sender) this.astray.push(`from ${sender} as ${known} by ${from}`);
      this.#senders.set(from, sender);
      this.heard.add(sender);
    }
  }

  leave(): void {
    if (this.state === "left") return;
    this.state = "left";
    this.option.transport!.close();
  }

  #opened(): void {
    if (this.state !== "opening") return;
    this.state = "open";
    if (this.option.role === "host") this.option.announce("echo-net:word");
  }
}
