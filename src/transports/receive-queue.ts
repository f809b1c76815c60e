import type { Received } from "../core/wire/transport.js";

/** Datagrams that may wait to be taken; past it the newest are dropped, as a socket's own buffer would. */
export const RECEIVE_QUEUE_DATAGRAMS = 2048;
/** Bytes that may wait to be taken. */
export const RECEIVE_QUEUE_BYTES = 1_048_576;

/** What one end of a transport did, in datagrams. */
export interface TransportCounts {
  readonly sent: number;
  readonly received: number;
  /** Longer than the transport's `mtu`, or sent after `close`. */
  readonly refused: number;
  /** Arrived while the receive queue was full. */
  readonly dropped: number;
  /** That the system would not send: no route, nobody listening, an address it cannot read. */
  readonly failed: number;
}

const NOTHING: readonly Received[] = [];

/** Holds what has arrived until someone asks for it, within a bound. */
export class ReceiveQueue {
  #waiting: Received[] = [];
  #bytes = 0;
  received = 0;
  dropped = 0;

  /** `received.datagram` must not change any more. */
  push(received: Received): void {
    const bytes = this.#bytes + received.datagram.length;
    if (this.#waiting.length >= RECEIVE_QUEUE_DATAGRAMS || bytes > RECEIVE_QUEUE_BYTES) {
      this.dropped++;
      return;
    }
    this.received++;
    this.#bytes = bytes;
    this.#waiting.push(received);
  }

  /** Everything that waits, in order of arrival; the queue is empty afterwards. */
  take(): readonly Received[] {
    if (this.#waiting.length === 0) return NOTHING;
    const taken = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return taken;
  }
}
