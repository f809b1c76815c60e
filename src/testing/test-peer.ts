import { asSlot, type Slot } from "../core/base/brand.js";
import { invariant } from "../core/base/invariant.js";
import type { Value } from "../core/base/value.js";
import type { CryptoEngine } from "../core/envelope/signature.js";
import type { Lobby, MatchStart } from "../core/guard/lobby.js";
import type { LineSink } from "../core/journal/sink.js";
import { TraceWriter } from "../core/journal/trace-writer.js";
import { JournalWriter } from "../core/journal/writer.js";
import type { Output } from "../core/session/outputs.js";
import type { FinalTickSink, TraceSink } from "../core/session/records.js";
import { Session } from "../core/session/session.js";
import type { Game, Remark } from "../core/session/simulation.js";
import type { SessionStats } from "../core/session/stats.js";
import type { Transport } from "../core/wire/transport.js";
import { brokenBound } from "./bounds.js";
import { BrokenInvariant, type MatchWatch } from "./invariants.js";
import { trapLanguage } from "./language-traps.js";
import type { ResolvedMatchOptions } from "./match-options.js";
import type { PeerClock } from "./peer-clock.js";
import { type SimulationCounts, TestSimulation } from "./test-simulation.js";

/** Lines kept in memory. */
class KeptLines implements LineSink {
  readonly #lines: string[] = [];

  line(text: string): void {
    this.#lines.push(text);
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

/** What a peer is made of before it meets the others. */
export interface TestPeerParts {
  readonly game: Game;
  readonly options: ResolvedMatchOptions;
  readonly crypto: CryptoEngine;
  readonly secretKey: Uint8Array;
  readonly clock: PeerClock;
  readonly transport: Transport;
  readonly lobby: Lobby;
  /** In which order the peer came to the network. */
  readonly member: number;
  readonly watch: MatchWatch;
}

/** One peer of a test match: a lobby until the match starts, a session from then on. */
export class TestPeer {
  readonly clock: PeerClock;
  readonly transport: Transport;
  /** In which order the peer came to the network; its number in the roster can be another. */
  readonly member: number;
  readonly #parts: TestPeerParts;
  readonly #lobby: Lobby;
  #start: MatchStart | undefined;
  #session: Session | undefined;
  #simulation: TestSimulation | undefined;
  readonly #journal = new KeptLines();
  readonly #trace = new KeptLines();
  readonly #outputCounts = new Map<string, number>();
  #localMs = 0;
  /** States that the session showed for ticks at which it differed from another peer. */
  readonly desyncStates: Map<number, Value> = new Map();
  /** The tick in which the match ended here, with the reason. */
  ended: Extract<Output, { type: "ended" }> | undefined;
  /** True once the peer has been made to stop in the middle of everything. */
  silent = false;

  constructor(parts: TestPeerParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.transport = parts.transport;
    this.member = parts.member;
    this.#lobby = parts.lobby;
  }

  /** What the handshake ended in, once it has. */
  get start(): MatchStart | undefined {
    return this.#start;
  }

  /** What the peer signs with, 32 bytes: for tests that forge what it could have said. */
  get secretKey(): Uint8Array {
    return this.#parts.secretKey;
  }

  /** The peer's number in the roster. */
  get number(): number {
    return this.#start!.localPeer;
  }

  /** The real thing, for whatever the test match does not offer. */
  get session(): Session {
    invariant(this.#session !== undefined, "the match has started");
    return this.#session;
  }

  /** The first of the peer's slots. */
  get slot(): Slot {
    return this.session.slot;
  }

  get slots(): readonly Slot[] {
    return this.session.localSlots;
  }

  get stats(): SessionStats {
    return this.session.stats();
  }

  /** The newest tick that was simulated. */
  get tick(): number {
    return this.stats.tick;
  }

  get finalTick(): number {
    return this.session.final.chronos;
  }

  /** State hash of the newest final tick; undefined where the hash interval leaves it out. */
  get finalHash(): string | undefined {
    return this.session.final.stateHash;
  }

  get rollbacks(): number {
    return this.stats.rollbacks;
  }

  /** Ticks of the deepest rollback. */
  get maxRollback(): number {
    return this.stats.deepestRollbackTicks;
  }

  get resimulatedTicks(): number {
    return this.stats.resimulatedTicks;
  }

  get stalledTicks(): number {
    return this.stats.stalledTicks;
  }

  /** What in the newest state looks like a slip of the game's author, in words, as a check tells it. */
  get remarks(): readonly Remark[] {
    return this.#simulation!.remarks();
  }

  /** How often the session asked its simulation for what. */
  get simulationCounts(): Readonly<SimulationCounts> {
    return this.#simulation!.counts;
  }

  /** The canonical journal so far; empty unless the match keeps them. */
  get journal(): string {
    return this.#journal.text;
  }

  /** The trace so far; empty unless the match keeps them. */
  get trace(): string {
    return this.#trace.text;
  }

  /** How many outputs of a type the session has put out: `rollback`, `effect`, `stall` … */
  outputs(type: Output["type"]): number {
    return this.#outputCounts.get(type) ?? 0;
  }

  /** Sends an event as one of the peer's players. */
  emit(kind: string, payload: unknown, slot: Slot = this.slot): void {
    this.session.emit(kind, payload, slot);
  }

  /** 0 to 30 ticks, or `auto`. */
  setInputDelay(delayTicks: number | "auto"): void {
    this.session.setInputDelay(delayTicks);
  }

  /** Announces that this peer leaves; all end at the tick that it names. */
  leave(): void {
    this.session.leave();
  }

  /**
   * One frame: of the lobby until the match starts, of the session from then on. Throws what the lobby failed with,
   * and `BrokenInvariant`.
   */
  frame(networkMs: number): void {
    if (this.silent) return;
    this.#localMs = this.clock.localMs(networkMs);
    if (this.#session === undefined) this.#meet();
    else this.#update(this.#session);
  }

  #meet(): void {
    for (const received of this.transport.receive()) this.#lobby.handle(received, this.#localMs);
    const state = this.#lobby.update(this.#localMs);
    if (state.type === "failed") throw state.error;
    if (state.type === "waiting") return;
    this.#start = state.start;
    this.#session = this.#play(state.start);
  }

  #play(start: MatchStart): Session {
    const { watch } = this.#parts;
    const { game, options, crypto, secretKey } = this.#parts;
    const { input, corrupt, guarded, inputDelayTicks, silence, onLogs, traceDatagrams = false } = options;
    const slots = start.identity.roster[start.localPeer]!.slots;
    const corrupted = corrupt !== undefined && slots.includes(asSlot(corrupt.slot));
    trapLanguage();
    this.#simulation = new TestSimulation(game.createSimulation({ guarded }), {
      input,
      corruptTick: corrupted ? corrupt.tick : undefined,
      emitted: (slot, chronos, requests) => watch.authored(slot, chronos, requests),
    });
    return new Session({
      game,
      start,
      transport: this.transport,
      crypto,
      secretKey,
      inputDelayTicks,
      simulation: this.#simulation,
      journal: this.#journalTee(start, watch),
      trace: this.#traceTee(start, slots),
      traceDatagrams,
      ...(onLogs === undefined ? {} : { logged: (chronos, logs) => onLogs(this.number, chronos, logs) }),
      ...(silence === undefined ? {} : { silence }),
      stranger: (received) => this.#lobby.handle(received, this.#localMs),
    });
  }

  #update(session: Session): void {
    for (const output of session.update(this.#localMs)) {
      this.#outputCounts.set(output.type, this.outputs(output.type) + 1);
      if (output.type === "ended") this.ended = output;
      this.#parts.watch.output(this.number, output);
      this.#parts.options.onOutput?.(this.number, output);
    }
    this.#parts.watch.updated(this.number);
    const { stats } = this;
    const broken = brokenBound(stats, this.#start!.peers.length);
    if (broken !== undefined) throw new BrokenInvariant(this.number, stats.tick, broken);
  }

  #journalTee(start: MatchStart, watch: MatchWatch): FinalTickSink {
    const { journal = false } = this.#parts.options;
    const sink = typeof journal === "function" ? journal(start.localPeer) : this.#journal;
    const writer = journal === false ? undefined : new JournalWriter(sink, start.identity, this.#parts.game);
    return {
      tick: (final) => {
        watch.recorded(start.localPeer, final);
        writer?.tick(final);
      },
      end: () => writer?.end(),
    };
  }

  #traceTee(start: MatchStart, slots: readonly Slot[]): TraceSink {
    const { trace = false } = this.#parts.options;
    const sink = typeof trace === "function" ? trace(start.localPeer) : this.#trace;
    const writer = trace === false ? undefined : new TraceWriter(sink, start.identity, slots);
    return {
      record: (type, fields) => {
        const { chronos, state } = fields;
        if (type === "state" && typeof chronos === "number") this.desyncStates.set(chronos, state as Value);
        writer?.record(type, fields);
      },
    };
  }
}
