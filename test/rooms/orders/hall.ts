import { type Delivery, Rooms } from "../../../src/server/rooms.js";
import { readClientSignal } from "../../../src/server/signal-text.js";
import type { WebSocketConstructor, WebSocketLike } from "../../../src/transports/web-socket.js";
import type { Lanes } from "./lanes.js";

/** A signaling server without sockets: what is under way to and from it takes as long as the lanes let it. */
export class Hall {
  readonly lanes: Lanes;
  readonly sockets: Socket[] = [];
  rooms!: Rooms<Socket>;
  #named = 0;

  constructor(lanes: Lanes) {
    this.lanes = lanes;
    this.#begin();
  }

  constructorFor(owner: number): WebSocketConstructor {
    const hall = this;
    return class extends Socket {
      constructor() {
        super(hall, owner);
      }
    };
  }

  /** Ends everything, as a process that is killed, and begins again with nothing. */
  restart(): void {
    for (const socket of this.sockets) socket.isForgotten();
    this.#begin();
  }

  hear(socket: Socket, said: string | Uint8Array): void {
    if (typeof said === "string") {
      const reading = readClientSignal(said);
      if (!reading.ok) throw new Error(reading.why);
      this.#deliver(this.rooms.hear(socket, reading.signal));
      return;
    }
    const to = this.rooms.neighbour(socket, said[0]!);
    said[0] = this.rooms.seatOf(socket)!.member;
    to?.isTold(said);
  }

  left(socket: Socket): void {
    this.#deliver(this.rooms.leave(socket));
  }

  #begin(): void {
    this.rooms = new Rooms<Socket>({ nameRoom: () => `next-${this.#named++}` });
  }

  #seat(socket: Socket, room: string, member: number): void {
    const host = this.rooms.endsOf(room).find(({ seat }) => seat?.member === 0) ?? socket;
    socket.seat = { host, member };
  }

  #deliver(deliveries: readonly Delivery<Socket>[]): void {
    for (const { to, signal } of deliveries) {
      if (signal.type === "entered") this.#seat(to, signal.room, signal.you);
      to.isTold(JSON.stringify(signal));
      if (signal.type === "refused") to.breaks();
    }
  }
}

export interface Seat {
  readonly host: Socket;
  readonly member: number;
}

/** One end's WebSocket, with the server's side of it. */
export class Socket implements WebSocketLike {
  readonly owner: number;
  binaryType = "";
  readonly bufferedAmount = 0;
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onerror: WebSocketLike["onerror"] = null;
  onclose: WebSocketLike["onclose"] = null;
  /** Where it was seated. A room is who opened it: there may be others of its name before and after it. */
  seat: Seat | undefined;
  /** Whether the end wants no more of it, or it broke. */
  isOver = false;
  readonly #hall: Hall;
  readonly #id: number;
  #isOpen = false;
  /** Cut, at this end: nothing comes any more. */
  #isDeaf = false;
  /** Gone, at the server. */
  #isLost = false;

  constructor(hall: Hall, owner: number) {
    this.#hall = hall;
    this.owner = owner;
    this.#id = hall.sockets.push(this) - 1;
    this.#add("to", () => {
      this.#isOpen = true;
      if (!this.isOver) this.onopen?.({});
    });
  }

  send(data: string | Uint8Array): void {
    if (!this.#isOpen) throw new Error("InvalidStateError: connecting");
    if (this.isOver) return;
    this.#add("from", () => {
      if (!this.#isLost) this.#hall.hear(this, data);
    });
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#add("from", () => this.#loses());
    this.#add("to", () => this.onclose?.({}));
  }

  isTold(data: string | Uint8Array): void {
    this.#add("to", () => {
      if (!this.#isDeaf) this.onmessage?.({ data: typeof data === "string" ? data : data.slice().buffer });
    });
  }

  /** The server that knew it is no more. */
  isForgotten(): void {
    this.#isLost = true;
    this.breaks();
  }

  /** The connection is cut: each side learns of it in its time. */
  breaks(): void {
    this.#add("from", () => this.#loses());
    this.#add("to", () => {
      this.#isDeaf = true;
      if (this.isOver) return;
      this.isOver = true;
      this.onerror?.({ message: "cut" });
      this.onclose?.({});
    });
  }

  #loses(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#hall.left(this);
  }

  #add(direction: "to" | "from", task: () => void): void {
    this.#hall.lanes.add(`${direction} ${this.#id}`, task);
  }
}
