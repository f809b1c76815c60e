import { defineGame, event, t } from "../../src/index.js";

/** What a pad shows: 0 is at rest. */
export interface Pad {
  readonly x: number;
  readonly jump?: boolean;
}

interface Player {
  x: number;
  jumps: number;
  trail: number;
}

/** The smallest game with everything: a sample, a one-shot event, a claim, an effect, chance and a derived event. */
export const pads = defineGame({
  name: "pads",
  version: "1",
  events: {
    hold: event({ x: t.i8 }, { predict: "repeat" }),
    jump: event({ at: t.tick }),
    take: event({ coin: t.u8 }, { writes: (_, { coin }) => [`coin/${coin}`], aionWeight: 1 }),
    echo: event({ from: t.u8 }),
  },
  effects: { ding: { coin: t.u8 } },
  setup: ({ slots }) => ({
    players: slots.map((): Player => ({ x: 0, jumps: 0, trail: 0 })),
    coins: [0, 0, 0, 0],
    drawn: 0,
    echoes: 0,
  }),
  on: {
    hold: (state, evt) => {
      const player = state.players[evt.slot]!;
      player.x += evt.payload.x;
      player.trail = (Math.imul(player.trail, 31) + evt.payload.x) | 0;
    },
    jump: (state, evt, ctx) => {
      state.players[evt.slot]!.jumps += 1 + ctx.random.int(3);
      ctx.emit("echo", { from: evt.slot });
    },
    take: (state, evt, ctx) => {
      const coin = evt.payload.coin % state.coins.length;
      state.coins[coin]! += evt.slot + 1;
      ctx.effect("ding", evt.envelopeHash, { coin });
    },
    echo: (state, evt) => {
      state.echoes = (state.echoes * 7 + evt.payload.from) % 1_000_003;
    },
  },
  step: (state, ctx) => {
    if (ctx.chronos % 16 === 0) state.drawn = ctx.random.int(1000);
  },
  input: (pad: Pad | undefined, emit) => {
    emit("hold", { x: pad?.x ?? 0 });
    if (pad?.jump === true) emit("jump", {});
  },
});

/** A pad that moves now and then, without any chance but its own arithmetic. */
export const restless = (slot: number, chronos: number): Pad => {
  const phase = (Math.imul(chronos >> 3, 2654435761) ^ Math.imul(slot + 1, 40503)) >>> 0;
  return { x: (phase % 7) - 3, jump: chronos % 53 === slot };
};

/** A pad that is never touched. */
export const still = (): Pad => ({ x: 0 });
