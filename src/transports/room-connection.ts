import { EchoNetError, type EchoNetErrorCode } from "../core/base/errors.js";
import { Changes } from "./changes.js";
import type { Finding } from "./findings.js";
import { ENTER_TIMEOUT_MS, INVITE_TIMEOUT_MS, RELAY_BUFFERED_BYTES } from "./room-limits.js";
import { entryOf, type RoomPlace } from "./room-place.js";
import { readRelayed, readServerSignal } from "./signal-reader.js";
import {
  RELAY_HEADER_BYTES,
  type ServerSignal,
  SIGNALING_PROTOCOL,
  type SignalData,
  type SignalRefusal,
} from "./signaling.js";
import type { MatchWishes } from "./transport-option.js";
import type { WebSocketConstructor, WebSocketLike } from "./web-socket.js";

/** What is told of a room. Nothing before `entered`, which comes once. */
export interface RoomListener {
  /** We are in, with those who came before us. */
  entered?(members: readonly number[]): void;
  came?(member: number): void;
  went?(member: number): void;
  signal?(from: number, data: SignalData): void;
  /** A datagram by way of the server. Its bytes are the listener's. */
  datagram?(from: number, datagram: Uint8Array): void;
  /** The connection is gone for good; nothing comes any more. */
  lost?(): void;
}

/**
 * One end's connection to a signaling server, in one room. It is never made again: a match whose datagrams have
 * paths of their own goes on without it.
 */
export class RoomConnection {
  listener: RoomListener = {};
  readonly #place: RoomPlace;
  readonly #makeSocket: WebSocketConstructor | undefined;
  #socket: WebSocketLike | undefined;
  #entered: Extract<ServerSignal, { type: "entered" }> | undefined;
  #invite: string | undefined;
  readonly #present = new Set<number>();
  /** Those who left; who is in neither set may be on the way in. */
  readonly #gone = new Set<number>();
  /** Why there is no connection any more. */
  #ended: { readonly error: EchoNetError; readonly finding: Finding } | undefined;
  #closed = false;
  readonly #changes = new Changes();
  /** How many messages the server sent that are none of this protocol, or came out of turn. */
  unreadable = 0;

  constructor(place: RoomPlace, makeSocket: WebSocketConstructor | undefined) {
    this.#place = place;
    this.#makeSocket = makeSocket;
  }

  /** The room's name, once entered. */
  get room(): string | undefined {
    return this.#entered?.room;
  }

  /** Our own number in the room; 0 before it was entered. */
  get you(): number {
    return this.#entered?.you ?? 0;
  }

  get isHost(): boolean {
    return this.#entered !== undefined && this.#entered.you === this.#entered.host;
  }

  /** The host's number. */
  get host(): number {
    return this.#entered?.host ?? 0;
  }

  /** The host's invite, once it was told. */
  get invite(): string | undefined {
    return this.#invite;
  }

  /** Whether the server hears us. */
  get isUp(): boolean {
    return this.#entered !== undefined && this.#ended === undefined && !this.#closed;
  }

  /** Why there is no connection, where there should be one. */
  get finding(): Finding | undefined {
    return this.#ended?.finding;
  }

  /** Whether a member is in the room, as far as the server told. */
  has(member: number): boolean {
    return this.#present.has(member);
  }

  /** Whether the server passes anything on to a member, as far as it told. */
  reaches(member: number): boolean {
    return this.isUp && !this.#gone.has(member);
  }

  /**
   * Connects and goes into the room. Rejects with `EchoNetError`: NO_ROUTE, ROOM_FULL or INPUT_INVALID by what the
   * server said, or with the signal's reason. Called once.
   */
  async enter(wishes: MatchWishes = {}): Promise<void> {
    wishes.signal?.throwIfAborted();
    this.#connect(entryOf(this.#place, wishes));
    const slow = (): EchoNetError => {
      const error = unreachable(this.#place, `it did not let anybody in for ${ENTER_TIMEOUT_MS / 1000} s`);
      this.#end(error, "signaling-unreachable");
      return error;
    };
    await this.#until(() => this.#entered !== undefined, ENTER_TIMEOUT_MS, slow, wishes.signal);
  }

  /** The host's invite, as soon as it is there. Rejects with `EchoNetError` TIMED_OUT or NO_ROUTE. */
  async waitForInvite(signal: AbortSignal | undefined): Promise<string> {
    const slow = (): EchoNetError =>
      new EchoNetError(
        "TIMED_OUT",
        `room ${this.room} has a host, but it opened no match for ${INVITE_TIMEOUT_MS / 1000} s; try again`,
      );
    await this.#until(() => this.#invite !== undefined, INVITE_TIMEOUT_MS, slow, signal);
    return this.#invite!;
  }

  /** The host's: what joiners need to know. */
  announce(invite: string): void {
    this.#say({ type: "invite", invite });
  }

  /** The host's: nobody may enter any more. */
  shut(): void {
    this.#say({ type: "close" });
  }

  /** Something for one other member. */
  tell(to: number, data: SignalData): void {
    this.#say({ type: "signal", to, data });
  }

  /** A datagram by way of the server: sent, or dropped because others still wait, or impossible. */
  relay(to: number, datagram: Uint8Array): "sent" | "stale" | "impossible" {
    if (!this.reaches(to) || datagram.length === 0) return "impossible";
    if (this.#socket!.bufferedAmount > RELAY_BUFFERED_BYTES) return "stale";
    const frame = new Uint8Array(RELAY_HEADER_BYTES + datagram.length);
    frame[0] = to;
    frame.set(datagram, RELAY_HEADER_BYTES);
    this.#socket!.send(frame);
    return "sent";
  }

  /** Leaves the room. Again: nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket?.close();
    this.#changes.tell();
  }

  #connect(entry: string): void {
    if (this.#makeSocket === undefined) {
      const hint =
        "This environment has no WebSocket: update the browser, or install the package ws beside echo-net.";
      throw this.#end(new EchoNetError("NO_ROUTE", hint), "signaling-unreachable");
    }
    try {
      this.#socket = new this.#makeSocket(this.#place.url, SIGNALING_PROTOCOL);
    } catch (error) {
      // A page that came over https may not open ws:, for one.
      throw this.#end(unreachable(this.#place, String(error)), "signaling-unreachable");
    }
    const socket = this.#socket;
    let trouble = "";
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (!this.#closed) socket.send(entry);
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#hear(data);
    socket.onerror = ({ message }: { readonly message?: unknown }) => {
      if (typeof message === "string") trouble = message;
    };
    socket.onclose = () => {
      if (this.#entered === undefined) this.#end(unreachable(this.#place, trouble), "signaling-unreachable");
      else {
        const hint = `The connection to ${this.#place.url} broke: who has no direct path cannot be reached.`;
        this.#end(new EchoNetError("NO_ROUTE", hint), "signaling-lost");
      }
    };
  }

  #say(signal: object): void {
    if (this.isUp) this.#socket!.send(JSON.stringify(signal));
  }

  #hear(data: unknown): void {
    if (this.#closed || this.#ended !== undefined) return;
    if (data instanceof ArrayBuffer) {
      const relayed = readRelayed(new Uint8Array(data));
      if (relayed === undefined || this.#entered === undefined) this.unreadable++;
      else this.listener.datagram?.(relayed.from, relayed.datagram);
      return;
    }
    const signal = typeof data === "string" ? readServerSignal(data) : undefined;
    const isEntry = signal?.type === "entered";
    if (signal === undefined || (signal.type !== "refused" && isEntry === (this.#entered !== undefined))) {
      this.unreadable++;
      return;
    }
    this.#heard(signal);
    this.#changes.tell();
  }

  #heard(signal: ServerSignal): void {
    switch (signal.type) {
      case "entered":
        this.#entered = signal;
        this.#invite = signal.invite;
        for (const member of signal.members) this.#present.add(member);
        this.listener.entered?.(signal.members);
        break;
      case "came":
        this.#present.add(signal.member);
        this.listener.came?.(signal.member);
        break;
      case "went":
        this.#present.delete(signal.member);
        this.#gone.add(signal.member);
        this.listener.went?.(signal.member);
        if (signal.member === this.host && this.#invite === undefined) this.#hostWent();
        break;
      case "invite":
        this.#invite ??= signal.invite;
        break;
      case "signal":
        this.listener.signal?.(signal.from, signal.data);
        break;
      case "refused":
        this.#refused(signal.code, signal.hint);
        break;
    }
  }

  #hostWent(): void {
    const error = new EchoNetError(
      "NO_ROUTE",
      `the host of room ${this.room} left before its match was open`,
    );
    this.#end(error, "room-refused");
  }

  #refused(code: SignalRefusal, hint: string): void {
    const reason = this.#entered === undefined ? "room-refused" : "signaling-lost";
    this.#end(new EchoNetError(CODE_OF_REFUSAL[code], hint), reason);
  }

  /** Ends the connection for a reason; the first one counts. */
  #end(error: EchoNetError, reason: Finding["reason"]): EchoNetError {
    if (this.#ended !== undefined || this.#closed) return error;
    this.#ended = { error, finding: { reason, hint: error.hint } };
    this.#socket?.close();
    this.#present.clear();
    if (this.#entered !== undefined) this.listener.lost?.();
    this.#changes.tell();
    return error;
  }

  #until(
    isSo: () => boolean,
    timeoutMs: number,
    slow: () => EchoNetError,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const check = (): boolean => {
      if (isSo()) return true;
      if (this.#ended !== undefined) throw this.#ended.error;
      if (this.#closed) throw new EchoNetError("NO_ROUTE", "the transport was closed before it was open");
      return false;
    };
    return this.#changes.until(check, timeoutMs, slow, signal);
  }
}

const CODE_OF_REFUSAL: Readonly<Record<SignalRefusal, EchoNetErrorCode>> = {
  malformed: "INPUT_INVALID",
  "room-full": "ROOM_FULL",
  "room-closed": "ROOM_FULL",
  "host-gone": "NO_ROUTE",
  "too-many-rooms": "NO_ROUTE",
  "too-many-connections": "NO_ROUTE",
  "too-fast": "NO_ROUTE",
  silent: "TIMED_OUT",
  "shutting-down": "NO_ROUTE",
};

function unreachable({ url }: RoomPlace, detail: string): EchoNetError {
  const why = detail === "" ? "" : ` (${detail})`;
  return new EchoNetError(
    "NO_ROUTE",
    `No signaling server could be reached at ${url}${why}: is it running there, and does it let this page in?`,
  );
}
