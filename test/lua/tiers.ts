import { loadLuaGame } from "../../src/lua/index.js";
import { ATTACKS, attacked } from "./attacks.js";
import { Solo } from "./solo.js";
import { SUSPECTS } from "./suspects.js";

/** How an attack ends: what was told, what was used, and the states of the ticks after it. */
export interface Ending {
  readonly faults: readonly string[];
  readonly fuel: number;
  readonly bytes: number;
  /** The most that were in use in the tick of the attack, in what was then undone too. */
  readonly mostBytes: number;
  readonly hashes: readonly string[];
}

export interface TierReport {
  /** Hashes of the whole memory, every 100 ticks. */
  readonly suspects: readonly string[];
  readonly attacks: Readonly<Record<string, Ending>>;
}

const HIT_EVERY = 3;
const ROLL_BACK_EVERY = 50;
const HASH_EVERY = 100;

/** Runs the suspects, with a wrong guess that is rolled back every 50 ticks where `isRolledBack`. */
export async function suspectHashes(
  ticks: number,
  glue?: Uint8Array,
  isRolledBack = true,
): Promise<string[]> {
  const solo = new Solo(await loadLuaGame({ "suspects.lua": SUSPECTS }, glue && { glue }), 2);
  const hashes: string[] = [];
  const next = (): void => {
    const tick = solo.tick + 1;
    solo.run(1, tick % HIT_EVERY === 0 ? [solo.event("hit", { by: tick }, tick % 2)] : []);
    solo.forget(tick - ROLL_BACK_EVERY);
  };
  while (solo.tick < ticks) {
    if (isRolledBack && solo.tick > 0 && solo.tick % ROLL_BACK_EVERY === 0) {
      const fork = solo.tick;
      for (let guess = 1; guess <= 6; guess++)
        solo.run(1, [solo.event("hit", { by: 1000 + guess }, guess % 2)]);
      solo.back(fork);
    }
    next();
    if (solo.tick % HASH_EVERY === 0) hashes.push(solo.hash);
  }
  return hashes;
}

export function endingOf(solo: Solo): Ending {
  solo.run(3);
  solo.run(1, [solo.event("attack", {}, 1)]);
  const { faults } = solo;
  const { fuelUsed: fuel, mostBytes } = solo.sim;
  const hashes = [solo.hash];
  for (let tick = 0; tick < 3; tick++) hashes.push(solo.run(1).hash);
  return { faults, fuel, mostBytes, bytes: solo.sim.usedBytes, hashes };
}

export async function tierReport(ticks: number, glue?: Uint8Array): Promise<TierReport> {
  const attacks: Record<string, Ending> = {};
  for (const [name, body] of Object.entries(ATTACKS)) {
    attacks[name] = endingOf(new Solo(await loadLuaGame(attacked(body), glue && { glue }), 2));
  }
  return { suspects: await suspectHashes(ticks, glue), attacks };
}
