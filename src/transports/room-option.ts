import { EchoNetError } from "../core/base/errors.js";
import type { Address, Transport } from "../core/wire/transport.js";
import type { Finding } from "./findings.js";
import { RoomConnection } from "./room-connection.js";
import type { RoomPlace } from "./room-place.js";
import type { RoomTransport } from "./room-transport.js";
import { memberOf } from "./signaling.js";
import type { MatchWishes, TransportOption } from "./transport-option.js";
import type { WebSocketConstructor } from "./web-socket.js";

/**
 * A transport that meets in a room: whoever enters first hosts, and leaves its invite with the server; the others
 * wait for it and join.
 */
export class RoomOption implements TransportOption {
  readonly #place: RoomPlace;
  readonly #makeSocket: WebSocketConstructor | undefined;
  readonly #makeTransport: (room: RoomConnection) => RoomTransport;
  #room: RoomConnection | undefined;
  #transport: RoomTransport | undefined;

  constructor(
    place: RoomPlace,
    makeSocket: WebSocketConstructor | undefined,
    makeTransport: (room: RoomConnection) => RoomTransport,
  ) {
    this.#place = place;
    this.#makeSocket = makeSocket;
    this.#makeTransport = makeTransport;
  }

  /** Who came first hosts: settled once `open` has resolved. */
  get role(): "host" | "join" {
    return this.#room?.isHost === true ? "host" : "join";
  }

  get invite(): string | undefined {
    return this.role === "join" ? this.#room?.invite : undefined;
  }

  /** The room's name, which the server chose where none was asked for; known once `open` has resolved. */
  get room(): string | undefined {
    return this.#room?.room;
  }

  /** What this option opened last. */
  get transport(): RoomTransport | undefined {
    return this.#transport;
  }

  /** Goes into the room, and as a joiner waits for the host's invite. Rejects with `EchoNetError` in words. */
  async open(wishes: MatchWishes = {}): Promise<Transport> {
    this.#room = new RoomConnection(this.#place, this.#makeSocket);
    this.#transport = this.#makeTransport(this.#room);
    try {
      await this.#room.enter(wishes);
      if (!this.#room.isHost) await this.#room.waitForInvite(wishes.signal);
      return this.#transport;
    } catch (error) {
      this.#transport.close();
      throw error;
    }
  }

  announce(invite: string): void {
    this.#room?.announce(invite);
  }

  begun(): void {
    this.#room?.shut();
  }

  mayReach(address: Address): boolean {
    const member = memberOf(address);
    return member !== undefined && this.#transport?.mayReach(member) === true;
  }

  hostGone(): EchoNetError | undefined {
    const room = this.#room;
    if (room?.room === undefined || room.isHost || this.#transport!.mayReach(room.host)) return undefined;
    const what = room.isUp ? "left before its match began" : "can be reached no more";
    return new EchoNetError("NO_ROUTE", `the host of room ${room.room} ${what}`);
  }

  leaving(): void {
    this.#transport?.leaving();
  }

  diagnose(): readonly Finding[] {
    return this.#transport?.diagnose() ?? [];
  }
}
