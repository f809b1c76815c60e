import type { CryptoEngine } from "../envelope/signature.js";
import type { MatchStart } from "../guard/lobby.js";
import type { Received, Transport } from "../wire/transport.js";
import type { FinalTickSink, TraceSink } from "./records.js";
import type { SilenceLimits } from "./silence.js";
import type { Game, Logs, Simulation } from "./simulation.js";

/** What a session plays, with whom, and where it hands what. */
export interface SessionOptions {
  readonly game: Game;
  /** What the handshake ended in. */
  readonly start: MatchStart;
  readonly transport: Transport;
  readonly crypto: CryptoEngine;
  /** The local peer's Ed25519 secret, 32 bytes: it signs what this peer authored. */
  readonly secretKey: Uint8Array;
  /** 0 to 30 ticks, or `auto` (the default). */
  readonly inputDelayTicks?: number | "auto";
  /** Takes the canonical history. Once it has thrown, which `update` then does too, it gets nothing more. */
  readonly journal?: FinalTickSink;
  /** Takes what this peer saw and did, until it throws as well. */
  readonly trace?: TraceSink;
  /** Also traces every datagram. */
  readonly traceDatagrams?: boolean;
  /** Takes what the game logs: of the ticks that become final, and of local input. Also until it throws. */
  readonly logged?: (chronos: number, logs: Logs) => void;
  /** Instead of one made by the game. */
  readonly simulation?: Simulation;
  /** Makes clocks and unseeded randomness throw while the game's code runs. */
  readonly guarded?: boolean;
  readonly silence?: SilenceLimits;
  /** Gets what is no datagram of this match: late joiners and other strangers. */
  readonly stranger?: (received: Received) => void;
}
