import { defineGame, event, t } from "echo-net";

/** Reads the machine's clock. */
export default defineGame({
  name: "clock",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ at: 0 }),
  step: (state, ctx) => {
    if (ctx.chronos === 7) state.at = Date.now();
  },
  input: (_: unknown, emit) => emit("push", { by: 1 }),
});
