/** A game that computes a root with an operator, beside powers that come out the same everywhere. */
import { defineGame, event, t } from "echo-net";

export default defineGame({
  name: "power",
  version: "1",
  events: { push: event({ by: t.u8 }) },
  setup: () => ({ at: 2, wide: 2n }),
  step: (state, ctx) => {
    state.at = 2 ** 31 - (ctx.chronos % 10) ** 3;
    state.wide = state.wide ** 2n % 1000n;
    if (ctx.chronos === 7) state.at **= 0.5;
  },
  input: (_: unknown, emit) => emit("push", { by: 1 }),
});
