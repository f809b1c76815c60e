import type { NetSpec } from "./net-spec.js";

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
