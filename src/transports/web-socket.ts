import { nodePackage } from "./node-package.js";
import { CLOSE_TIMEOUT_MS } from "./room-limits.js";
import { MAX_SIGNAL_TEXT_BYTES } from "./signaling.js";

/** What is used of a WebSocket: a browser's own, Node's, or that of the package `ws`. */
export interface WebSocketLike {
  binaryType: string;
  /** Bytes that were handed over and wait to be sent. */
  readonly bufferedAmount: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike;

type NodeConstructor = new (url: string, protocol: string, options: object) => WebSocketLike;

/**
 * The package `ws` in Node, since it bounds what a server may send, and for how long it may keep who leaves; the
 * platform's own elsewhere, where it has one.
 */
export function platformWebSocket(): WebSocketConstructor | undefined {
  const { WebSocket: Bounded } = (nodePackage("ws") ?? {}) as { readonly WebSocket?: NodeConstructor };
  if (Bounded === undefined) return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  return class extends Bounded {
    constructor(url: string, protocol: string) {
      const [maxPayload, closeTimeout] = [MAX_SIGNAL_TEXT_BYTES, CLOSE_TIMEOUT_MS];
      super(url, protocol, { perMessageDeflate: false, maxPayload, closeTimeout });
    }
  };
}
