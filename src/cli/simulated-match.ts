import type { Output } from "../core/session/outputs.js";
import type { DeviceInput } from "../testing/check-runner.js";
import { createTestMatch, type TestMatch, TestMatchError } from "../testing/match.js";
import { describeNet } from "../testing/net-spec.js";
import { breathe } from "./breathe.js";
import { CliError, type ExitCode } from "./exit.js";
import { Interruption } from "./interruption.js";
import { invocation } from "./invocation.js";
import type { CliIo } from "./io.js";
import type { JournalFolder } from "./journal-file.js";
import type { LoadedGame } from "./load-game.js";
import { LogLines, restWords } from "./log-lines.js";
import { News } from "./news.js";
import type { Outcome } from "./outcome.js";
import { Pace } from "./pace.js";
import { type PeerReport, peerReport } from "./peer-report.js";
import { Progress } from "./progress.js";
import { shellWord } from "./shell-word.js";
import type { SimulateOptions } from "./simulate-options.js";
import { stretch } from "./stretch.js";
import { Watch } from "./watch.js";
import { agreedWords, count, endWords, peerTable, shortHash } from "./words.js";

export interface SimulatedParts {
  readonly loaded: LoadedGame;
  readonly options: SimulateOptions;
  readonly input: DeviceInput | undefined;
  readonly folder: JournalFolder | undefined;
  readonly io: CliIo;
}

/** Ticks between two looks at the clock, the terminal and the disk. */
const CHUNK_TICKS = 30;
/** A match is given up after this many times its length, and this long more. */
const PATIENCE_FACTOR = 4;
const PATIENCE_MS = 30_000;
const FRAME_MS = 1000 / 60;

/** Plays a match in virtual time. Throws `CliError`: 1 where the peers do not meet or a journal cannot be written. */
export async function playSimulated(parts: SimulatedParts): Promise<Outcome> {
  return await new SimulatedMatch(parts).play();
}

class SimulatedMatch {
  readonly #parts: SimulatedParts;
  readonly #startedMs = performance.now();
  readonly #news = new News();
  readonly #ends = new Map<number, Extract<Output, { type: "ended" }>>();
  readonly #interruption: Interruption;
  readonly #progress: Progress;
  readonly #logs: LogLines | undefined;

  constructor(parts: SimulatedParts) {
    this.#parts = parts;
    this.#interruption = new Interruption(parts.io);
    const { json = false, journal } = parts.options;
    this.#progress = new Progress(parts.io.stderr, json);
    if (!json) this.#logs = new LogLines(this.#progress, restWords(journal));
  }

  async play(): Promise<Outcome> {
    const { options, folder } = this.#parts;
    try {
      const match = this.#create();
      const broken = await (options.watch === true ? this.#watched(match) : this.#run(match));
      folder?.close();
      if (folder?.failure !== undefined) throw folder.failure;
      return this.#outcome(match, broken);
    } finally {
      this.#interruption.release();
      this.#logs?.end();
      this.#progress.end();
    }
  }

  #create(): TestMatch {
    const created: TestMatch[] = [];
    try {
      stretch(
        () => created.push(this.#begun()) === 0,
        () => "setup",
      );
      return created[0]!;
    } catch (error) {
      if (error instanceof TestMatchError) throw new CliError(1, firstLine(error));
      throw error;
    }
  }

  #begun(): TestMatch {
    const { loaded, options, input, folder } = this.#parts;
    const { window, fault, trace } = options;
    return createTestMatch(loaded.game, {
      peers: options.peers,
      seed: options.seed,
      mode: options.mode,
      net: options.net,
      inputDelayTicks: options.inputDelay,
      topology: options.topology,
      ticks: options.ticks,
      ...(window === undefined ? {} : { windowTicks: window }),
      ...(input === undefined ? {} : { input }),
      ...(fault === undefined ? {} : { corrupt: fault }),
      ...(folder === undefined
        ? {}
        : {
            journal: (peer: number) => folder.journal(peer),
            trace: (peer: number) => folder.trace(peer),
            traceDatagrams: trace === "datagrams",
          }),
      onOutput: (peer, output) => this.#told(peer, output),
      // Peers that run the same ticks log the same.
      onLogs: (peer, chronos, logs) => peer === 0 && this.#logs?.logged(chronos, logs),
    });
  }

  #told(peer: number, output: Output): void {
    if (output.type === "ended") this.#ends.set(peer, output);
    // Where states differ, the result itself says so, for all peers.
    if (output.type !== "desync") this.#news.take(output, peer);
  }

  /** Runs to the end as fast as it goes. What broke on the way, or undefined. */
  async #run(match: TestMatch): Promise<TestMatchError | undefined> {
    while (this.#goesOn(match)) {
      const broken = await this.#runTicks(match, CHUNK_TICKS);
      if (broken !== undefined) return broken;
      this.#logs?.tell();
      this.#progress.show(() => this.#status(match));
    }
    return undefined;
  }

  /** Runs at real speed, drawn as the first player sees it. */
  async #watched(match: TestMatch): Promise<TestMatchError | undefined> {
    const { io, loaded } = this.#parts;
    const watch = new Watch(io, loaded, this.#interruption.ask);
    const pace = new Pace(FRAME_MS);
    const beganMs = match.network.nowMs;
    try {
      while (this.#goesOn(match)) {
        const dueMs = beganMs + pace.elapsedMs - match.network.nowMs;
        // After a pause of the process the match goes on from where it stood.
        const broken = await this.#runTicks(match, Math.min(dueMs / match.tickMs, CHUNK_TICKS));
        if (broken !== undefined) return broken;
        const { session } = match.peers[0]!;
        watch.show(
          () => session.view(),
          () => this.#peerLines(match),
        );
        await pace.beat();
      }
      return undefined;
    } finally {
      watch.end();
    }
  }

  /** Lets time pass. What broke, or undefined. Throws `CliError` 1 where a tick does not come to its end. */
  async #runTicks(match: TestMatch, ticks: number): Promise<TestMatchError | undefined> {
    let left = ticks;
    const goOn = (): boolean => {
      match.runTicks(Math.min(left, 1));
      left--;
      return left > 0;
    };
    try {
      while (left > 0 && !this.#interruption.asked) {
        this.#stretch(
          goOn,
          () => `tick ${Math.max(...match.peers.map(({ tick }) => tick)) + 1}: the game's code`,
        );
        await breathe();
      }
    } catch (error) {
      if (error instanceof TestMatchError) return error;
      throw error;
    }
    return undefined;
  }

  /** As `stretch`; being interrupted is no error here. */
  #stretch(goOn: () => boolean, where: () => string): void {
    try {
      stretch(goOn, where);
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== 130) throw error;
      this.#interruption.ask();
    }
  }

  #goesOn(match: TestMatch): boolean {
    const { options, folder } = this.#parts;
    folder?.flushNow(performance.now());
    if (folder?.failure !== undefined || this.#interruption.asked) return false;
    const patienceMs = PATIENCE_FACTOR * options.ticks * match.tickMs + PATIENCE_MS;
    if (match.network.nowMs - match.metMs > patienceMs) return false;
    return match.peers.some((peer) => !peer.session.done);
  }

  #status(match: TestMatch): string {
    const final = Math.min(...match.peers.map((peer) => peer.finalTick));
    const rollbacks = match.peers.reduce((sum, peer) => sum + peer.rollbacks, 0);
    return `tick ${final} of ${this.#parts.options.ticks}, ${count(rollbacks, "rollback")}`;
  }

  #peerLines(match: TestMatch): string {
    const lines = match.peers.map((peer) => {
      const hash = shortHash(peer.finalHash ?? null);
      return `slot ${peer.slot}  tick ${peer.tick}  ${count(peer.rollbacks, "rollback")}, deepest ${peer.maxRollback}  tick ${peer.finalTick} is final: ${hash}`;
    });
    return [`${this.#parts.options.ticks} ticks over ${describeNet(this.#parts.options.net)}`, ...lines].join(
      "\n",
    );
  }

  #outcome(match: TestMatch, broken: TestMatchError | undefined): Outcome {
    const { ticks, net } = this.#parts.options;
    const peers = match.peers.map((peer) => peerReport(peer.session));
    const error = this.#interruption.asked ? undefined : this.#problemOf(match, peers, broken);
    const agreed = !this.#interruption.asked && error === undefined;
    const finalHash = peers.every((peer) => peer.finalHash === peers[0]!.finalHash)
      ? peers[0]!.finalHash
      : null;
    const exitCode: ExitCode = this.#interruption.asked ? 130 : agreed ? 0 : 1;
    const json = {
      agreed,
      session: match.peers[0]!.session.identity.sessionId,
      ticks,
      finalHash,
      peers,
      net: describeNet(net),
      wallMs: Math.round(performance.now() - this.#startedMs),
      ...(agreed ? {} : { error: error ?? "interrupted" }),
    };
    return { exitCode, json, words: this.#words(match, peers, finalHash, error) };
  }

  /** Why the peers do not agree, in words; undefined where they do. */
  #problemOf(
    match: TestMatch,
    peers: readonly PeerReport[],
    broken: TestMatchError | undefined,
  ): string | undefined {
    if (broken !== undefined) return firstLine(broken);
    const { disagreement } = match;
    if (disagreement !== undefined && disagreement.chronos !== undefined) return firstLine(disagreement);
    const cut = [...this.#ends.values()].find(({ reason }) => reason !== "finished");
    if (cut !== undefined) return endWords(cut);
    if (disagreement !== undefined) return firstLine(disagreement);
    const behind = peers.find((peer) => peer.tick !== this.#parts.options.ticks);
    if (behind !== undefined) return `slot ${behind.slot} only reached tick ${behind.tick}`;
    if (peers.some((peer) => peer.finalHash !== peers[0]!.finalHash)) return "the final hashes differ";
    return undefined;
  }

  /** What to do about states that differ without having been made to. */
  #advice(match: TestMatch): readonly string[] {
    const { loaded, options } = this.#parts;
    const isOwn = match.disagreement?.path !== undefined && options.fault === undefined;
    return isOwn ? [`${invocation()} check ${shellWord(loaded.path)} looks for the reason.`] : [];
  }

  #words(
    match: TestMatch,
    peers: readonly PeerReport[],
    finalHash: string | null,
    error: string | undefined,
  ): string {
    const { loaded, options, folder } = this.#parts;
    const { game } = loaded;
    const seconds = (options.ticks / game.tickHz).toFixed(1);
    const what = `${count(options.peers, "peer")}, ${count(options.ticks, "tick")} (${seconds} s) of ${game.name} in ${options.mode} mode over ${describeNet(options.net)}, seed ${options.seed}`;
    const result = this.#interruption.asked
      ? `Interrupted at tick ${Math.max(...peers.map((peer) => peer.tick))}.`
      : error === undefined
        ? `${agreedWords(peers)}: every peer computed the same state in every tick; the last one's hash is ${finalHash}.`
        : `Not agreed: ${error}.`;
    const journals = folder === undefined ? [] : [`Journals: ${folder.journals.join(", ")}`];
    return [
      what,
      result,
      ...this.#news.lines.map((line) => `  ${line}`),
      ...this.#advice(match),
      peerTable(match.peers.map((peer) => peerReport(peer.session))),
      ...journals,
    ].join("\n");
  }
}

/** What went wrong; how to repeat it stands in the lines after, and is known here. */
const firstLine = (error: Error): string => error.message.split("\n")[0]!;
