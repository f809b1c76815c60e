import { defineGame, event, t } from "echo-net";

const pushers = new Set<number>();

/** Keeps a Set outside its state and walks it: its order is that in which slots were first seen. */
export default defineGame({
  name: "outside-set",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: ({ slots }) => ({ order: slots.map(() => -1) }),
  on: {
    push: (state, { slot }) => {
      pushers.add(slot);
      let place = 0;
      for (const pusher of pushers) state.order[place++] = pusher;
    },
  },
  input: (_: unknown, emit, __, slot, ctx) => {
    if (ctx.chronos > 5 + slot) emit("push", { by: 1 });
  },
});
