import { FETCH_STEP_MS, type GameFromHost, isGameFromHost } from "../bundles/game-from-host.js";
import { EchoNetError, isEchoNetError } from "../core/base/errors.js";
import type { MatchStart } from "../core/guard/lobby.js";
import { TraceWriter } from "../core/journal/trace-writer.js";
import { JournalWriter } from "../core/journal/writer.js";
import type { Game } from "../core/session/simulation.js";
import type { Transport } from "../core/wire/transport.js";
import type { DefinedGame } from "../game/define-game.js";
import type { EffectDeclarations, EventDeclarations } from "../game/spec.js";
import { bestCryptoEngine } from "../platform/crypto.js";
import type { TransportOption } from "../transports/transport-option.js";
import { openBackground } from "./background.js";
import { type MatchSession, RunningMatch } from "./match-session.js";
import { DEFAULT_PLAYERS, Opening, wantedOf } from "./opening.js";
import { checkJoin, type JoinOptions } from "./options.js";
import { requireHope, waitForStart } from "./wait-for-start.js";

/** How long a joiner asks before it gives up, in milliseconds. */
const JOIN_TIMEOUT_MS = 30_000;

/** Goes to a match, and gets its game from the host; all else is as below. */
export async function joinMatch(game: GameFromHost, options: JoinOptions): Promise<MatchSession>;
// Last, since of a call that fits neither the compiler explains this one.
/**
 * Opens a match, or goes to one that is open, and resolves once all players are there. Who was invited may name
 * `fromHost()` of `echo-net/bundles` in the place of a game in Lua or WebAssembly. Rejects with `EchoNetError`: its
 * `hint` is a sentence for a person.
 */
export async function joinMatch<
  Events extends EventDeclarations,
  Effects extends EffectDeclarations,
  State,
  Device,
>(
  game: DefinedGame<Events, Effects, State, Device>,
  options: JoinOptions,
): Promise<MatchSession<Events, Effects, State, Device>>;
export async function joinMatch(
  game: DefinedGame | GameFromHost,
  options: JoinOptions,
): Promise<MatchSession> {
  checkJoin(game, options);
  const { signal, transport: option, players = DEFAULT_PLAYERS } = options;
  signal?.throwIfAborted();
  const known = isGameFromHost(game) ? undefined : game;
  const transport = await option.open({ signal, players, game: known?.fingerprint });
  try {
    return await openMatch(
      known ?? (await fetched(game as GameFromHost, transport, options)),
      transport,
      options,
    );
  } catch (error) {
    const told = explained(error, option);
    transport.close();
    throw told;
  }
}

/** The game that the host plays. */
async function fetched(from: GameFromHost, transport: Transport, options: JoinOptions): Promise<Game> {
  const { transport: option, localSlots, timeoutMs = JOIN_TIMEOUT_MS, onGame } = options;
  if (option.role === "host") {
    throw new EchoNetError(
      "INPUT_INVALID",
      "whoever is first in a room is its host, of whom fromHost() gets the game: come after the host, or bring the game",
    );
  }
  const background = openBackground(FETCH_STEP_MS, options.ticker);
  let told = 0;
  try {
    return await from.fetchFromHost({
      invite: requireInvite(option),
      transport,
      nonce: randomBytes(16),
      localSlots,
      wanted: wantedOf(options),
      timeoutMs,
      onProgress: (receivedBytes, totalBytes) => {
        if (totalBytes === undefined || receivedBytes === told) return;
        told = receivedBytes;
        onGame?.(receivedBytes, totalBytes);
      },
      pause: async () => {
        await background.pause();
        requireHope(options);
      },
    });
  } finally {
    background.close();
  }
}

async function openMatch(game: Game, transport: Transport, options: JoinOptions): Promise<MatchSession> {
  const { transport: option } = options;
  const background = openBackground(1000 / game.tickHz, options.ticker);
  const opened = {
    transport,
    crypto: bestCryptoEngine(),
    secretKey: randomBytes(32),
    nonce: randomBytes(16),
    localSlots: options.localSlots ?? 1,
  };
  try {
    const opening =
      option.role === "host"
        ? Opening.host(game, options, randomBytes(16), opened)
        : Opening.join(game, options, requireInvite(option), options.timeoutMs ?? JOIN_TIMEOUT_MS, opened);
    if (opening.invite !== undefined) {
      option.announce?.(opening.invite);
      options.onInvite?.(opening.invite);
    }
    const state = await waitForStart(opening, background, options);
    if (option.role === "host") option.begun?.();
    const session = opening.start(state, recordsOf(game, state.start, options));
    return new RunningMatch(opening, session, background, option);
  } catch (error) {
    background.close();
    throw error;
  }
}

/** Where nobody was reached, the transport may know why. */
function explained(error: unknown, option: TransportOption): unknown {
  const findings = option.diagnose?.() ?? [];
  if (!isEchoNetError(error) || !/^(NO_ROUTE|TIMED_OUT)$/.test(error.code) || findings.length === 0)
    return error;
  const hint = [error.hint, ...findings.map((finding) => finding.hint)].join(" ");
  return new EchoNetError(error.code, hint, { cause: error });
}

function requireInvite({ invite }: TransportOption): string {
  if (invite !== undefined) return invite;
  throw new EchoNetError("INPUT_INVALID", "joining takes an invite: the one word that the host was given");
}

/** The writers for a session's journal and trace. */
function recordsOf(
  game: Game,
  start: MatchStart,
  { journal, trace, inputDelayTicks }: Pick<JoinOptions, "journal" | "trace" | "inputDelayTicks">,
): { journal?: JournalWriter; trace?: TraceWriter; inputDelayTicks: number | "auto" } {
  const { identity, localPeer } = start;
  return {
    ...(journal && { journal: new JournalWriter(journal, identity, game) }),
    ...(trace && { trace: new TraceWriter(trace, identity, identity.roster[localPeer]!.slots) }),
    inputDelayTicks: inputDelayTicks ?? "auto",
  };
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
