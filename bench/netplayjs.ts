/** netplayjs, wired up as its own rollback wrapper does it, with the MessagePack that its connections send. */
import type { Contender, Match } from "./contender.js";
import { cellCount, press } from "./game.js";
import { decode, encode, NetplayInput, NetplayPlayer, NetplayState, RollbackNetcode } from "./libraries.js";
import { BenchNetwork, type End } from "./network.js";
import { type Inputs, TICK_MS, WINDOW_TICKS, type Work } from "./work.js";

class Pad extends NetplayInput {
  bytes: readonly number[] = [];
}

class State extends NetplayState {
  cells: number[];
  readonly #players: readonly NetplayPlayer[];
  readonly #ran: () => void;

  constructor(players: readonly NetplayPlayer[], ran: () => void) {
    super();
    this.cells = new Array<number>(cellCount(players.length)).fill(0);
    this.#players = players;
    this.#ran = ran;
  }

  override tick(inputs: ReadonlyMap<NetplayPlayer, Pad>): void {
    for (let player = 0; player < this.#players.length; player++) {
      const { bytes } = inputs.get(this.#players[player]!)!;
      if (bytes.length > 0) press(this.cells, player, bytes);
    }
    this.#ran();
  }
}

type Message =
  | { readonly type: "input"; readonly frame: number; readonly input: unknown }
  | { readonly type: "state"; readonly frame: number; readonly state: unknown };

class Peer {
  ran = 0;
  stalledTicks = 0;
  readonly netcode: RollbackNetcode<State, Pad>;
  readonly #end: End<Uint8Array>;
  readonly #remote: NetplayPlayer;

  constructor(number: number, { players: count }: Work, end: End<Uint8Array>, inputs: Inputs) {
    const players = Array.from(
      { length: count },
      (_, player) => new NetplayPlayer(player, player === number, player === 0),
    );
    const other = 1 - number;
    this.#end = end;
    this.#remote = players[other]!;
    const state = new State(players, () => {
      this.ran++;
    });
    const send = (message: Message): void => {
      const bytes = encode(message);
      end.sendReliably(other, bytes, bytes.length);
    };
    this.netcode = new RollbackNetcode<State, Pad>(
      number === 0,
      state,
      players,
      new Map(players.map((player) => [player, new Pad()])),
      WINDOW_TICKS,
      undefined,
      TICK_MS,
      () => {
        const pad = new Pad();
        pad.bytes = inputs.listAt(number, this.netcode.currentFrame() + 1);
        return pad;
      },
      (frame, input) => send({ type: "input", frame, input: input.serialize() }),
      number === 0 ? (frame, synced) => send({ type: "state", frame, state: synced }) : undefined,
    );
  }

  frame(): void {
    for (const { datagram } of this.#end.receive()) {
      const message = decode(datagram) as Message;
      if (message.type === "state") {
        this.netcode.onStateSync(message.frame, message.state);
      } else {
        const pad = new Pad();
        pad.deserialize(message.input);
        this.netcode.onRemoteInput(message.frame, this.#remote, pad);
      }
    }
    const before = this.netcode.currentFrame();
    this.netcode.tick();
    if (this.netcode.currentFrame() === before) this.stalledTicks++;
  }
}

export const netplayjs: Contender = {
  name: "netplayjs 0.4.1",
  maxPlayers: 2,
  open: async (work: Work, inputs: Inputs): Promise<Match> => {
    const network = new BenchNetwork<Uint8Array>(work.seed);
    const ends = Array.from({ length: work.players }, () => network.open());
    const peers = ends.map((end, number) => new Peer(number, work, end, inputs));
    const sum = (pick: (peer: Peer) => number): number =>
      peers.reduce((total, peer) => total + pick(peer), 0);
    const newTicks = (): number => sum((peer) => peer.netcode.currentFrame());
    return {
      network,
      frame: (peer) => peers[peer]!.frame(),
      counts: () => ({
        ticks: newTicks(),
        resimulatedTicks: sum((peer) => peer.ran) - newTicks(),
        stalledTicks: sum((peer) => peer.stalledTicks),
      }),
      settled: (peer) => {
        const { frame, state } = peers[peer]!.netcode.history[0]!;
        return { tick: frame, cells: (state as { readonly cells: readonly number[] }).cells };
      },
    };
  },
};
