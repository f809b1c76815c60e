/** @tboyt/telegraph, with the JSON that its PeerJS connections put on the wire. */
import type { Contender, Match } from "./contender.js";
import { cellCount, press } from "./game.js";
import { PlayerType, Telegraph } from "./libraries.js";
import { BenchNetwork, type End } from "./network.js";
import { type Inputs, TICK_MS, type Work } from "./work.js";

interface State {
  readonly tick: number;
  readonly cells: readonly number[];
}

type Message = { readonly sequenceNumber: number };

/** How long its peers take to meet on a perfect network, and more. */
const MEETING_FRAMES = 120;

class Peer {
  running = false;
  resimulatedTicks = 0;
  stalledTicks = 0;
  tick = 0;
  readonly #cells: number[];
  readonly #players: number;
  readonly #number: number;
  readonly #end: End<string>;
  readonly #inputs: Inputs;
  readonly #telegraph: Telegraph<State>;
  readonly #handle: number;
  #newestSequence = -1;
  #received: (message: Message) => void = () => {};

  constructor(number: number, { players }: Work, end: End<string>, inputs: Inputs) {
    this.#number = number;
    this.#players = players;
    this.#end = end;
    this.#inputs = inputs;
    this.#cells = new Array<number>(cellCount(players)).fill(0);
    const other = 1 - number;
    const connection = {
      peer: `peer ${other}`,
      on: (event: string, handler: (message: Message) => void): void => {
        if (event === "data") this.#received = handler;
      },
      send: (message: Message): void => {
        const text = JSON.stringify(message);
        end.send(other, text, text.length);
      },
    };
    this.#telegraph = new Telegraph<State>({
      peer: { connections: { [connection.peer]: [connection] }, on: () => {} },
      numPlayers: players,
      disconnectTimeout: 0,
      disconnectNotifyStart: 0,
      callbacks: {
        onSaveState: () => ({ state: { tick: this.tick, cells: this.#cells.slice() }, checksum: null }),
        onLoadState: (state) => this.#load(state),
        onAdvanceFrame: () => {
          this.resimulatedTicks++;
          this.#advance();
        },
        onEvent: ({ type }) => {
          if (type === "running") this.running = true;
        },
      },
    });
    const handles = Array.from({ length: players }, (_, player) =>
      this.#telegraph.addPlayer(
        player === number
          ? { type: PlayerType.local, playerNumber: player + 1 }
          : { type: PlayerType.remote, playerNumber: player + 1, remote: { peerId: connection.peer } },
      ),
    );
    this.#handle = handles[number]!.value!;
  }

  #load(state: State): void {
    this.tick = state.tick;
    for (let i = 0; i < this.#cells.length; i++) this.#cells[i] = state.cells[i]!;
  }

  #advance(): boolean {
    const { value } = this.#telegraph.syncInput();
    if (value === null) return false;
    for (let player = 0; player < this.#players; player++) {
      const bytes = value.inputs[player]!;
      if (bytes.length > 0) press(this.#cells, player, bytes);
    }
    this.tick++;
    this.#telegraph.advanceFrame();
    return true;
  }

  frame(): void {
    for (const { datagram } of this.#end.receive()) {
      const message = JSON.parse(datagram) as Message;
      // It throws on a message that was overtaken.
      if (message.sequenceNumber <= this.#newestSequence) continue;
      this.#newestSequence = message.sequenceNumber;
      this.#received(message);
    }
    const { code } = this.#telegraph.addLocalInput(
      this.#handle,
      this.#inputs.listAt(this.#number, this.tick + 1),
    );
    if (code !== "ok" || !this.#advance()) this.stalledTicks++;
    this.#telegraph.afterTick();
  }

  settled(): State {
    const { frameCount, lastConfirmedFrame, savedStates } = this.#telegraph.session.sync;
    const frame = Math.min(frameCount, lastConfirmedFrame + 1);
    const saved = savedStates.frames.find((candidate) => candidate?.frame === frame);
    if (saved === undefined) throw new Error(`telegraph: no state of frame ${frame}`);
    return saved.state;
  }
}

const quiet = (): void => {};

/** Runs its code with the network's clock and without its log, of which it writes two lines a rollback. */
function inVirtualTime(network: BenchNetwork<string>, code: () => void): void {
  const { log } = console;
  const { now } = performance;
  console.log = quiet;
  performance.now = () => network.nowMs;
  try {
    code();
  } finally {
    console.log = log;
    performance.now = now;
  }
}

export const telegraph: Contender = {
  name: "@tboyt/telegraph 0.0.3",
  maxPlayers: 2,
  open: async (work: Work, inputs: Inputs): Promise<Match> => {
    const network = new BenchNetwork<string>(work.seed);
    network.nowMs = TICK_MS;
    const ends = Array.from({ length: work.players }, () => network.open());
    let peers: Peer[] = [];
    inVirtualTime(network, () => {
      peers = ends.map((end, number) => new Peer(number, work, end, inputs));
    });
    const frame = (peer: number): void => inVirtualTime(network, () => peers[peer]!.frame());
    for (let frames = 0; frames < MEETING_FRAMES; frames++) {
      network.nowMs += TICK_MS;
      for (let peer = 0; peer < peers.length; peer++) frame(peer);
    }
    if (!peers.every((peer) => peer.running)) throw new Error("telegraph: the peers did not meet");
    const sum = (pick: (peer: Peer) => number): number =>
      peers.reduce((total, peer) => total + pick(peer), 0);
    return {
      network,
      frame,
      counts: () => ({
        ticks: sum((peer) => peer.tick),
        resimulatedTicks: sum((peer) => peer.resimulatedTicks),
        stalledTicks: sum((peer) => peer.stalledTicks),
      }),
      settled: (peer) => peers[peer]!.settled(),
    };
  },
};
