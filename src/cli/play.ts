import { randomBytes } from "node:crypto";
import { bundleOf } from "../core/bundle/game-bundle.js";
import type { LobbyState } from "../core/guard/lobby.js";
import { TraceWriter } from "../core/journal/trace-writer.js";
import { JournalWriter } from "../core/journal/writer.js";
import type { Output } from "../core/session/outputs.js";
import type { Session } from "../core/session/session.js";
import type { Game } from "../core/session/simulation.js";
import type { Opening, OpeningOptions } from "../match/opening.js";
import { bestCryptoEngine } from "../platform/crypto.js";
import type { UdpTransport } from "../transports/udp/transport.js";
import type { ExitCode } from "./exit.js";
import { Interruption } from "./interruption.js";
import { invocation } from "./invocation.js";
import type { CliIo } from "./io.js";
import { JournalFolder } from "./journal-file.js";
import { LEAVE_WAIT_MS } from "./limits.js";
import type { LoadedGame } from "./load-game.js";
import { LogLines, restWords } from "./log-lines.js";
import { News } from "./news.js";
import type { Outcome } from "./outcome.js";
import { Pace } from "./pace.js";
import { peerReport } from "./peer-report.js";
import { Progress } from "./progress.js";
import { shellWord } from "./shell-word.js";
import { stretch } from "./stretch.js";
import { agreedWords, count, endWords, peerTable } from "./words.js";

/** What a game that comes from the host is fetched with. */
export interface FetchParts {
  readonly transport: UdpTransport;
  readonly progress: Progress;
  /** Whether the user wants the command to end. */
  readonly interruption: Interruption;
}

export interface PlayParts {
  /** The game, once the socket is bound; undefined where the user did not want to wait for it. */
  readonly load: (parts: FetchParts) => Promise<LoadedGame | undefined>;
  readonly io: CliIo;
  readonly json: boolean;
  readonly inputDelay: number | "auto";
  /** Where the journal and the trace go. */
  readonly folder: string | undefined;
  /** Binds the socket. */
  readonly bind: () => Promise<UdpTransport>;
  /** Opens the match, or goes to one. */
  readonly open: (game: Game, options: OpeningOptions) => Opening;
  /** Told once the match is open to others. */
  readonly invited?: (invite: string) => void;
}

/** What `--json` says of a match that never came to be. */
export const NO_MATCH = { agreed: false, ended: null };

const INTERRUPTED: Outcome = {
  exitCode: 130,
  json: { ...NO_MATCH, error: "interrupted" },
  words: "Interrupted before the match began.",
};

/**
 * Plays one peer of a match over UDP, from the first question to the last answer, in real time. An interruption
 * leaves the match, so that the others know its last tick. Throws `CliError`.
 */
export async function play(parts: PlayParts): Promise<Outcome> {
  const folder = parts.folder === undefined ? undefined : new JournalFolder(parts.folder);
  const interruption = new Interruption(parts.io);
  const progress = new Progress(parts.io.stderr, parts.json);
  let transport: UdpTransport | undefined;
  try {
    transport = await parts.bind();
    const loaded = await parts.load({ transport, progress, interruption });
    if (loaded === undefined) return INTERRUPTED;
    return await new UdpMatch(parts, loaded, transport, folder, interruption, progress).play();
  } finally {
    progress.end();
    transport?.close();
    folder?.close();
    interruption.release();
  }
}

class UdpMatch {
  readonly #parts: PlayParts;
  readonly #loaded: LoadedGame;
  readonly #folder: JournalFolder | undefined;
  readonly #interruption: Interruption;
  readonly #progress: Progress;
  readonly #opening: Opening;
  readonly #news = new News();
  readonly #logs: LogLines | undefined;
  /** Slots of which nothing is heard. */
  readonly #silent = new Set<number>();
  #session: Session | undefined;
  #desyncs = 0;
  #ended: Extract<Output, { type: "ended" }> | undefined;
  /** When this peer began to leave, in the pace's milliseconds. */
  #leavingMs: number | undefined;

  constructor(
    parts: PlayParts,
    loaded: LoadedGame,
    transport: UdpTransport,
    folder: JournalFolder | undefined,
    interruption: Interruption,
    progress: Progress,
  ) {
    this.#parts = parts;
    this.#loaded = loaded;
    this.#folder = folder;
    this.#interruption = interruption;
    this.#progress = progress;
    if (!parts.json) this.#logs = new LogLines(progress, restWords(parts.folder));
    const [secretKey, nonce] = [randomBytes(32), randomBytes(16)];
    this.#opening = parts.open(loaded.game, { transport, crypto: bestCryptoEngine(), secretKey, nonce });
    if (this.#opening.invite !== undefined) parts.invited?.(this.#opening.invite);
  }

  async play(): Promise<Outcome> {
    const pace = new Pace(1000 / this.#loaded.game.tickHz);
    while (this.#wholeStep(pace.elapsedMs)) await pace.beat();
    this.#logs?.end();
    this.#folder?.close();
    if (this.#folder?.failure !== undefined) throw this.#folder.failure;
    return this.#outcome();
  }

  /** As `#step`, which comes to its end. An interruption waits for that: who leaves has a last tick to tell. */
  #wholeStep(nowMs: number): boolean {
    let goesOn = false;
    const step = (): false => {
      goesOn = this.#step(nowMs);
      return false;
    };
    const running = (): string =>
      this.#session === undefined ? "setup" : `tick ${this.#session.stats().tick + 1}: the game's code`;
    stretch(step, running, false);
    return goesOn;
  }

  /** Everything that is due now. False once there is nothing more to do. */
  #step(nowMs: number): boolean {
    const state = this.#opening.update(nowMs);
    if (this.#session === undefined) {
      if (state.type === "failed") throw state.error;
      if (this.#interruption.asked) return false;
      if (state.type === "waiting") {
        this.#progress.show(() => waitingWords(state.present, state.players));
        return true;
      }
      this.#session = this.#start(state);
    }
    return this.#update(this.#session, nowMs);
  }

  #start(state: Extract<LobbyState, { type: "started" }>): Session {
    const { inputDelay } = this.#parts;
    const { identity, localPeer } = state.start;
    const { slots } = identity.roster[localPeer]!;
    const slot = slots[0]!;
    const { game } = this.#loaded;
    this.#progress.say(
      `${count(identity.manifest.players, "player")} play ${game.name}; this is slot ${slot}`,
    );
    const folder = this.#folder;
    return this.#opening.start(state, {
      inputDelayTicks: inputDelay,
      logged: (chronos, logs) => this.#logs?.logged(chronos, logs),
      ...(folder === undefined
        ? {}
        : {
            journal: new JournalWriter(folder.journal(slot), identity, game),
            trace: new TraceWriter(folder.trace(slot), identity, slots),
          }),
    });
  }

  #update(session: Session, nowMs: number): boolean {
    for (const output of session.update(nowMs)) this.#told(output);
    this.#logs?.tell();
    this.#folder?.flushNow(performance.now());
    if (session.done) return false;
    if (this.#interruption.asked || this.#folder?.failure !== undefined) {
      if (this.#leavingMs === undefined) {
        this.#leavingMs = nowMs;
        session.leave();
      }
      return nowMs - this.#leavingMs < LEAVE_WAIT_MS;
    }
    this.#progress.show(() => this.#status(session));
    return true;
  }

  #told(output: Output): void {
    if (output.type === "desync") this.#desyncs++;
    if (output.type === "ended") this.#ended = output;
    if (output.type === "peer") this.#heard(output);
    const news = this.#news.take(output);
    if (news !== undefined) this.#progress.say(news);
  }

  #heard({ slot, status }: Extract<Output, { type: "peer" }>): void {
    if (status === "interrupted") this.#silent.add(slot);
    else this.#silent.delete(slot);
  }

  /** Where the match stands, and whom it waits for. */
  #status(session: Session): string {
    const last = session.identity.manifest.ticks;
    const tick = `tick ${session.final.chronos}${last === null ? "" : ` of ${last}`}`;
    if (this.#silent.size > 0) return `${tick}, waiting for slot ${[...this.#silent].join(", ")}`;
    return `${tick}, ${count(session.stats().rollbacks, "rollback")}`;
  }

  #outcome(): Outcome {
    const interrupted = this.#interruption.asked;
    const session = this.#session;
    if (session === undefined) return INTERRUPTED;
    const peer = peerReport(session);
    const problem = this.#problem(session);
    const agreed = problem === undefined;
    const exitCode: ExitCode = interrupted ? 130 : agreed ? 0 : 1;
    const error = problem ?? (interrupted ? "interrupted" : undefined);
    const json = {
      agreed,
      session: session.identity.sessionId,
      ended: this.#ended?.reason ?? null,
      ...peer,
      ...(error === undefined ? {} : { error }),
    };
    const result = agreed
      ? `${agreedWords([peer])}: ${this.#ended === undefined ? "" : `${endWords(this.#ended)}; `}the last state's hash is ${peer.finalHash}.`
      : `Not agreed: ${problem}.`;
    const journals = this.#folder === undefined ? [] : [`Journal: ${this.#folder.journals.join(", ")}`];
    const words = [
      ...(interrupted ? ["Interrupted."] : []),
      result,
      ...this.#news.lines.map((line) => `  ${line}`),
      ...(this.#desyncs > 0 ? [this.#advice()] : []),
      peerTable([peer]),
      ...journals,
    ].join("\n");
    return { exitCode, json, words };
  }

  /** What to do about states that differ. */
  #advice(): string {
    const echoNet = invocation();
    const reason = `${echoNet} check ${shellWord(this.#loaded.path)} looks for the reason.`;
    // A game that is data has met its equal: whoever runs another one is not let in.
    const builds = bundleOf(this.#loaded.game) === undefined ? `${SAME_BUILD} ` : "";
    return this.#folder === undefined
      ? `${builds}Play it again with --journal DIR at each end, and ${echoNet} diff shows what differs; ${reason}`
      : `${builds}${echoNet} diff with another peer's journal shows what differs; ${reason}`;
  }

  /** Why the peers do not agree, in words; undefined where they do. */
  #problem(session: Session): string | undefined {
    const ended = this.#ended;
    const { ticks } = session.identity.manifest;
    if (this.#desyncs > 0) return "the peers computed different states";
    if (ended === undefined)
      return `the others did not agree on a last tick within ${LEAVE_WAIT_MS / 1000} s`;
    if (ended.reason !== "finished" && ended.reason !== "left") return endWords(ended);
    if (session.ended?.agreed === false) return "the others did not agree on a last tick";
    return ticks === null || ended.chronos === ticks
      ? undefined
      : `${endWords(ended)}, before its last tick, ${ticks}`;
  }
}

const SAME_BUILD =
  "Do all run the same build of the game? Other code with the same version is let in, and no check of one build can find it.";

const waitingWords = (present: number, players: number): string =>
  players === 0 ? "asking the host" : `${present} of ${count(players, "player")} here`;
