import { MAX_DATAGRAM_BYTES } from "../core/wire/limits.js";
import type { Address, Received, Transport } from "../core/wire/transport.js";
import type { Finding } from "./findings.js";
import { ReceiveQueue, type TransportCounts } from "./receive-queue.js";
import type { RoomConnection, RoomListener } from "./room-connection.js";
import { memberAddress, memberOf } from "./signaling.js";

/** What became of a datagram that was to be sent; `unsure`: it was, by a way that may lead nowhere. */
export type Sent = "sent" | "unsure" | "stale" | "impossible";

/** Takes a datagram that came from a member; its bytes are the taker's. */
export type Deliver = (from: number, datagram: Uint8Array) => void;

/** Ways to members that do not go through the server. */
export interface DirectPaths {
  readonly listener: Omit<RoomListener, "datagram">;
  /** Whether there is a way to a member, or one may yet open. */
  mayReach(member: number): boolean;
  send(member: number, datagram: Uint8Array): Sent;
  findings(): readonly Finding[];
  close(): void;
}

/** What an end in a room did, in datagrams. */
export interface RoomCounts extends TransportCounts {
  /** Of those sent: by way of the server. */
  readonly relayed: number;
  /** Not sent, because what was sent before still waited: what waits longer is worth nothing. */
  readonly stale: number;
  /** Messages of the server, of any kind, that are none of its protocol or came out of turn. */
  readonly unreadable: number;
}

/**
 * Datagrams between the members of a room, each by its direct path while that is open and by the server otherwise.
 * Members are `room:0`, `room:1` and so on, whichever way they are reached. The server sees who is there and what it
 * relays, so nothing is taken for secure: datagrams keep their tags.
 */
export class RoomTransport implements Transport {
  readonly mtu: number = MAX_DATAGRAM_BYTES;
  readonly secure = false;
  readonly #room: RoomConnection;
  readonly #paths: DirectPaths | undefined;
  readonly #queue = new ReceiveQueue();
  #closed = false;
  #isLeaving = false;
  #sent = 0;
  #relayed = 0;
  #stale = 0;
  #refused = 0;
  #failed = 0;

  /** Takes a connection that has not yet entered its room. */
  constructor(room: RoomConnection, pathsOf?: (deliver: Deliver) => DirectPaths) {
    this.#room = room;
    const datagram = (from: number, bytes: Uint8Array): void => this.#arrived(from, bytes);
    this.#paths = pathsOf?.(datagram);
    room.listener = { ...this.#paths?.listener, datagram };
  }

  get addresses(): readonly Address[] {
    return [memberAddress(this.#room.you)];
  }

  get counts(): RoomCounts {
    const { received, dropped } = this.#queue;
    return {
      sent: this.#sent,
      received,
      refused: this.#refused,
      dropped,
      failed: this.#failed,
      relayed: this.#relayed,
      stale: this.#stale,
      unreadable: this.#room.unreadable,
    };
  }

  send(to: Address, datagram: Uint8Array): void {
    if (this.#closed || datagram.length > this.mtu || datagram.length === 0) {
      this.#refused++;
      return;
    }
    const member = memberOf(to);
    if (member === undefined) {
      this.#failed++;
      return;
    }
    const direct = this.#paths?.send(member, datagram) ?? "impossible";
    const goesRound = direct === "impossible" || direct === "unsure" || this.#isLeaving;
    const round = goesRound ? this.#room.relay(member, datagram) : "impossible";
    if (direct === "sent" || direct === "unsure" || round === "sent") this.#sent++;
    else if (direct === "stale" || round === "stale") this.#stale++;
    else this.#failed++;
    if (round === "sent") this.#relayed++;
  }

  /** Whether a datagram to a member may still arrive, now or later. */
  mayReach(member: number): boolean {
    return this.#room.reaches(member) || this.#paths?.mayReach(member) === true;
  }

  /** From now on datagrams go by the server, too: what a page has given its data channels as it closes may be lost. */
  leaving(): void {
    this.#isLeaving = true;
  }

  receive(): Iterable<Received> {
    return this.#queue.take();
  }

  /** Why this end does not reach everybody, or not directly; empty where nothing is wrong. */
  diagnose(): readonly Finding[] {
    const { finding } = this.#room;
    return [...(finding === undefined ? [] : [finding]), ...(this.#paths?.findings() ?? [])];
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.take();
    this.#paths?.close();
    this.#room.close();
  }

  #arrived(from: number, datagram: Uint8Array): void {
    if (!this.#closed) this.#queue.push({ from: memberAddress(from), datagram });
  }
}
