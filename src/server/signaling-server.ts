import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { MAX_DATAGRAM_BYTES } from "../core/wire/limits.js";
import {
  MAX_SIGNAL_TEXT_BYTES,
  RELAY_HEADER_BYTES,
  SIGNALING_PROTOCOL,
  type SignalRefusal,
} from "../transports/signaling.js";
import type { Addresses } from "./addresses.js";
import { Connection } from "./connection.js";
import { noCounts, type SignalingCounts } from "./counts.js";
import type { RefusalCode, TellEvent } from "./events.js";
import { CLOSE_WAIT_MS, MAX_MESSAGE_FRAGMENTS } from "./limits.js";
import type { ServerLimits } from "./options.js";
import { type Delivery, Rooms } from "./rooms.js";
import { readClientSignal } from "./signal-text.js";

/** How often deadlines are looked at. */
const SWEEP_MS = 250;
/** A room that has relayed nothing for so long plays over paths of its own. */
const RELAY_QUIET_MS = 2_000;

export interface SignalingServerOptions {
  readonly limits: ServerLimits;
  readonly tell: TellEvent;
  /** Called for a socket whose end has entered a room: it is no stranger any more. */
  readonly entered: (socket: Socket) => void;
  /** What addresses have spent; the server sweeps it. */
  readonly addresses: Addresses;
}

/**
 * Brings ends together: WebSockets whose upgrade somebody else has looked at come in, and their members' words and
 * datagrams go to each other. Nothing that a client sends throws.
 */
export class SignalingServer {
  readonly counts: SignalingCounts = noCounts();
  readonly #limits: ServerLimits;
  readonly #tell: TellEvent;
  readonly #entered: (socket: Socket) => void;
  readonly #rooms: Rooms<Connection>;
  readonly #addresses: Addresses;
  readonly #connections = new Set<Connection>();
  /** Those that have said nothing yet, the oldest first. */
  readonly #silent = new Set<Connection>();
  /** When each room last relayed a datagram. */
  readonly #relayedAtMs = new Map<string, number>();
  readonly #upgrades: WebSocketServer;
  readonly #sweeping: NodeJS.Timeout;
  #pingedAtMs: number = performance.now();
  #closing: Promise<void> | undefined;

  constructor({ limits, tell, entered, addresses }: SignalingServerOptions) {
    this.#limits = limits;
    this.#tell = tell;
    this.#entered = entered;
    this.#addresses = addresses;
    this.#rooms = new Rooms({
      nameRoom: () => randomBytes(12).toString("base64url"),
      maxRooms: this.#limits.rooms,
    });
    const bounds = {
      maxPayload: MAX_SIGNAL_TEXT_BYTES,
      maxFragments: MAX_MESSAGE_FRAGMENTS,
      closeTimeout: CLOSE_WAIT_MS,
    };
    this.#upgrades = new WebSocketServer({
      ...bounds,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      handleProtocols: () => SIGNALING_PROTOCOL,
    });
    this.#sweeping = setInterval(() => this.#sweep(performance.now()), SWEEP_MS).unref();
  }

  /** Rooms that are open. */
  get rooms(): number {
    return this.#rooms.size;
  }

  /** Ends that sit in a room. */
  get members(): number {
    return this.#rooms.members;
  }

  /** WebSockets that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Makes a WebSocket of a request to upgrade that names the subprotocol. `address` is what limits count by. */
  accept(request: IncomingMessage, socket: Socket, head: Buffer, address: string): void {
    this.#upgrades.handleUpgrade(request, socket, head, (webSocket) =>
      this.#open(webSocket, socket, address),
    );
  }

  /**
   * Ends every connection. Those of rooms whose datagrams are relayed may go on for `drainMs` more; new ones are
   * refused at once.
   */
  close(drainMs: number): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  /** Counts and tells that somebody was sent away. */
  refused(code: RefusalCode, address: string, hint: string): void {
    const { refused } = this.counts;
    refused.set(code, (refused.get(code) ?? 0) + 1);
    this.#tell({ event: "refused", code, address, hint });
  }

  #open(webSocket: WebSocket, socket: Socket, address: string): void {
    const nowMs = performance.now();
    const share = this.#addresses.share(address, nowMs);
    share.connections++;
    const connection = new Connection(webSocket, socket, share, nowMs);
    this.counts.connections++;
    this.#connections.add(connection);
    this.#silent.add(connection);
    webSocket.on("message", (data, isBinary) => this.#hear(connection, data, isBinary));
    webSocket.on("ping", (data) => this.#spendText(connection, data.length));
    webSocket.on("pong", (data) => this.#spendText(connection, data.length));
    // What breaks the framing, or is too long, is closed by the parser itself, which tells its code.
    webSocket.on("error", (error) => {
      this.refused("malformed", connection.share.address, error.message);
      connection.ended = true;
      this.#gone(connection);
    });
    webSocket.on("close", () => this.#gone(connection));
  }

  #hear(connection: Connection, data: RawData, isBinary: boolean): void {
    if (connection.ended) return;
    connection.alive = true;
    const bytes = data as Buffer;
    if (isBinary) this.#relay(connection, bytes);
    else if (this.#spendText(connection, bytes.length)) this.#hearText(connection, bytes);
  }

  #hearText(connection: Connection, bytes: Buffer): void {
    const reading = readClientSignal(bytes.toString());
    if (!reading.ok) {
      this.#refuse(connection, "malformed", reading.why);
      return;
    }
    const { signal } = reading;
    const { share } = connection;
    const enters = this.#rooms.seatOf(connection) === undefined;
    if (enters && !share.requests.spend(1, performance.now())) {
      this.#refuse(connection, "too-fast", "Too many requests came from your address: wait a few seconds.");
      return;
    }
    if (enters && this.closing) {
      this.#refuse(connection, "shutting-down", "This server is about to stop: try again in a minute.");
      return;
    }
    if (enters && share.members >= this.#limits.membersPerAddress) {
      const hint = `From your address ${share.members} players are in rooms of this server, as many as it allows.`;
      this.#refuse(connection, "too-many-connections", hint);
      return;
    }
    this.#deliver(this.#rooms.hear(connection, signal));
    const seat = this.#rooms.seatOf(connection);
    if (!enters || seat === undefined) return;
    share.members++;
    this.counts.entered++;
    this.#silent.delete(connection);
    this.#entered(connection.socket);
    if (seat.member === 0) this.#tell({ event: "room-opened", room: seat.room });
    this.#tell({ event: "entered", ...seat, address: share.address });
  }

  #relay(connection: Connection, frame: Buffer): void {
    const seat = this.#rooms.seatOf(connection);
    if (seat === undefined) {
      this.#refuse(connection, "malformed", 'The first word is "enter" or "next", as text.');
      return;
    }
    const length = frame.length - RELAY_HEADER_BYTES;
    if (length < 1 || length > MAX_DATAGRAM_BYTES) {
      const hint = `A datagram has 1 to ${MAX_DATAGRAM_BYTES} bytes after the member that it is to.`;
      this.#refuse(connection, "malformed", hint);
      return;
    }
    const nowMs = performance.now();
    const verdict = connection.mayRelay(length, nowMs);
    if (verdict === "flood") {
      this.#refuse(connection, "too-fast", "Far more datagrams came than a match sends.");
      return;
    }
    const to = this.#rooms.neighbour(connection, frame[0]!);
    if (verdict === "drop") this.counts.dropped.budget++;
    else if (to === undefined) this.counts.dropped.nobody++;
    else {
      // The bytes are this message's alone, so that the sender's number may stand where the receiver's stood.
      frame[0] = seat.member;
      if (to.relay(frame) === "stale") this.counts.dropped.stale++;
      else {
        this.counts.relayedDatagrams++;
        this.counts.relayedBytes += length;
        this.#relayedAtMs.set(seat.room, nowMs);
      }
    }
  }

  /** Whether something that costs as a text does may be taken; ends the connection where it may not. */
  #spendText(connection: Connection, bytes: number): boolean {
    if (connection.ended) return false;
    connection.alive = true;
    if (connection.mayText(bytes, performance.now())) return true;
    this.#refuse(
      connection,
      "too-fast",
      "Messages came faster than a match needs: wait a while before the next try.",
    );
    return false;
  }

  #deliver(deliveries: readonly Delivery<Connection>[]): void {
    for (const { to, signal } of deliveries) {
      if (signal.type === "refused") this.#refuse(to, signal.code, signal.hint);
      else to.say(signal);
    }
  }

  #refuse(connection: Connection, code: SignalRefusal, hint: string): void {
    if (connection.ended) return;
    this.refused(code, connection.share.address, hint);
    connection.say({ type: "refused", code, hint });
    // Its seat is free now, not when the closing handshake is over.
    this.#gone(connection);
  }

  /** Takes a connection out of everything; once is enough. */
  #gone(connection: Connection): void {
    this.#silent.delete(connection);
    const seat = this.#rooms.seatOf(connection);
    if (seat !== undefined) {
      connection.share.members--;
      this.#deliver(this.#rooms.leave(connection));
      this.#tell({ event: "left", ...seat });
      if (this.#rooms.endsOf(seat.room).length === 0) {
        this.#relayedAtMs.delete(seat.room);
        this.#tell({ event: "room-ended", room: seat.room });
      }
    }
    if (
      connection.webSocket.readyState === connection.webSocket.CLOSED &&
      this.#connections.delete(connection)
    ) {
      connection.share.connections--;
    }
  }

  #sweep(nowMs: number): void {
    for (const connection of this.#silent) {
      if (nowMs - connection.openedAtMs < this.#limits.firstWordMs) break;
      this.#refuse(connection, "silent", `Nothing was said for ${this.#limits.firstWordMs / 1_000} seconds.`);
    }
    if (nowMs - this.#pingedAtMs < this.#limits.pingMs) return;
    this.#pingedAtMs = nowMs;
    this.#addresses.sweep(nowMs);
    for (const connection of this.#connections) connection.ping();
  }

  async #drain(drainMs: number): Promise<void> {
    const untilMs = performance.now() + drainMs;
    for (const connection of this.#connections) connection.say({ type: "closing", inMs: drainMs });
    while (this.#endQuiet(untilMs)) await new Promise((resolve) => setTimeout(resolve, SWEEP_MS / 5));
    clearInterval(this.#sweeping);
  }

  /** Ends who needs nothing more, in the end everybody; whether anybody is left. */
  #endQuiet(untilMs: number): boolean {
    const nowMs = performance.now();
    for (const connection of this.#connections) {
      const room = this.#rooms.seatOf(connection)?.room;
      const relayedAtMs = room === undefined ? undefined : this.#relayedAtMs.get(room);
      const relays = relayedAtMs !== undefined && nowMs - relayedAtMs < RELAY_QUIET_MS;
      if (relays && nowMs < untilMs) continue;
      this.#refuse(connection, "shutting-down", "This server is about to stop: try again in a minute.");
      if (nowMs > untilMs + CLOSE_WAIT_MS) connection.drop();
    }
    return this.#connections.size > 0;
  }
}
