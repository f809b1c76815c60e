/** A game of mistakes: a handler that throws, and an event that cannot be sent. */
import { defineGame, event, t } from "echo-net";

export default defineGame({
  name: "failing",
  version: "1",
  events: { move: event({ by: t.u8 }, { predict: "repeat" }), far: event({ by: t.u8 }) },
  setup: () => ({ total: 0 }),
  on: {
    move: (_, evt) => {
      if (evt.chronos > 5) throw new Error("no such place");
    },
  },
  input: (_: unknown, emit, _state, slot) => {
    emit("move", { by: 1 });
    if (slot === 1) emit("far", { by: 1000 });
  },
});
