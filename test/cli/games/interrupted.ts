/** A game whose tick 7 never comes to an end, and whose user presses ctrl-c then. */
import { defineGame, event, t } from "echo-net";

export default defineGame({
  name: "interrupted",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ at: 0 }),
  step: (state, ctx) => {
    if (ctx.chronos !== 7) return;
    process.kill(process.pid, "SIGINT");
    while (true) state.at++;
  },
  input: (_: unknown, emit) => emit("push", { by: 1 }),
});
