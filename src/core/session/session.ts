import { admissionRulesOf } from "../admit/admission.js";
import { asSlot, type ChronosTick, chronosTick, type Hash, type Slot } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import { tickRulesOf } from "../bridge/order.js";
import type { TickContent } from "../envelope/content.js";
import { bytesOfHash, type MatchIdentity } from "../guard/identity.js";
import type { Transport } from "../wire/transport.js";
import { Confirmation } from "./confirmation.js";
import { EffectTracker } from "./effects.js";
import { type End, LastTick } from "./ending.js";
import { FinalHistory } from "./final-history.js";
import { Finalizer } from "./finalizer.js";
import { checkedDelay, InputDelay } from "./input-delay.js";
import { LocalInput } from "./local-input.js";
import { MatchEnd } from "./match-end.js";
import { OutputQueue } from "./output-queue.js";
import type { Output } from "./outputs.js";
import { Recorder } from "./recorder.js";
import { Replicator } from "./replicator.js";
import { Sampler } from "./sampler.js";
import type { SessionOptions } from "./session-options.js";
import { logsTo, SessionTrace } from "./session-trace.js";
import { DEFAULT_SILENCE, Silence } from "./silence.js";
import type { Logs, Simulation, StepFault } from "./simulation.js";
import { Sinks } from "./sinks.js";
import { Speculation } from "./speculation.js";
import { type SessionStats, statsOf } from "./stats.js";
import { TickClock } from "./tick-clock.js";
import { Traffic } from "./traffic.js";
import type { View } from "./view.js";

/** Most new ticks that one update runs. */
const TICKS_PER_UPDATE = 4;
/** Nodes that the timeline has room for: what waits for confirmation, what is speculative, and slack. */
const TIMELINE_TICKS = 256;

/**
 * One peer of a match: it samples its players, runs the game ahead of what is known, goes back where it guessed
 * wrong, and proves what it computed. It reads no clock and does no I/O of its own: time comes in by `update`,
 * datagrams through the transport, and what happened comes out as outputs, in order.
 */
export class Session {
  readonly identity: MatchIdentity;
  /** The first local slot. */
  readonly slot: Slot;
  readonly localSlots: readonly Slot[];
  /** All slots of the match. */
  readonly slots: readonly Slot[];
  readonly #simulation: Simulation;
  readonly #replicator: Replicator;
  readonly #speculation: Speculation;
  readonly #history: FinalHistory;
  readonly #clock: TickClock;
  readonly #delay: InputDelay;
  readonly #sampler: Sampler;
  readonly #traffic: Traffic;
  readonly #effects: EffectTracker;
  readonly #outputs: OutputQueue;
  readonly #sinks: Sinks;
  readonly #trace: SessionTrace | undefined;
  readonly #logged: (chronos: number, logs: Logs) => void;
  readonly #lastTick: LastTick;
  readonly #finalizer: Finalizer;
  readonly #matchEnd: MatchEnd;
  readonly #windowTicks: number;
  readonly #transport: Transport;
  #nowMs = Number.NEGATIVE_INFINITY;
  #stalledAt = -1;
  #ended: End | undefined;
  #endedMs = 0;
  #closed = false;
  #shown: unknown;
  #beforeRollback: unknown;

  constructor(options: SessionOptions) {
    const { game, start, transport } = options;
    const { identity } = start;
    const manifest = identity.manifest;
    this.identity = identity;
    this.localSlots = identity.roster[start.localPeer]!.slots;
    this.slots = identity.roster.flatMap((peer) => peer.slots).sort((a, b) => a - b);
    this.slot = this.localSlots[0] ?? asSlot(0);
    this.#windowTicks = manifest.mode === "rollback" ? manifest.windowTicks : 0;
    this.#transport = transport;
    const rules = tickRulesOf(game.catalog, identity.kairos, admissionRulesOf(identity));
    this.#simulation = options.simulation ?? game.createSimulation({ guarded: options.guarded ?? false });
    this.#simulation.begin({ kairos: identity.kairos, seed: identity.seed, slots: this.slots });
    this.#replicator = new Replicator(game.catalog, start, transport);
    this.#sinks = new Sinks(options);
    const { trace } = this.#sinks;
    this.#trace = trace && new SessionTrace(trace, game.catalog, options.traceDatagrams ?? false);
    this.#logged = logsTo(this.#trace, this.#sinks.logged);
    this.#outputs = new OutputQueue(this.#trace);
    const { emit } = this.#outputs;
    this.#speculation = new Speculation(this.#simulation, rules, this.#replicator, TIMELINE_TICKS);
    this.#history = new FinalHistory(rules, manifest.hashEveryTicks, this.slots.length);
    this.#clock = new TickClock(manifest.tickHz);
    this.#delay = new InputDelay(checkedDelay(options.inputDelayTicks ?? "auto"), this.#windowTicks);
    const locals = this.localSlots.map(
      (slot) =>
        new LocalInput(slot, game.catalog, manifest.limits, (request, by, reason, hint) => {
          const chronos = chronosTick(this.#replicator.own.seal + 1);
          emit({ type: "refused", envelope: { ...request, slot: by, chronos }, reason, hint });
        }),
    );
    const sampled = [locals, this.#delay, this.#replicator, this.#simulation] as const;
    const faulted = (chronos: ChronosTick, { error, where }: StepFault): void =>
      emit({ type: "fault", chronos, error, where });
    this.#sampler = new Sampler(...sampled, faulted, this.#logged);
    this.#speculation.mispredicted = faulted;
    const silence = new Silence(identity.roster.length, start.localPeer, options.silence ?? DEFAULT_SILENCE);
    this.#lastTick = new LastTick(manifest.ticks);
    this.#effects = new EffectTracker(emit);
    const { links } = this.#replicator;
    const confirmation = new Confirmation(this.#history, rules, links, silence, identity.roster);
    this.#traffic = new Traffic({
      replicator: this.#replicator,
      history: this.#history,
      confirmation,
      silence,
      lastTick: this.#lastTick,
      roster: identity.roster,
      matchId: bytesOfHash(identity.matchId),
      trace: this.#trace,
      crypto: options.crypto,
      secretKey: options.secretKey,
      emit,
      learned: (slot, tick) => this.#learned(slot, tick),
      stranger: options.stranger ?? (() => {}),
    });
    this.#finalizer = new Finalizer({
      simulation: this.#simulation,
      speculation: this.#speculation,
      replicator: this.#replicator,
      history: this.#history,
      confirmation,
      recorder: new Recorder(this.#history, rules, this.#sinks.journal),
      effects: this.#effects,
      traffic: this.#traffic,
      lastTick: this.#lastTick,
      trace: this.#trace,
      emit,
      logged: this.#logged,
    });
    this.#matchEnd = new MatchEnd({
      roster: identity.roster,
      history: this.#history,
      confirmation,
      silence,
      speculation: this.#speculation,
      replicator: this.#replicator,
      traffic: this.#traffic,
      lastTick: this.#lastTick,
    });
    this.#finalizer.begin();
    this.#sinks.tell();
  }

  /** Sets what the game's `input` function sees for a local slot, from now on. */
  setInput(device: unknown, slot: Slot = this.slot): void {
    this.#sampler.local(this.#checkedLocal(slot)).device = device;
  }

  /** Sends an event in the next tick of a local slot that is not sealed yet. */
  emit(kind: string, payload: unknown, slot: Slot = this.slot): void {
    this.#sampler.local(this.#checkedLocal(slot)).emit({ kind, payload });
  }

  /** How far ahead local samples are stamped: 0 to 30 ticks, or `auto`. */
  setInputDelay(delayTicks: number | "auto"): void {
    this.#delay.set(checkedDelay(delayTicks));
    this.#trace?.inputDelay(delayTicks);
  }

  /** Why the match ended, once it has; until then undefined. */
  get ended(): End | undefined {
    return this.#ended;
  }

  /** True once nobody needs this session any more. */
  get done(): boolean {
    return this.#closed;
  }

  /**
   * Runs everything that is due at `nowMs`, which never goes back, and tells what happened, in order. Throws what a
   * journal or trace threw, once all else is done; the next update then tells what happened.
   */
  update(nowMs: number): readonly Output[] {
    if (!Number.isFinite(nowMs)) {
      throw new EchoNetError("INPUT_INVALID", `the time is a number of milliseconds, not ${nowMs}`);
    }
    if (!this.#closed) this.#pass(Math.max(this.#nowMs, nowMs));
    this.#sinks.tell();
    // What was refused since the last update is among them.
    return this.#outputs.take();
  }

  #pass(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#beforeRollback = undefined;
    this.#trace?.update(this.#nowMs);
    const present = this.#speculation.head + Math.floor(this.#clock.presentStallTicks);
    this.#traffic.receive(this.#nowMs, present);
    if (this.#ended === undefined) {
      this.#clock.elapse(this.#nowMs);
      this.#rollBack();
      this.#advance();
      this.#finalizer.update();
      const end = this.#matchEnd.check(this.#nowMs);
      if (end !== undefined) this.#end(end);
    }
    this.#traffic.flush(this.#nowMs, this.#clock.tickMs, this.#speculation.head, this.#ended !== undefined);
    if (this.#ended !== undefined) this.#closed = this.#matchEnd.isOver(this.#nowMs - this.#endedMs);
  }

  #learned(slot: Slot, tick: number): void {
    this.#speculation.learned(slot, tick, this.#replicator.contentOf(slot, tick)!);
  }

  #rollBack(): void {
    const wrong = this.#speculation.wrongTick;
    if (wrong === undefined) return;
    this.#beforeRollback = this.#shown;
    // All this happens as the old head is reached again: that is what the age of an effect is counted to.
    const { head } = this.#speculation;
    this.#effects.abandoned(wrong - 1);
    const report = this.#speculation.rollback((node) =>
      this.#effects.simulated(node.tick, head, node.body.effects),
    )!;
    this.#effects.replayed(head);
    this.#outputs.emit({ type: "rollback", ...report });
    this.#trace?.abandoned(this.#speculation.timeline.abandoned.at(-1)!, report);
  }

  #advance(): void {
    for (let ran = 0; this.#clock.owedTicks >= 1 && ran < TICKS_PER_UPDATE; ran++) {
      const tick = this.#speculation.head + 1;
      if (tick > this.#lastTick.tick) {
        this.#clock.rest();
        return;
      }
      this.#sampler.sample(tick, this.#lastTick.tick, this.#sealed);
      if (!this.#mayRun(tick) || !this.#speculation.advance()) {
        this.#stall(tick);
        return;
      }
      this.#stalledAt = -1;
      this.#clock.ran();
      const { tick: head, body } = this.#speculation.timeline.head;
      this.#trace?.predicted(head, body.predicted);
      this.#effects.simulated(head, head, body.effects);
      this.#traffic.steer(this.#clock, head, this.#delay);
    }
  }

  readonly #sealed = (tick: number, contents: readonly TickContent[]): void =>
    this.#trace?.sealed(tick, this.localSlots, contents);

  #mayRun(tick: number): boolean {
    const { own, sealedByOthers } = this.#replicator;
    return tick <= own.seal && tick <= sealedByOthers + this.#windowTicks;
  }

  #stall(tick: number): void {
    this.#clock.stalled();
    if (this.#stalledAt === tick) return;
    this.#stalledAt = tick;
    const needed = tick - this.#windowTicks;
    const waitingFor = this.slots.filter((slot) => this.#replicator.sealOf(slot) < needed);
    this.#outputs.emit({ type: "stall", waitingFor });
  }

  #end(end: End): void {
    const speculation = this.#speculation;
    this.#ended = end;
    this.#endedMs = this.#nowMs;
    this.#finalizer.end(end);
    // What was predicted past the last tick will never be.
    this.#effects.abandoned(end.tick);
    this.#effects.replayed(speculation.head);
    if (end.reason === "game-fault") {
      const { tick, error, logs } = speculation.blockage!;
      this.#logged(tick, logs);
      this.#outputs.emit({ type: "fault", chronos: tick, error, where: "step" });
    }
    const chronos = chronosTick(end.tick);
    const { reason, slot } = end;
    this.#outputs.emit(
      slot === undefined ? { type: "ended", reason, chronos } : { type: "ended", reason, chronos, slot },
    );
  }

  /** Two neighbouring ticks of the present branch. References are valid until the next `update`. */
  view(): View {
    const { timeline } = this.#speculation;
    const { head } = timeline;
    const current = this.#simulation.viewOf(head.body.snapshot);
    const before = timeline.at(head.tick - 1);
    const previous = before === undefined ? current : this.#simulation.viewOf(before.body.snapshot);
    const finalNode = timeline.at(this.#history.newestTick) ?? head;
    const final = this.#simulation.viewOf(finalNode.body.snapshot);
    this.#shown = current;
    return {
      previous,
      current,
      alpha: Math.min(1, this.#clock.owedTicks),
      final,
      beforeRollback: this.#beforeRollback,
    };
  }

  /** The newest final tick and its state hash. */
  get final(): { readonly chronos: ChronosTick; readonly stateHash: Hash | undefined } {
    const { tick, stateHash } = this.#history.newest;
    return { chronos: tick as ChronosTick, stateHash };
  }

  stats(): SessionStats {
    return statsOf({
      speculation: this.#speculation,
      replicator: this.#replicator,
      history: this.#history,
      sampler: this.#sampler,
      clock: this.#clock,
      effects: this.#effects,
      inputDelayTicks: this.#delay.ticks,
      outputs: this.#outputs,
    });
  }

  /** Tells the others whether somebody looks at the game at this end, or its page is hidden. */
  setAway(away: boolean): void {
    this.#traffic.away = away;
  }

  /** Announces that this peer leaves with what it has sealed. Updates go on until `ended` comes. */
  leave(): void {
    this.#traffic.leave();
  }

  /** Stops at once and closes the transport. */
  close(): void {
    this.#closed = true;
    this.#transport.close();
  }

  #checkedLocal(slot: Slot): Slot {
    if (this.localSlots.includes(slot)) return slot;
    throw new EchoNetError(
      "INPUT_INVALID",
      `slot ${slot} is not played here; this peer plays ${this.localSlots.join(", ") || "none"}`,
    );
  }
}
