import { type Signal, signal } from "@preact/signals";
import type { EndedOutput, MatchSession, Output, PeerStatus, RollbackOutput } from "echo-net";
import type { Network } from "./conditions.js";
import type { Device } from "./device.js";
import { EffectStage, type ShownEffect } from "./effects.js";
import { type Figures, Meters } from "./meters.js";
import { Lines } from "./records.js";
import { leadersOf, type Scene } from "./scene.js";
import { type Frame, Smoothing } from "./smoothing.js";
import { DESYNC, type Words } from "./words.js";

/** How often the figures of the panel are read, in milliseconds. */
const FIGURES_MS = 250;

/** What the scoreboard shows. */
export interface Score {
  readonly round: number;
  readonly phase: Scene["phase"];
  readonly players: readonly { readonly slot: number; readonly wins: number; readonly points: number }[];
  readonly leaders: readonly number[];
  /** Seconds that are left, or that were played where the match has no end. */
  readonly seconds: number;
}

export interface MatchParts {
  readonly session: MatchSession;
  /** Other ends of the match that run in this page: bots, when there is no server. */
  readonly others: readonly MatchSession[];
  /** The slot that the player steers; undefined where all are bots. */
  readonly player: number | undefined;
  /** Where its players met; undefined where there is no server. */
  readonly room: string | undefined;
  readonly network: Network | undefined;
  readonly journal: Lines;
  readonly trace: Lines;
  /** How datagrams go to an address, in words; undefined where there is but one way. */
  readonly wayTo?: (address: string) => string;
}

/** What a frame draws. */
export interface Picture {
  readonly frame: Frame;
  readonly effects: readonly ShownEffect[];
}

/** A match that runs: a frame goes in, what to draw comes out, and what the page tells in words is in signals. */
export class Match {
  readonly session: MatchSession;
  readonly player: number | undefined;
  readonly room: string | undefined;
  readonly network: Network | undefined;
  readonly journal: Lines;
  readonly trace: Lines;
  readonly wayTo: ((address: string) => string) | undefined;
  readonly meters: Meters;
  readonly score: Signal<Score | undefined> = signal(undefined);
  readonly figures: Signal<Figures | undefined> = signal(undefined);
  /** By slot; only those of other ends. */
  readonly statuses: Signal<Readonly<Record<number, PeerStatus>>> = signal({});
  readonly trouble: Signal<Words | undefined> = signal(undefined);
  readonly ended: Signal<EndedOutput | undefined> = signal(undefined);
  /** Told of each effect that is new, for who makes sounds. */
  onEffect: (name: string) => void = () => {};
  readonly #others: readonly MatchSession[];
  readonly #smoothing = new Smoothing();
  readonly #effects = new EffectStage();
  #final = { tick: 0, hash: "" };
  #figuresAtMs = 0;

  constructor({ session, others, player, room, network, journal, trace, wayTo }: MatchParts) {
    this.session = session;
    this.player = player;
    this.room = room;
    this.network = network;
    this.journal = journal;
    this.trace = trace;
    this.wayTo = wayTo;
    this.meters = new Meters(session);
    this.#others = others;
  }

  /** Slots that this end's bots play. */
  get bots(): readonly number[] {
    // Every end has one person at most; all others that it brings are bots.
    return this.session.peers.flatMap(({ slots, isLocal }) =>
      isLocal ? slots.filter((slot) => slot !== this.player) : slots.slice(this.#others.length > 0 ? 0 : 1),
    );
  }

  /** One frame: runs what is due, and gives what to draw. It never waits for anybody. */
  frame(nowMs: number, device: Device): Picture {
    const { session } = this;
    if (this.player !== undefined) session.setInput(device, this.player as never);
    for (const other of this.#others) other.update(nowMs);
    const rollbacks: RollbackOutput[] = [];
    for (const output of session.update(nowMs)) {
      if (output.type === "rollback") rollbacks.push(output);
      else this.#take(output, nowMs);
    }
    const frame = this.#smoothing.frame(session.view(), nowMs);
    this.meters.frame(frame.scene.tick, rollbacks);
    this.#tell(frame.scene, nowMs);
    return { frame, effects: this.#effects.shown(nowMs) };
  }

  /** Ends the match, for everybody, and lets go of it. */
  async leave(): Promise<void> {
    await Promise.all([this.session, ...this.#others].map((session) => session.leave()));
  }

  #take(output: Exclude<Output, RollbackOutput>, nowMs: number): void {
    switch (output.type) {
      case "effect":
        if (this.#effects.take(output, nowMs)) this.onEffect(output.name);
        break;
      case "final":
        this.#final = { tick: output.chronos, hash: output.stateHash ?? this.#final.hash };
        break;
      case "peer":
        this.statuses.value = { ...this.statuses.value, [output.slot]: output.status };
        break;
      case "desync":
        this.trouble.value ??= DESYNC;
        break;
      case "fault":
        this.trouble.value ??= {
          title: "A script of the game failed",
          text: `${output.where}: ${output.error instanceof Error ? output.error.message : output.error}`,
        };
        break;
      case "ended":
        this.ended.value = output;
        this.statuses.value = statusesAtEnd(this.statuses.value, output);
        this.#figuresAtMs = 0;
        break;
      default:
        // Refusals are part of the game, and stalls are in the figures.
        break;
    }
  }

  #tell(scene: Scene, nowMs: number): void {
    const { ticks } = this.session;
    const seconds = ticks === undefined ? Math.floor(scene.tick / 60) : Math.ceil((ticks - scene.tick) / 60);
    const players = scene.players.map(({ slot, wins, points }) => ({ slot, wins, points }));
    const { round, phase } = scene;
    const score: Score = { round, phase, players, leaders: leadersOf(players), seconds };
    if (JSON.stringify(score) !== JSON.stringify(this.score.peek())) this.score.value = score;
    if (nowMs - this.#figuresAtMs < FIGURES_MS) return;
    this.#figuresAtMs = nowMs;
    this.figures.value = this.meters.read(this.#final, this.#effects.cancelled);
  }
}

/** What stands beside the names once a match is over: who ended it, and nobody is waited for any more. */
export function statusesAtEnd(
  statuses: Readonly<Record<number, PeerStatus>>,
  { reason, slot }: EndedOutput,
): Readonly<Record<number, PeerStatus>> {
  const kept = Object.entries(statuses).filter(([, status]) => status !== "interrupted");
  const ender = slot !== undefined && (reason === "left" || reason === "lost") ? { [slot]: reason } : {};
  return { ...Object.fromEntries(kept), ...ender };
}

/** The writers for a match's records. */
export const newRecords = (): { readonly journal: Lines; readonly trace: Lines } => ({
  journal: new Lines(),
  trace: new Lines(),
});
