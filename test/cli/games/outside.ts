import { defineGame, event, t } from "echo-net";

let pushes = 0;

/** Counts outside its state: a rollback counts again. */
export default defineGame({
  name: "outside",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: () => ({ seen: 0 }),
  on: {
    push: (state) => {
      pushes++;
      state.seen = pushes;
    },
  },
  input: (_: unknown, emit) => emit("push", { by: 1 }),
});
