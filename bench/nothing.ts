/** The harness by itself: its cost is subtracted from everyone's. */
import type { Contender, Match } from "./contender.js";
import { addressOf, BenchNetwork, BenchTransport } from "./network.js";
import type { Inputs, Work } from "./work.js";

/** About as long as the datagrams of those who are measured. */
const DATAGRAM_BYTES = 64;

/** Peers that send one datagram a tick to each other peer, and look at what arrives. */
export const nothing: Contender = {
  name: "nothing",
  maxPlayers: 8,
  open: async (work: Work, inputs: Inputs): Promise<Match> => {
    const network = new BenchNetwork<Uint8Array>(work.seed);
    const ends = Array.from({ length: work.players }, () => new BenchTransport(network.open()));
    const others = ends.map((_, peer) =>
      ends.map((_, other) => addressOf(other)).filter((_, at) => at !== peer),
    );
    const datagram = new Uint8Array(DATAGRAM_BYTES);
    let frames = 0;
    return {
      network,
      frame(peer: number): void {
        const tick = Math.floor(frames++ / work.players) + 1;
        datagram.set(inputs.at(peer, tick));
        const end = ends[peer]!;
        for (const received of end.receive()) datagram[9] = received.datagram[0]!;
        for (const other of others[peer]!) end.send(other, datagram);
      },
      counts: () => ({ ticks: frames, resimulatedTicks: 0, stalledTicks: 0 }),
      settled: () => undefined,
    };
  },
};
