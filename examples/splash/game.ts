/**
 * Splash: water balloons on a grid, for 2 to 8 players. It has a rule of every kind that is hard to keep alike at
 * every peer: players want the same cell in the same tick, or swap cells; balloons set each other off; fuses, water
 * and shields run out; pickups lie where chance wants; two hands reach for one pickup.
 */
import { defineGame, event, t } from "echo-net";
import type { Heading } from "./board.js";
import { type Memory, newMemory, planFor } from "./bot.js";
import { movePlayers, slideBalloons } from "./moving.js";
import { canDive, canTake, dive, take } from "./pickups.js";
import { dealRound, endRound, rainCrates, returnPlayers } from "./rounds.js";
import * as rules from "./state.js";
import { burst, dropBalloon, dryUp, lightFuses, soakPlayers } from "./water.js";

export { draw } from "./draw.js";

/** What a keyboard says; a player without one is played by the bot. */
export interface Keys {
  readonly heading?: Heading;
  readonly drop?: boolean;
  readonly take?: boolean;
  readonly cheer?: string;
}

/** What the keyboard says in `echo-net dev`. */
export const device = (held: ReadonlySet<string>): Keys => ({
  heading: (["up", "right", "down", "left"] as const).find((way) => held.has(way)) ?? "stay",
  drop: held.has("fire"),
});

const claimsPickup = (_: unknown, payload: { pickup: number }): string[] => [`pickup/${payload.pickup}`];

export default defineGame({
  name: "splash",
  version: "1",
  tickHz: rules.TICK_HZ,

  events: {
    /** A sample of the stick for one tick. Whoever sends none in a tick stands still in it. */
    steer: event(
      { heading: t.oneOf("stay", "up", "right", "down", "left"), tick: t.tick },
      { predict: "repeat" },
    ),
    drop: event({}),
    /** Two players may reach for one pickup in one tick: one of them gets it, and a dive beats a hand. */
    take: event({ pickup: t.u32 }, { reads: claimsPickup, writes: claimsPickup, aionWeight: 1 }),
    dive: event({ pickup: t.u32 }, { reads: claimsPickup, writes: claimsPickup, aionWeight: 2 }),
    cheer: event({ word: t.text(24) }),
    /** Only the simulation itself says this, one tick after a fuse ran out or water came. */
    burst: event({ balloon: t.u32 }),
  },
  effects: {
    burst: { cell: t.u8, reach: t.u8 },
    soaked: { slot: t.u8, by: t.u8 },
    taken: { slot: t.u8, kind: t.oneOf(...rules.PICKUPS) },
    bump: { slot: t.u8 },
    won: { slot: t.u8, round: t.u32 },
  },

  setup: ({ slots, random }) => {
    const state = rules.newState(slots.length);
    dealRound(state, random);
    return state;
  },

  on: {
    steer: (state, { slot, payload, chronos }) => {
      if (payload.tick !== chronos) return;
      const player = state.players[slot]!;
      player.heading = payload.heading;
      player.steeredAt = chronos;
    },
    drop: (state, { slot, chronos }) => {
      dropBalloon(state, state.players[slot]!, chronos);
    },
    take: (state, { slot, payload, chronos }, ctx) => {
      const player = state.players[slot]!;
      const pickup = state.pickups.find(({ id }) => id === payload.pickup);
      if (pickup === undefined || !canTake(player, pickup, chronos)) return;
      take(state, player, pickup);
      ctx.effect("taken", `${pickup.id}`, { slot, kind: pickup.kind });
    },
    dive: (state, { slot, payload, chronos }, ctx) => {
      const player = state.players[slot]!;
      const pickup = state.pickups.find(({ id }) => id === payload.pickup);
      if (pickup === undefined || !canDive(state.board, player, pickup, chronos)) return;
      dive(state, player, pickup, chronos);
      ctx.effect("taken", `${pickup.id}`, { slot, kind: pickup.kind });
    },
    cheer: (state, { slot, payload, chronos }) => {
      const player = state.players[slot]!;
      player.word = payload.word;
      player.wordUntil = chronos + rules.CHEER_TICKS;
    },
    burst: (state, { author, payload, chronos }, ctx) => {
      if (author !== "simulation") return;
      const balloon = state.balloons.find(({ id }) => id === payload.balloon);
      if (balloon === undefined) return;
      for (const { id } of burst(state, balloon, chronos, ctx.random)) ctx.emit("burst", { balloon: id });
      ctx.effect("burst", `${balloon.id}`, { cell: balloon.cell, reach: balloon.reach });
    },
  },

  step: (state, ctx) => {
    state.tick = ctx.chronos;
    if (state.nextRoundAt === state.tick) dealRound(state, ctx.random);
    for (const { slot } of movePlayers(state)) ctx.effect("bump", { slot });
    slideBalloons(state);
    for (const { id } of lightFuses(state)) ctx.emit("burst", { balloon: id });
    for (const { player, by, balloon } of soakPlayers(state)) {
      ctx.effect("soaked", `${balloon}/${player.slot}`, { slot: player.slot, by: by.slot });
    }
    dryUp(state);
    returnPlayers(state, ctx.random);
    rainCrates(state, ctx.random);
    for (const { slot } of endRound(state))
      ctx.effect("won", `${state.round}/${slot}`, { slot, round: state.round });
  },

  input: (keys: Keys | undefined, emit, state, slot, ctx) => {
    const player = state.players[slot]!;
    if (keys === undefined) {
      ctx.local.memory ??= newMemory();
      const plan = planFor(state, player, ctx.local.memory as Memory, ctx.random);
      emit("steer", { heading: plan.heading });
      if (plan.drop) emit("drop", {});
      if (plan.take !== undefined) emit("take", { pickup: plan.take.id });
      if (plan.dive !== undefined) emit("dive", { pickup: plan.dive.id });
      if (plan.cheer !== undefined) emit("cheer", { word: plan.cheer });
      return;
    }
    emit("steer", { heading: keys.heading ?? "stay" });
    if (keys.drop) emit("drop", {});
    const near = keys.take && state.pickups.find((pickup) => canTake(player, pickup, state.tick));
    if (near) emit("take", { pickup: near.id });
    if (keys.cheer !== undefined) emit("cheer", { word: keys.cheer });
  },
});
