import { EchoNetError } from "../core/base/errors.js";
import { INPUT_DELAY_MAX_TICKS } from "../core/session/input-delay.js";
import { MAX_WINDOW_TICKS } from "../core/wire/limits.js";
import { requireGame } from "../game/define-game.js";
import type { JoinOptions } from "./join-match.js";

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
  timeoutMs: true,
};

/**
 * Checks what only a running match would stumble on, since by then others wait. Throws `EchoNetError`: GAME_INVALID
 * for what is no game, INPUT_INVALID for options that make no sense, TOKEN_REFUSED for a token.
 */
export function checkJoin(game: unknown, options: JoinOptions | undefined): void {
  requireGame(game, "joinMatch");
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
