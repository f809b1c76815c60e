import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { ServerSignal } from "../transports/signaling.js";
import type { AddressShare } from "./addresses.js";
import { RelayAllowance, type RelayVerdict, TextAllowance } from "./allowance.js";
import { MAX_STALE_BYTES, MAX_STALE_MESSAGES, MAX_WAITING_BYTES, MAX_WAITING_MESSAGES } from "./limits.js";

/** What became of a datagram on its way out. */
export type Relayed = "sent" | "stale";

const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** One WebSocket of an end: what may be sent to it, and what it may send. */
export class Connection {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly share: AddressShare;
  readonly openedAtMs: number;
  readonly #texts: TextAllowance;
  readonly #relay: RelayAllowance;
  /** Whether it was told that it ends: nothing more is heard of it or said to it. */
  ended = false;
  /** Whether anything was heard since it was last asked. */
  alive = true;
  /** Messages that were handed over and not yet written. */
  #unwritten = 0;
  readonly #written = (): void => {
    this.#unwritten--;
  };

  constructor(webSocket: WebSocket, socket: Socket, share: AddressShare, nowMs: number) {
    this.webSocket = webSocket;
    this.socket = socket;
    this.share = share;
    this.openedAtMs = nowMs;
    this.#texts = new TextAllowance(nowMs);
    this.#relay = new RelayAllowance(1, nowMs);
  }

  /** Whether a text message of so many bytes may be taken. */
  mayText(bytes: number, nowMs: number): boolean {
    return this.#texts.spend(bytes, nowMs);
  }

  /** What to do with a datagram of so many bytes. */
  mayRelay(bytes: number, nowMs: number): RelayVerdict {
    const verdict = this.#relay.spend(bytes, nowMs);
    if (verdict !== "pass") return verdict;
    // Others at the address may have used it up: no reason to end this one.
    return this.share.relay.spend(bytes, nowMs) === "pass" ? "pass" : "drop";
  }

  /** Says something. An end that has not taken what was said before it is gone. */
  say(signal: ServerSignal): void {
    if (this.ended) return;
    if (this.#waitsFor(MAX_WAITING_BYTES, MAX_WAITING_MESSAGES)) {
      this.drop();
      return;
    }
    this.#unwritten++;
    this.webSocket.send(JSON.stringify(signal), this.#written);
    if (signal.type !== "refused") return;
    this.ended = true;
    this.webSocket.close(signal.code === "shutting-down" ? GOING_AWAY : POLICY_VIOLATION, signal.code);
  }

  /** Passes a datagram on, the byte for its sender already before it. One that would have to wait is dropped. */
  relay(frame: Uint8Array): Relayed {
    if (this.ended || this.#waitsFor(MAX_STALE_BYTES, MAX_STALE_MESSAGES)) return "stale";
    this.#unwritten++;
    // A copy, since the frame lies in all that was read of its sender at once, which would wait along with it.
    this.webSocket.send(new Uint8Array(frame), { binary: true }, this.#written);
    return "sent";
  }

  /** Whether more than so much waits for the receiver. A message of one byte takes as much memory as one of 300. */
  #waitsFor(bytes: number, messages: number): boolean {
    const { bufferedAmount } = this.webSocket;
    // Where nothing waits, what was written at once is not told to be until later.
    return bufferedAmount > bytes || (bufferedAmount > 0 && this.#unwritten > messages);
  }

  /** Ends it without a word. */
  drop(): void {
    this.ended = true;
    this.webSocket.terminate();
  }

  /** Asks whether it is still there; drops it where it has not answered the last time. */
  ping(): void {
    if (this.ended) return;
    if (!this.alive) {
      this.drop();
      return;
    }
    this.alive = false;
    this.webSocket.ping();
  }
}
