/** A game whose tick 7 never comes to an end. */
import { defineGame, event, t } from "echo-net";

export default defineGame({
  name: "endless",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ at: 0 }),
  step: (state, ctx) => {
    while (ctx.chronos === 7) state.at++;
  },
  input: (_: unknown, emit) => emit("push", { by: 1 }),
});
