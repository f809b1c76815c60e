import { defineGame, event, t } from "echo-net";

/** The smallest game that has input, chance and state. */
export default defineGame({
  name: "counter",
  version: "1",
  events: { push: event({ by: t.u8 }, { predict: "repeat" }) },
  setup: ({ slots }) => ({ totals: slots.map(() => 0), last: 0 }),
  on: {
    push: (state, { slot, payload }) => {
      state.totals[slot]! += payload.by;
      state.last = payload.by;
    },
  },
  input: (device: { readonly by: number } | undefined, emit, _, __, ctx) => {
    emit("push", { by: device?.by ?? ctx.random.int(10) });
  },
});

export const draw = (state: { readonly totals: readonly number[] }): string =>
  `totals ${state.totals.join(" ")}`;
