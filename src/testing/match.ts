import { EchoNetError } from "../core/base/errors.js";
import type { Game } from "../core/session/simulation.js";
import type { Address } from "../core/wire/transport.js";
import { diffTrees, type StateDifference } from "../game/state-diff.js";
import { bestCryptoEngine } from "../platform/crypto.js";
import { BrokenInvariant, MatchWatch } from "./invariants.js";
import { TestMatchError } from "./match-error.js";
import { type ResolvedMatchOptions, resolveMatchOptions, type TestMatchOptions } from "./match-options.js";
import type { NetInput } from "./net-spec.js";
import { PeerClock } from "./peer-clock.js";
import { RelayNode } from "./relay-node.js";
import { shownValue } from "./shown-value.js";
import { MEETING_MS_MAX, openLobby } from "./test-lobby.js";
import { TestPeer } from "./test-peer.js";
import { VirtualNetwork } from "./virtual-network.js";

export { TestMatchError } from "./match-error.js";
export type { TestMatchOptions } from "./match-options.js";
export type { TestPeer } from "./test-peer.js";

/** How long `settle` waits at most: longer than it takes to give a silent peer up and to linger. */
const SETTLING_MS_MAX = 30_000;

/**
 * Makes a match of real lobbies and real sessions over an emulated network in virtual time, and lets its peers meet.
 * Equal games and options give equal matches, to the byte. Throws `EchoNetError` INPUT_INVALID for options that make
 * no sense, and what a lobby failed with.
 */
export function createTestMatch(game: Game, options: TestMatchOptions): TestMatch {
  return new TestMatch(game, resolveMatchOptions(game, options));
}

/** Several peers of one match in one process, watched at every tick. Peers are numbered as in the roster. */
export class TestMatch {
  readonly options: ResolvedMatchOptions;
  readonly network: VirtualNetwork;
  readonly peers: readonly TestPeer[];
  /** When the last peer had met the others, in milliseconds of the network's time. */
  readonly metMs: number;
  readonly #watch: MatchWatch;
  readonly #relay: RelayNode | undefined;
  /** A peer that the last `settle` waited for in vain. */
  #stuck: TestPeer | undefined;

  /** For `createTestMatch`. */
  constructor(game: Game, options: ResolvedMatchOptions) {
    this.options = options;
    const { seed, net, topology, slots } = options;
    this.network = new VirtualNetwork(seed, net);
    this.#watch = new MatchWatch(game.catalog, slots.length);
    const ends = slots.map(() => this.network.open());
    this.#relay = topology === "client-server" ? new RelayNode(this.network) : undefined;
    const crypto = bestCryptoEngine();
    let invite: string | undefined;
    const peers = ends.map((end, peer) => {
      const transport = this.#relay?.transportFor(end, peer) ?? end;
      const { lobby, secretKey, invite: ownInvite } = openLobby(options, crypto, transport, peer, invite);
      invite ??= ownInvite;
      const clock = new PeerClock(seed, peer, options);
      return new TestPeer({
        game,
        options,
        crypto,
        secretKey,
        clock,
        transport,
        lobby,
        member: peer,
        watch: this.#watch,
      });
    });
    this.peers = peers;
    this.#run(MEETING_MS_MAX, () => peers.every((peer) => peer.start !== undefined));
    if (peers.some((peer) => peer.start === undefined)) {
      throw this.#error(`the peers did not meet within ${MEETING_MS_MAX / 1000} s`);
    }
    this.metMs = this.network.nowMs;
    this.peers = peers.sort((a, b) => a.number - b.number);
  }

  /** Length of one tick. */
  get tickMs(): number {
    return 1000 / this.options.manifest.tickHz;
  }

  /** Lets time pass for `ticks` more ticks. Throws `TestMatchError` where an invariant breaks. */
  runTicks(ticks: number): void {
    this.#run(ticks * this.tickMs, () => false);
  }

  /**
   * Lets time pass until the match has ended at every peer that still plays. Gives up after 60 times its length, as
   * for a partition that nobody heals. For matches with a last tick.
   */
  runToEnd(): void {
    const ticks = this.options.manifest.ticks ?? 0;
    this.#run(60 * ticks * this.tickMs + SETTLING_MS_MAX, () =>
      this.#playing.every((peer) => peer.session.done),
    );
  }

  /** From now on nothing passes between the two groups of peers, until `heal` or `settle`. */
  partition(a: readonly number[], b: readonly number[]): void {
    if (this.#relay === undefined) {
      this.network.emulator.partition(a.map(this.#addressOf), b.map(this.#addressOf));
    } else {
      const memberOf = (peer: number): number => this.#peer(peer).member;
      this.#relay.partition(a.map(memberOf), b.map(memberOf));
    }
  }

  /** Ends all partitions. */
  heal(): void {
    this.network.emulator.heal();
    this.#relay?.heal();
  }

  /** Changes the network of all directions that have none of their own. */
  setNet(net: NetInput): void {
    this.network.emulator.setNet(net);
  }

  /**
   * Gives the direction from one peer to another a network of its own. Where a relay stands between them, the way to
   * the relay gets it; what comes back on another's way is not changed.
   */
  setDirection(from: number, to: number, net: NetInput): void {
    const next = this.#relay?.address ?? this.#addressOf(to);
    this.network.emulator.setDirection(this.#addressOf(from), next, net);
  }

  /** From now on, at this peer: 0 to 30 ticks, or `auto`. */
  setInputDelay(peer: number, delayTicks: number | "auto"): void {
    this.#peer(peer).setInputDelay(delayTicks);
  }

  /** Stops a peer in the middle of everything: it neither sends nor receives any more. */
  silence(peer: number): void {
    this.#peer(peer).silent = true;
  }

  /**
   * Makes the network perfect and lets time pass until every peer that still plays has ended, or calls final what
   * the furthest of them had simulated. Where that does not come about, they do not agree.
   */
  settle(): void {
    this.heal();
    this.network.emulator.clearDirections();
    this.network.emulator.setNet("perfect");
    const target = Math.max(...this.#playing.map((peer) => peer.tick));
    this.#run(SETTLING_MS_MAX, () => this.#playing.every((peer) => hasSettled(peer, target)));
    this.#stuck = this.#playing.find((peer) => !hasSettled(peer, target));
  }

  /** What keeps this match from being agreed, or undefined where nothing does. */
  get disagreement(): TestMatchError | undefined {
    const { difference } = this.#watch;
    if (difference !== undefined) {
      const { chronos, peers, what } = difference;
      const place = this.#placeOf(chronos, peers);
      const where =
        place === undefined
          ? ""
          : `, at ${place.path}: ${shownValue(place.left)} and ${shownValue(place.right)}`;
      const kind = what === "state" ? "states" : "histories";
      const text = `the ${kind} of peers ${peers.join(" and ")} differ at tick ${chronos}${where}`;
      return this.#error(text, chronos, place?.path);
    }
    const faulty = this.peers.find((peer) => peer.outputs("desync") > 0);
    if (faulty !== undefined) return this.#error(`peer ${faulty.number} reports a desync`);
    const lost = this.#watch.lostOrDoubled();
    if (lost !== undefined) return this.#error(lost);
    if (this.#stuck !== undefined) {
      const { number, tick, finalTick } = this.#stuck;
      return this.#error(`peer ${number} did not settle: final tick ${finalTick}, simulated tick ${tick}`);
    }
    const ended = this.#playing.filter((peer) => peer.ended !== undefined);
    const apart = ended.find((peer) => peer.ended!.chronos !== ended[0]!.ended!.chronos);
    if (apart !== undefined) {
      const [a, b] = [ended[0]!, apart].map((peer) => `peer ${peer.number} at tick ${peer.ended!.chronos}`);
      return this.#error(`the match ended for ${a}, for ${b}`);
    }
    const { ticks } = this.options.manifest;
    if (ticks === null || ended.some((peer) => peer.ended!.reason !== "finished")) return undefined;
    const short = this.#playing.find((peer) => peer.ended === undefined || peer.finalTick !== ticks);
    return short && this.#error(`peer ${short.number} ended at tick ${short.finalTick} of ${ticks}`);
  }

  /** True where no two peers differ, nothing was lost or doubled, and all have reached the same end. */
  get agreed(): boolean {
    return this.disagreement === undefined;
  }

  /** Throws `TestMatchError`, with tick, state path, seed and the command that repeats it, unless all agree. */
  assertAgreed(): void {
    const { disagreement } = this;
    if (disagreement !== undefined) throw disagreement;
  }

  get #playing(): readonly TestPeer[] {
    return this.peers.filter((peer) => !peer.silent);
  }

  #peer(number: number): TestPeer {
    const peer = this.peers[number];
    if (peer === undefined)
      throw new EchoNetError("INPUT_INVALID", `There is no peer ${number} in this match.`);
    return peer;
  }

  /** On the virtual network, whether or not a relay stands in between. */
  readonly #addressOf = (peer: number): Address => `memory:${this.#peer(peer).member}`;

  /** Runs frames until `enough`, at most for so long. */
  #run(lengthMs: number, enough: () => boolean): void {
    const untilMs = this.network.nowMs + lengthMs;
    while (!enough()) {
      let next = this.peers[0]!;
      for (const peer of this.peers) if (peer.clock.nextFrameMs < next.clock.nextFrameMs) next = peer;
      const frameMs = next.clock.nextFrameMs;
      if (frameMs > untilMs) {
        this.#deliverUntil(untilMs);
        return;
      }
      this.#deliverUntil(frameMs);
      next.clock.advance();
      try {
        next.frame(frameMs);
      } catch (error) {
        if (!(error instanceof BrokenInvariant)) throw error;
        throw this.#error(error.message, error.chronos, undefined, error);
      }
    }
  }

  #deliverUntil(ms: number): void {
    const { emulator } = this.network;
    if (this.#relay !== undefined) {
      // The relay passes datagrams on when they arrive, not when some peer has a frame.
      while ((emulator.nextWakeMs ?? Number.POSITIVE_INFINITY) <= ms) {
        this.network.advanceTo(emulator.nextWakeMs!);
        this.#relay.forward();
      }
    }
    this.network.advanceTo(ms);
  }

  #placeOf(chronos: number, peers: readonly number[]): StateDifference | undefined {
    const [left, right] = peers.map((peer) => this.peers[peer]!.desyncStates.get(chronos));
    return left === undefined || right === undefined ? undefined : diffTrees(left, right, 1)[0];
  }

  #error(what: string, chronos?: number, path?: string, cause?: unknown): TestMatchError {
    return new TestMatchError(what, this.options.seed, this.options.repeat, chronos, path, cause);
  }
}

const hasSettled = (peer: TestPeer, target: number): boolean =>
  peer.session.done || (peer.ended === undefined && peer.finalTick >= target);
