import type { Dice } from "./dice.js";

/** What a drawn network has to respect. */
export interface NetBounds {
  /** Every datagram takes two hops, each with the network's dice. */
  readonly relayed: boolean;
  readonly peers: number;
  readonly latencyMsMax: number;
  /** Also draws a rate, now and then. */
  readonly rated: boolean;
}

/** One way latencies, in milliseconds. */
const LATENCIES: readonly (readonly [number, number])[] = [
  [0, 5],
  [5, 40],
  [5, 40],
  [40, 100],
  [40, 100],
  [100, 180],
];
const LOSSES: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 0.05],
  [0.05, 0.2],
  [0.2, 0.3],
];

/** A network at random, spelled as `simulate --net` reads it: anything from a cable to the worst that must do. */
export function drawNet(dice: Dice, { relayed, peers, latencyMsMax, rated }: NetBounds): string {
  const [low, high] = dice.pick(LATENCIES);
  const latency = Math.min(latencyMsMax, dice.whole(low, high)) * (relayed ? 0.5 : 1);
  const loss = dice.between(...dice.pick(LOSSES));
  const perHop = relayed ? 1 - Math.sqrt(1 - loss) : loss;
  const pairs: [string, number][] = [
    ["latency", Math.round(latency)],
    ["jitter", Math.round(latency * dice.between(0, 0.8))],
    ["loss", Math.round(1000 * perHop) / 1000],
    ["burst", loss > 0 && dice.chance(0.4) ? dice.whole(2, 8) : 1],
    ["duplicate", dice.chance(0.5) ? dice.between(0, 0.3) : 0],
    ["reorder", dice.chance(0.5) ? dice.between(0, 0.3) : 0],
  ];
  // A relay's members send everybody's datagrams the same way.
  const rate = dice.whole(60, 300) * (relayed ? peers - 1 : 1);
  if (rated && dice.chance(0.2)) pairs.push(["rate", rate]);
  const text = pairs
    .filter(([key, value]) => value !== (key === "burst" ? 1 : 0))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  return text === "" ? "perfect" : text;
}
