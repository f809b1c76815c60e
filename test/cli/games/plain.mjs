import { defineGame, event, t } from "echo-net";

/** A game in JavaScript. */
export default defineGame({
  name: "plain",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ total: 0 }),
  on: {
    push: (state, { payload }) => {
      state.total += payload.by;
    },
  },
  input: (_, emit) => emit("push", { by: 1 }),
});
