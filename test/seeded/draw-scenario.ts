import type { Temper } from "../games/medley.js";
import { Dice } from "./dice.js";
import { drawIncidents, type IncidentBounds } from "./draw-incidents.js";
import { drawNet } from "./draw-net.js";
import type { Scenario } from "./scenario.js";

const TICKS = 1_800;

/** The match that a seed stands for. */
export function drawScenario(seed: number): Scenario {
  const dice = new Dice("seeded match", seed);
  const slotsPerPeer = drawSlots(dice);
  const peers = slotsPerPeer.length;
  const mode = dice.chance(0.15) ? "lockstep" : "rollback";
  const relayed = dice.chance(0.2);
  const windowTicks = dice.chance(0.4) ? 8 : dice.whole(1, 15);
  const inputDelayTicks = dice.pick([0, 0, 1, 2, 3, 5, "auto", "auto"] as const);
  const temper = drawTemper(dice);
  const hiddenTicks = mode === "lockstep" ? 0 : windowTicks;
  const delayTicks = inputDelayTicks === "auto" ? 4 : inputDelayTicks;
  const tickHz = dice.chance(0.8) ? 60 : dice.pick([20, 30, 120]);
  const lostMs = dice.pick([4_000, 6_000, 10_000]);
  const bounds: IncidentBounds = {
    relayed,
    peers,
    // Beyond it a match runs at less than half its speed, which shows nothing more and takes its time.
    latencyMsMax: (2 * (hiddenTicks + delayTicks + 2) * 1000) / tickHz,
    rated: temper.parcelBytes < 10_000,
    lengthMs: (0.9 * 1000 * TICKS) / tickHz,
    lostMs,
  };
  const pairs = dice
    .shuffled(
      Array.from({ length: peers * peers }, (_, pair) => ({
        from: Math.floor(pair / peers),
        to: pair % peers,
      })),
    )
    .filter(({ from, to }) => from !== to);
  const directions = pairs.slice(0, dice.chance(0.4) ? dice.whole(1, peers) : 0);
  return {
    seed,
    ticks: TICKS,
    tickHz,
    guesses: dice.chance(0.15),
    slotsPerPeer,
    mode,
    topology: relayed ? "client-server" : "p2p",
    windowTicks,
    inputDelayTicks,
    hashEveryTicks: dice.chance(0.75) ? 1 : dice.pick([2, 3, 7, 60]),
    eventsPerTick: dice.chance(0.15) ? 8 : 64,
    net: drawNet(dice, bounds),
    directions: directions.map((direction) => ({ ...direction, net: drawNet(dice, bounds) })),
    frameMs: dice.chance(0.7) ? 1000 / 60 : dice.pick([1000 / 144, 20, 1000 / 30, 50]),
    frameJitter: dice.pick([0, 0.2, 0.8, 1]),
    clockDrift: dice.pick([0, 0.0005, 0.002, 0.01]),
    lostMs,
    temper,
    incidents: drawIncidents(dice, bounds),
  };
}

/** 2 to 8 players, each at a machine of its own or some of them sharing one. */
function drawSlots(dice: Dice): number[] {
  const slots = dice.whole(2, 8);
  const alone = dice.chance(0.5);
  const perPeer = new Array<number>(alone ? slots : dice.whole(2, slots)).fill(1);
  for (let shared = perPeer.length; shared < slots; shared++) perPeer[dice.whole(0, perPeer.length - 1)]!++;
  return perPeer;
}

function drawTemper(dice: Dice): Temper {
  const posts = dice.chance(0.2);
  return {
    turns: dice.whole(10, 200),
    hops: dice.whole(2, 40),
    takes: dice.whole(2, 60),
    slips: dice.chance(0.5) ? dice.whole(1, 10) : 0,
    parcels: posts ? dice.whole(1, 4) : 0,
    parcelBytes: dice.pick([700, 3_000, 3_000, 12_000, 60_000]),
    bursts: dice.chance(0.15) ? 3 : 0,
  };
}
