import type { Mode } from "../../src/core/guard/identity.js";
import type { Temper } from "../games/medley.js";
import type { Incident } from "./incident.js";

/**
 * Everything that makes a seeded match, as plain data: a scenario that failed is kept as a test by writing it down.
 * Networks are spelled as `simulate --net` reads them; peers are numbered as in the roster.
 */
export interface Scenario {
  /** What the dice of network, clocks, keys and bots come from. */
  readonly seed: number;
  readonly ticks: number;
  readonly tickHz: number;
  /** Whether the game predicts by itself. */
  readonly guesses: boolean;
  readonly slotsPerPeer: readonly number[];
  readonly mode: Mode;
  readonly topology: "p2p" | "client-server";
  readonly windowTicks: number;
  readonly inputDelayTicks: number | "auto";
  readonly hashEveryTicks: number;
  readonly eventsPerTick: number;
  readonly net: string;
  readonly directions: readonly { readonly from: number; readonly to: number; readonly net: string }[];
  readonly frameMs: number;
  readonly frameJitter: number;
  readonly clockDrift: number;
  readonly lostMs: number;
  readonly temper: Temper;
  /** By time. */
  readonly incidents: readonly Incident[];
}

/** What a scenario is about, for the name of a test. */
export function titleOf(scenario: Scenario): string {
  const { mode, windowTicks, topology, slotsPerPeer, net, directions, incidents, tickHz, guesses } = scenario;
  const words = [
    mode === "rollback" ? `rollback of ${windowTicks}` : mode,
    ...(topology === "p2p" ? [] : ["relayed"]),
    `slots ${slotsPerPeer.join("+")}`,
    net,
    ...(directions.length === 0 ? [] : ["asymmetric"]),
    ...(tickHz === 60 ? [] : [`${tickHz} Hz`]),
    ...(guesses ? ["guesses"] : []),
    ...new Set(incidents.map(kindOf)),
  ];
  return words.join(", ");
}

function kindOf(incident: Incident): string {
  const lasts = incident.type === "partition" && incident.forMs === undefined;
  return lasts ? "lasting partition" : incident.type;
}
