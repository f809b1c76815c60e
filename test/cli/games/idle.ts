/** A game that waits for a device. */
import { defineGame, event, t } from "echo-net";

export default defineGame({
  name: "idle",
  version: "1",
  events: { move: event({ by: t.u8 }) },
  setup: () => ({ total: 0 }),
  input: (device: { readonly by: number } | undefined, emit) => {
    if (device !== undefined) emit("move", device);
  },
});
