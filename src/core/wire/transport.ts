/** Where a datagram goes to or came from, as its transport spells it: `udp:127.0.0.1:7777`, `memory:3`. */
export type Address = string;

export interface Received {
  readonly from: Address;
  /** Valid until the next call of `receive()`; whoever keeps it copies it. */
  readonly datagram: Uint8Array;
}

/** Moves datagrams; may lose, repeat, reorder. One conformance suite certifies every implementation. */
export interface Transport {
  /** Longest datagram that `send` takes, in bytes. */
  readonly mtu: number;
  /** True where the transport itself encrypts and authenticates end to end. */
  readonly secure: boolean;
  /** How others reach this end, best first. */
  readonly addresses: readonly Address[];
  /** Hands one datagram over. Copies it before it returns; never throws for a bad or closed destination. */
  send(to: Address, datagram: Uint8Array): void;
  /** Everything that has arrived since the last call, in order of arrival. */
  receive(): Iterable<Received>;
  /** Lets go of what it holds. What is sent from then on is counted as refused, and nothing arrives any more. */
  close(): void;
}
