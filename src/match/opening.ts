import { asSlot, type KairosBranchId } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import { bundleOf } from "../core/bundle/game-bundle.js";
import type { CryptoEngine } from "../core/envelope/signature.js";
import { HostLobby } from "../core/guard/host-lobby.js";
import { type Manifest, type Mode, PROTOCOL_VERSION } from "../core/guard/identity.js";
import { JoinLobby } from "../core/guard/join-lobby.js";
import type { Lobby, LobbyOptions, LobbyState } from "../core/guard/lobby.js";
import { Session } from "../core/session/session.js";
import type { SessionOptions } from "../core/session/session-options.js";
import type { Game } from "../core/session/simulation.js";
import { MAX_SLOTS } from "../core/wire/limits.js";
import type { Address, Transport } from "../core/wire/transport.js";

/** What a host decides about a match, beside the game. */
export interface MatchTerms {
  /** `rollback` where left out; `hybrid` is not part of this version, and refused as INPUT_INVALID. */
  readonly mode?: Mode;
  /** Slots of the match, 1 to 8; 2 where left out. */
  readonly players?: number;
  /** Speculative ticks in rollback mode, 1 to 60; 8 where left out. */
  readonly windowTicks?: number;
  /** The last tick; none where left out. */
  readonly ticks?: number | undefined;
}

/** Players of a match where nothing else is said. */
export const DEFAULT_PLAYERS = 2;

const EVENTS_PER_TICK = 64;
const BYTES_PER_TICK = 65_536;

/** The manifest of a match of this game under these terms. */
export function manifestOf(game: Game, terms: MatchTerms): Manifest {
  const mode = terms.mode ?? "rollback";
  if (mode === "hybrid") {
    throw new EchoNetError(
      "INPUT_INVALID",
      "hybrid mode is not part of this version; take rollback or lockstep",
    );
  }
  return {
    protocol: PROTOCOL_VERSION,
    game: { name: game.name, version: game.version, fingerprint: game.fingerprint },
    tickHz: game.tickHz,
    mode,
    windowTicks: mode === "rollback" ? (terms.windowTicks ?? 8) : 0,
    rewindTicks: 0,
    late: "reject",
    hashEveryTicks: 1,
    limits: { eventsPerTick: EVENTS_PER_TICK, bytesPerTick: BYTES_PER_TICK },
    players: terms.players ?? DEFAULT_PLAYERS,
    ticks: terms.ticks ?? null,
  };
}

/** What opening a match takes beside the game: who we are, and how we are reached. */
export interface OpeningOptions {
  readonly transport: Transport;
  readonly crypto: CryptoEngine;
  /** 32 bytes, of this match alone. */
  readonly secretKey: Uint8Array;
  /** 16 bytes, of this match alone. */
  readonly nonce: Uint8Array;
  /** Players at this end: 1 where left out. */
  readonly localSlots?: number;
}

/** A match on its way from the first question to the running session. Time comes in by `update`. */
export class Opening {
  /** What others need to join; undefined for who was invited. */
  readonly invite: string | undefined;
  readonly #game: Game;
  readonly #lobby: Lobby;
  readonly #options: OpeningOptions;
  #session: Session | undefined;
  #nowMs = 0;

  private constructor(game: Game, options: OpeningOptions, lobby: Lobby, invite: string | undefined) {
    this.#game = game;
    this.#options = options;
    this.#lobby = lobby;
    this.invite = invite;
  }

  /** Opens a match to others. `secret` is the invite's 16 bytes. Throws what the game's `setup` does. */
  static host(game: Game, terms: MatchTerms, secret: Uint8Array, options: OpeningOptions): Opening {
    const manifest = manifestOf(game, terms);
    requireBeginning(game, manifest);
    const bundle = bundleOf(game);
    const lobby = new HostLobby({ ...lobbyOptions(game, options), manifest, secret, bundle });
    return new Opening(game, options, lobby, lobby.invite);
  }

  /** Goes to a match that is open. `terms` are what it must be, where given. */
  static join(
    game: Game,
    terms: MatchTerms,
    invite: string,
    timeoutMs: number,
    options: OpeningOptions,
  ): Opening {
    const { name, version, fingerprint, tickHz } = game;
    const wanted = { game: { name, version, fingerprint }, tickHz, ...wantedOf(terms) };
    const lobby = new JoinLobby({ ...lobbyOptions(game, options), invite, wanted, timeoutMs });
    return new Opening(game, options, lobby, undefined);
  }

  /** Takes in what has arrived and sends what is due. Once `start` was called, only what is due. */
  update(nowMs: number): LobbyState {
    this.#nowMs = nowMs;
    if (this.#session === undefined) {
      for (const received of this.#options.transport.receive()) this.#lobby.handle(received, nowMs);
    }
    return this.#lobby.update(nowMs);
  }

  /** At the host: gives the places of those at addresses that nothing reaches any more to others. */
  forget(isGone: (address: Address) => boolean): void {
    if (this.#lobby instanceof HostLobby) this.#lobby.forget(isGone);
  }

  /** At the host: begins now, with every slot that nobody has played at this end. */
  takeRest(): void {
    if (this.#lobby instanceof HostLobby) this.#lobby.takeRest();
  }

  /** The session of a match whose state is `started`. It hands late joiners back to the lobby. */
  start(
    state: Extract<LobbyState, { type: "started" }>,
    more: Omit<SessionOptions, "game" | "start" | "transport" | "crypto" | "secretKey" | "stranger">,
  ): Session {
    const { transport, crypto, secretKey } = this.#options;
    this.#session = new Session({
      ...more,
      game: this.#game,
      start: state.start,
      transport,
      crypto,
      secretKey,
      stranger: (received) => this.#lobby.handle(received, this.#nowMs),
    });
    return this.#session;
  }
}

/** What a joiner asks of the host's match, where it asks for anything. */
export const wantedOf = ({ mode, players, ticks }: MatchTerms): Partial<Manifest> => ({
  ...(mode === undefined ? {} : { mode }),
  ...(players === undefined ? {} : { players }),
  ...(ticks === undefined ? {} : { ticks }),
});

/** A game that cannot begin would only say so once all others have come. */
function requireBeginning(game: Game, { players }: Manifest): void {
  if (!Number.isInteger(players) || players < 1 || players > MAX_SLOTS) return;
  const slots = Array.from({ length: players }, (_, slot) => asSlot(slot));
  game
    .createSimulation()
    .begin({ kairos: "0".repeat(32) as KairosBranchId, seed: new Uint8Array(32), slots });
}

function lobbyOptions(game: Game, options: OpeningOptions): LobbyOptions {
  const { transport, crypto, secretKey, nonce, localSlots } = options;
  return { transport, crypto, secretKey, nonce, localSlots: localSlots ?? 1, tickMs: 1000 / game.tickHz };
}
