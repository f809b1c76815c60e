import type { Game } from "../../src/core/session/simulation.js";
import { defineGame, event, type GameSpec, t } from "../../src/index.js";

/** How a player's bot behaves: chances in a thousand ticks, and the bytes of a parcel. */
export interface Temper {
  readonly turns: number;
  readonly hops: number;
  readonly takes: number;
  readonly slips: number;
  readonly parcels: number;
  readonly parcelBytes: number;
  /** Ticks in which it does more than fits one. */
  readonly bursts: number;
}

interface Walker {
  x: number;
  dx: number;
  lean: number;
  laps: number;
  hops: number;
  purse: number;
}

interface State {
  readonly walkers: Walker[];
  readonly stalls: Map<number, number>;
  sales: number;
  thuds: number;
  ink: number;
}

const GATE = 400;
const STALLS = 5;

const events = {
  steer: event({ dx: t.i8 }, { predict: "repeat" }),
  /** Held for a while and let go: a sample that comes and goes. */
  lean: event({ angle: t.f32, both: t.bool }, { predict: "repeat" }),
  hop: event({ serial: t.u32, at: t.tick }),
  take: event(
    { serial: t.u32, stall: t.u8 },
    { writes: (_, { stall }) => [`stall/${stall}`], aionWeight: 2 },
  ),
  look: event(
    { serial: t.u32, stall: t.u8, note: t.optional(t.text(24)) },
    { reads: (_, { stall }) => [`stall/${stall}`] },
  ),
  /** Its handler throws, in some ticks. */
  slip: event({ serial: t.u32 }),
  parcel: event({ serial: t.u32, body: t.bytes(60_000) }),
  /** Derived, and deriving. */
  thud: event({ slot: t.u8, force: t.u16 }),
};

const effects = { dust: { x: t.i32 }, chime: { stall: t.u8, by: t.u8 }, lap: { slot: t.u8 } };

/** What a silent player will do: mostly wrong, sometimes with events that nobody ever sends, sometimes broken. */
const guess: NonNullable<GameSpec<typeof events, typeof effects, State, Temper>["predict"]> = (
  state,
  slot,
  lastKnown,
  { chronos },
) => {
  const phase = (chronos * 7 + slot * 3) % 20;
  if (phase === 0) throw new Error("no idea");
  if (phase < 10) return undefined;
  const dx = Math.sign(state.walkers[slot]!.dx);
  if (phase < 18) return [{ kind: "steer", payload: { dx } }];
  return [
    ...lastKnown,
    { kind: "take", payload: { serial: 0, stall: chronos % STALLS } },
    { kind: "hop", payload: { serial: 0 } },
  ];
};

/**
 * A game with something of every kind that a netcode has to carry, and a bot for every player. With `guesses` it has
 * a predictor of its own, which is mostly wrong.
 */
export const makeMedley = (tickHz = 60, guesses = false): Game =>
  defineGame({
    name: guesses ? "medley with guesses" : "medley",
    version: "1",
    tickHz,
    events,
    effects,
    setup: ({ slots, random }): State => ({
      walkers: slots.map((): Walker => ({ x: 0, dx: 0, lean: 0, laps: 0, hops: 0, purse: 0 })),
      // Taking a stall away and putting it back moves it to the end, and the order is part of the state.
      stalls: new Map(Array.from({ length: STALLS }, (_, stall) => [stall, random.int(10)])),
      sales: 0,
      thuds: 0,
      ink: 0,
    }),
    on: {
      steer: (state, evt) => {
        state.walkers[evt.slot]!.dx = evt.payload.dx;
      },
      lean: (state, evt) => {
        const walker = state.walkers[evt.slot]!;
        walker.lean = (walker.lean + evt.payload.angle) / (evt.payload.both ? 2 : 4);
      },
      hop: (state, evt, ctx) => {
        const walker = state.walkers[evt.slot]!;
        walker.hops += 1 + ctx.random.int(3);
        ctx.emit("thud", { slot: evt.slot, force: 1 + (evt.payload.serial % 40) });
        ctx.effect("dust", { x: walker.x | 0 });
      },
      take: (state, evt, ctx) => {
        const { stall } = evt.payload;
        const worth = state.stalls.get(stall)!;
        state.walkers[evt.slot]!.purse += worth;
        state.stalls.delete(stall);
        state.stalls.set(stall, 1 + ((worth * 7 + evt.slot) % 23));
        // Told apart by the sale: another line of history may sell the same in another tick, or to somebody else.
        ctx.effect("chime", `${stall}/${state.sales++}`, { stall, by: evt.slot });
      },
      look: (state, evt) => {
        const walker = state.walkers[evt.slot]!;
        walker.purse -= (state.stalls.get(evt.payload.stall)! + (evt.payload.note?.length ?? 0)) % 3;
      },
      slip: (state, evt, ctx) => {
        state.walkers[evt.slot]!.hops += 1000;
        if ((ctx.chronos + evt.slot) % 3 === 0) throw new Error("slipped");
      },
      parcel: (state, evt) => {
        for (const byte of evt.payload.body) state.ink = (Math.imul(state.ink, 31) + byte) | 0;
      },
      thud: (state, evt, ctx) => {
        const { slot, force } = evt.payload;
        state.thuds = (state.thuds * 7 + force * (slot + 1)) % 1_000_003;
        if (force > 8) ctx.emit("thud", { slot, force: force >> 1 });
      },
    },
    step: (state, ctx) => {
      for (const [slot, walker] of state.walkers.entries()) {
        walker.x += walker.dx + Math.fround(walker.lean);
        if (walker.x < (walker.laps + 1) * GATE) continue;
        walker.laps++;
        ctx.effect("lap", `${slot}/${walker.laps}`, { slot });
      }
      if (ctx.chronos % 16 === 0) state.stalls.set(ctx.random.int(STALLS), ctx.random.int(10));
    },
    input: (temper: Temper | undefined, emit, state, slot, ctx) => {
      if (temper === undefined) return;
      const { random, local } = ctx;
      const chance = (perThousand: number): boolean => random.int(1000) < perThousand;
      const serial = (): number => {
        local.serial = (local.serial ?? 0) + 1;
        return local.serial;
      };
      if (chance(temper.turns)) local.dx = random.int(6) - 2;
      if (chance(temper.turns)) local.angle = random.int(3) === 0 ? undefined : random.int(100) / 7;
      emit("steer", { dx: local.dx ?? 0 });
      if (local.angle !== undefined) emit("lean", { angle: local.angle, both: random.int(50) > 0 });
      if (chance(temper.hops)) emit("hop", { serial: serial() });
      if (chance(temper.takes)) emit("take", { serial: serial(), stall: random.int(STALLS) });
      if (chance(temper.takes)) {
        const note = random.int(2) === 0 ? { note: `at ${Math.trunc(state.walkers[slot]!.x)}` } : {};
        emit("look", { serial: serial(), stall: random.int(STALLS), ...note });
      }
      if (chance(temper.slips)) emit("slip", { serial: serial() });
      if (chance(temper.parcels)) {
        const bytes = 1 + random.int(temper.parcelBytes);
        const shade = random.int(256);
        emit("parcel", { serial: serial(), body: new Uint8Array(bytes).map((_, i) => i * shade) });
      }
      if (chance(temper.bursts)) {
        for (let i = 0; i < 24; i++) emit("take", { serial: serial(), stall: random.int(STALLS) });
      }
    },
    ...(guesses ? { predict: guess } : {}),
  });
