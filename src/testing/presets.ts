/** How one direction of a network treats datagrams. Directions decide independently of each other. */
export interface NetSpec {
  /** Mean time from sending to arrival, one way. 0 to 60,000. */
  readonly latencyMs: number;
  /**
   * Each datagram's own delay is uniform on [latencyMs − jitterMs, latencyMs + jitterMs] and never negative;
   * where that spans more than the gap between two datagrams, they overtake each other. 0 to 60,000.
   */
  readonly jitterMs: number;
  /** Share of datagrams that never arrive, 0 to 1. */
  readonly loss: number;
  /**
   * Mean number of datagrams lost in a row, 1 to 1,000. At 1 each is lost on its own; above it losses come from a
   * Gilbert–Elliott chain: a bad state that loses everything, and a good one that loses nothing.
   */
  readonly burst: number;
  /** Share of datagrams that arrive twice, the copy after a delay of its own. 0 to 1. */
  readonly duplicate: number;
  /** Share of datagrams held back by up to `HOLD_BACK_MS` more, so that later ones overtake them. 0 to 1. */
  readonly reorder: number;
  /** What passes, in kbit/s with 28 bytes of IP and UDP header each; past a bounded queue the rest is dropped. */
  readonly rateKbps: number | null;
}

/** A network that loses, delays and changes nothing: what every other network is an edit of. */
export const PERFECT_NET: NetSpec = {
  latencyMs: 0,
  jitterMs: 0,
  loss: 0,
  burst: 1,
  duplicate: 0,
  reorder: 0,
  rateKbps: null,
};

/** Networks by name. All figures hold for each direction; latency and jitter are one way. */
export const NET_PRESETS: Readonly<Record<string, NetSpec>> = {
  perfect: PERFECT_NET,
  lan: { ...PERFECT_NET, latencyMs: 1 },
  wifi: { ...PERFECT_NET, latencyMs: 20, jitterMs: 5, loss: 0.01 },
  good: { ...PERFECT_NET, latencyMs: 50, jitterMs: 10 },
  lossy: { ...PERFECT_NET, latencyMs: 50, jitterMs: 10, loss: 0.1 },
  mobile: { ...PERFECT_NET, latencyMs: 100, jitterMs: 30, loss: 0.2 },
};
