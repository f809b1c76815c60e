/** Echo Net as a user has it: `defineGame`, `joinMatch`, `update`. */
import { type DefinedGame, defineGame, event, joinMatch, t } from "echo-net";
import type { Contender, Match } from "./contender.js";
import { type Cells, cellCount, press } from "./game.js";
import { BenchNetwork, BenchTransport } from "./network.js";
import { INPUT_BYTES, type Inputs, WINDOW_TICKS, type Work } from "./work.js";

interface State {
  readonly cells: Cells;
}

type BenchGame = DefinedGame<any, any, State, Inputs>;

function makeGame(
  name: string,
  cellsFor: (players: number, i32: (length: number) => Int32Array) => Cells,
): BenchGame {
  return defineGame({
    name,
    version: "1",
    tickHz: 60,
    events: { pad: event({ bytes: t.bytes(INPUT_BYTES) }, { predict: "repeat" }) },
    setup: ({ slots, arena }): State => ({ cells: cellsFor(slots.length, (length) => arena.i32(length)) }),
    on: {
      pad: (state, evt) => press(state.cells, evt.slot, evt.payload.bytes),
    },
    input: (inputs: Inputs, emit, _state, slot, ctx) => emit("pad", { bytes: inputs.at(slot, ctx.chronos) }),
  });
}

/** State in typed views of one block of memory. */
const arenaGame: BenchGame = makeGame("bench", (players, i32) => i32(cellCount(players)));
/** State as a plain array. */
const plainGame: BenchGame = makeGame("bench-plain", (players) =>
  new Array<number>(cellCount(players)).fill(0),
);

async function open(game: BenchGame, { seed, players }: Work, inputs: Inputs): Promise<Match> {
  const network = new BenchNetwork<Uint8Array>(seed);
  const transports = Array.from({ length: players }, () => new BenchTransport(network.open()));
  const options = { players, windowTicks: WINDOW_TICKS, inputDelayTicks: 0 };
  let invited: (word: string) => void = () => {};
  const invite = new Promise<string>((resolve) => {
    invited = resolve;
  });
  const sessions = await Promise.all(
    transports.map(async (transport, peer) =>
      joinMatch(game, {
        ...options,
        transport:
          peer === 0
            ? { role: "host", open: async () => transport, announce: (word) => invited(word) }
            : { role: "join", invite: await invite, open: async () => transport },
      }),
    ),
  );
  sessions.sort((a, b) => a.slot - b.slot);
  network.nowMs = performance.now();
  return {
    network,
    frame(peer: number): void {
      const session = sessions[peer]!;
      session.setInput(inputs);
      for (const output of session.update(network.nowMs)) {
        if (output.type === "desync" || output.type === "ended") throw new Error(`Echo Net: ${output.type}`);
      }
    },
    counts() {
      let ticks = 0;
      let resimulatedTicks = 0;
      let stalledTicks = 0;
      for (const session of sessions) {
        const stats = session.stats();
        ticks += stats.tick;
        resimulatedTicks += stats.resimulatedTicks;
        stalledTicks += stats.stalledTicks;
      }
      return { ticks, resimulatedTicks, stalledTicks };
    },
    settled(peer: number) {
      const session = sessions[peer]!;
      return { tick: session.stats().finalTick, cells: [...session.view().final.cells] };
    },
  };
}

export const echoNet: Contender = {
  name: "echo-net",
  maxPlayers: 8,
  open: (work, inputs) => open(arenaGame, work, inputs),
};

export const echoNetPlain: Contender = {
  name: "echo-net, plain state",
  maxPlayers: 8,
  open: (work, inputs) => open(plainGame, work, inputs),
};
