import { defineGame, event, t } from "echo-net";

/** What a player's keys say: -1, 0 or 1 each way, and whether to dash. */
export interface Keys {
  x: number;
  y: number;
  fire: boolean;
}

export const WIDTH = 480;
export const HEIGHT = 360;
export const RADIUS = 12;
const COINS = 5;

// Every player's machine runs this code on the same events in the same order, and so holds the same state. What it
// does may depend on the state, the event and `ctx` alone: no clock, no Math.random. `npx echo-net check game.ts`
// finds what would make players see different games.
const game = defineGame({
  name: "coins",
  version: "1",
  tickHz: 60,

  // Events are all that crosses the network.
  events: {
    // Sent in every tick, and expected to stay as it was until something else is heard.
    steer: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
    // Sent now and then.
    dash: event({}),
  },
  // What is shown or heard for a moment. It is predicted, and taken back where the prediction was wrong.
  effects: { coin: { x: t.f64, y: t.f64, slot: t.u8 } },

  setup: ({ slots, random }) => ({
    players: slots.map((slot) => ({
      x: (WIDTH * (slot + 1)) / (slots.length + 1),
      y: HEIGHT / 2,
      vx: 0,
      vy: 0,
      score: 0,
      dashAt: -1000,
    })),
    coins: Array.from({ length: COINS }, () => ({ x: random.int(WIDTH), y: random.int(HEIGHT) })),
  }),

  on: {
    // Others' events come as they wrote them: what is allowed is decided here, at every player alike.
    steer: (state, evt) => {
      const player = state.players[evt.slot]!;
      player.vx = (player.vx + 0.4 * Math.sign(evt.payload.x)) * 0.92;
      player.vy = (player.vy + 0.4 * Math.sign(evt.payload.y)) * 0.92;
    },
    dash: (state, evt) => {
      const player = state.players[evt.slot]!;
      if (evt.chronos - player.dashAt < 60) return;
      player.dashAt = evt.chronos;
      player.vx *= 3;
      player.vy *= 3;
    },
  },

  // Once a tick, after its events.
  step: (state, ctx) => {
    state.players.forEach((player, slot) => {
      player.x = Math.min(WIDTH - RADIUS, Math.max(RADIUS, player.x + player.vx));
      player.y = Math.min(HEIGHT - RADIUS, Math.max(RADIUS, player.y + player.vy));
      for (const coin of state.coins) {
        if (Math.abs(coin.x - player.x) > 2 * RADIUS || Math.abs(coin.y - player.y) > 2 * RADIUS) continue;
        player.score++;
        ctx.effect("coin", { x: coin.x, y: coin.y, slot });
        coin.x = ctx.random.int(WIDTH);
        coin.y = ctx.random.int(HEIGHT);
      }
    });
  },

  // At this player's own machine alone: what the keys mean as events. Without keys, as in tests, a bot plays.
  input: (keys: Keys | undefined, emit, state, slot, ctx) => {
    const player = state.players[slot]!;
    const goal = state.coins[slot % COINS]!;
    const { x, y, fire } = keys ?? {
      x: Math.sign(Math.round((goal.x - player.x) / RADIUS)),
      y: Math.sign(Math.round((goal.y - player.y) / RADIUS)),
      fire: ctx.random.int(90) === 0,
    };
    emit("steer", { x, y });
    if (fire) emit("dash", {});
  },
});

export default game;
