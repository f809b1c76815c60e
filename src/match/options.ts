import { isGameFromHost } from "../bundles/game-from-host.js";
import { EchoNetError } from "../core/base/errors.js";
import type { LineSink } from "../core/journal/sink.js";
import { INPUT_DELAY_MAX_TICKS } from "../core/session/input-delay.js";
import { MAX_WINDOW_TICKS } from "../core/wire/limits.js";
import { requireGame } from "../game/define-game.js";
import type { TransportOption } from "../transports/transport-option.js";
import type { MatchTerms } from "./opening.js";

/** What `joinMatch` is told beside the game. */
export interface JoinOptions extends MatchTerms {
  /** `udp({ port })` hosts, `udp({ invite })` joins; the other transports alike. */
  readonly transport: TransportOption;
  /** How many of the match's slots are played at this end; 1 where left out. */
  readonly localSlots?: number;
  /** 0 to 30 ticks, or `auto`, the default. */
  readonly inputDelayTicks?: number | "auto";
  /** Takes the canonical journal, line by line. Once it has thrown, which `update` tells, it gets nothing more. */
  readonly journal?: LineSink;
  /** Takes this peer's trace, line by line, until it throws as well. */
  readonly trace?: LineSink;
  /** A capability token, for matches that ask for one. This version hosts none that do, and refuses it. */
  readonly token?: string;
  /** Ends the wait for the match. */
  readonly signal?: AbortSignal;
  /** Told the invite as soon as there is one, while the host waits for others. */
  readonly onInvite?: (invite: string) => void;
  /**
   * Told how many of the match's slots are taken, whenever that changes. A host that does not want to wait any longer
   * calls `takeRest`, at any time before the start: it then plays every slot that nobody has.
   */
  readonly onWaiting?: (present: number, players: number, takeRest: () => void) => void;
  /** Told how much has come of a game that is fetched from the host, whenever that changes. */
  readonly onGame?: (receivedBytes: number, totalBytes: number) => void;
  /** How long a joiner asks; 30,000 where left out. */
  readonly timeoutMs?: number;
  /**
   * Where the script of the worker is that keeps time while the page is hidden, for pages whose content policy
   * forbids workers from `blob:`; its text is `TICKER_SOURCE`. Where no worker can be had, the page's own timers keep
   * time, which browsers slow down to one tick a second or a minute.
   */
  readonly ticker?: string | URL;
}

/** Every option, so that one that is mistyped can be told. */
const KNOWN: Readonly<Record<keyof JoinOptions, true>> = {
  transport: true,
  mode: true,
  players: true,
  localSlots: true,
  windowTicks: true,
  inputDelayTicks: true,
  ticks: true,
  journal: true,
  trace: true,
  token: true,
  signal: true,
  onInvite: true,
  onWaiting: true,
  onGame: true,
  timeoutMs: true,
  ticker: true,
};

/**
 * Checks what only a running match would stumble on, since by then others wait. Throws `EchoNetError`: GAME_INVALID
 * for what is no game, INPUT_INVALID for options that make no sense, TOKEN_REFUSED for a token.
 */
export function checkJoin(game: unknown, options: JoinOptions | undefined): void {
  if (!isGameFromHost(game)) requireGame(game, "joinMatch");
  if (typeof options !== "object" || options === null) {
    throw invalid("joinMatch takes its options after the game: { transport: udp({ port: 7777 }), … }");
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(KNOWN, name)) {
      throw invalid(`joinMatch has no option ${name}; its options are ${Object.keys(KNOWN).join(", ")}`);
    }
  }
  const { transport, windowTicks, inputDelayTicks = "auto", timeoutMs, token } = options;
  if (typeof transport?.open !== "function") {
    throw invalid("joinMatch needs a transport: udp({ port: 7777 }) hosts, udp({ invite }) joins");
  }
  requireWhole("windowTicks is", windowTicks, 1, MAX_WINDOW_TICKS);
  if (inputDelayTicks !== "auto") {
    requireWhole('inputDelayTicks is "auto" or', inputDelayTicks, 0, INPUT_DELAY_MAX_TICKS);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw invalid(`timeoutMs is a number of milliseconds above 0, not ${timeoutMs}`);
  }
  if (token !== undefined) {
    const hint = "capability tokens are not part of this version; leave the token out";
    throw new EchoNetError("TOKEN_REFUSED", hint);
  }
}

function requireWhole(what: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw invalid(`${what} a whole number from ${min} to ${max}, not ${value}`);
}

const invalid = (hint: string): EchoNetError => new EchoNetError("INPUT_INVALID", hint);
