import type { ChronosTick, Hash } from "../base/brand.js";
import { refuseGame } from "../base/errors.js";
import { invariant } from "../base/invariant.js";
import { type BundledGame, fingerprintOfBundle } from "../bundle/game-bundle.js";
import type { EventEnvelope } from "../envelope/event-envelope.js";
import type { MatchIdentity } from "../guard/identity.js";
import type { Game } from "../session/simulation.js";
import { LineChain } from "./chain.js";
import { EventSpeller, type Refused } from "./event-speller.js";
import { MAX_DECLARED_UNITS } from "./limits.js";
import { sessionLine } from "./session-line.js";
import type { LineSink } from "./sink.js";
import { endHead, tickHead } from "./tick-lines.js";

/** A tick that can no longer change, as it enters the journal. */
export interface FinalTick {
  readonly chronos: ChronosTick;
  /** What entered, in the order of the tick. */
  readonly events: readonly EventEnvelope[];
  /** What did not, in the order of the tick. */
  readonly refusals: readonly Refused[];
  readonly node: Hash;
  /** Undefined where the hash interval asks for none. */
  readonly stateHash: Hash | undefined;
}

/**
 * Writes the canonical journal of a match: the session line at once, then tick after tick from 0 on. Every peer
 * that hands in equal ticks writes equal bytes.
 */
export class JournalWriter {
  readonly #sink: LineSink;
  readonly #speller: EventSpeller;
  readonly #chain = new LineChain();
  #nextTick = 0;
  #ended = false;

  /**
   * Takes the identity of a match of this game, whose bundle goes into the first line. Throws `EchoNetError`
   * `GAME_INVALID` where the game's declarations are too long to be read again.
   */
  constructor(
    sink: LineSink,
    identity: MatchIdentity,
    game: Pick<Game, "catalog"> & Partial<Pick<BundledGame, "bundle">>,
  ) {
    const { catalog, bundle } = game;
    this.#sink = sink;
    this.#speller = new EventSpeller(catalog);
    invariant(
      bundle === undefined || fingerprintOfBundle(bundle) === identity.manifest.game.fingerprint,
      "a game's bundle makes its fingerprint",
    );
    const declared = sessionLine(identity, catalog.description, undefined).length;
    if (declared > MAX_DECLARED_UNITS) {
      refuseGame(
        `the game's declared events take ${declared} characters in a journal; ${MAX_DECLARED_UNITS} are allowed`,
      );
    }
    sink.line(this.#chain.plain(sessionLine(identity, catalog.description, bundle)));
  }

  /** The next tick's lines: its events and refusals in the order of the tick, then the tick itself. */
  tick(final: FinalTick): void {
    invariant(
      !this.#ended && final.chronos === this.#nextTick,
      "ticks are journaled one by one, until the end",
    );
    this.#nextTick++;
    for (const line of this.#speller.lines(final.events, final.refusals)) {
      this.#sink.line(this.#chain.plain(line));
    }
    this.#sink.line(this.#chain.sealed(tickHead(final.chronos, final.node, final.stateHash)));
  }

  /** The last line. Only where all peers agreed that the match ends with the tick written last. */
  end(): void {
    invariant(!this.#ended && this.#nextTick > 0, "a journal ends once, after a tick");
    this.#ended = true;
    this.#sink.line(this.#chain.sealed(endHead(this.#nextTick - 1)));
  }
}
