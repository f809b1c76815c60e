export type { ChronosTick, Hash, KairosBranchId, Slot } from "./core/base/brand.js";
export { EchoNetError, type EchoNetErrorCode } from "./core/base/errors.js";
export type { Random } from "./core/base/prng.js";
export type { Value } from "./core/base/value.js";
export type { Phase } from "./core/bridge/bus.js";
export {
  type Claim,
  type EmittedOf,
  type EventDeclaration,
  type EventOptions,
  event,
  type PayloadOf,
  t,
} from "./core/envelope/declare.js";
export type { Author, EmitRequest, EventEnvelope } from "./core/envelope/event-envelope.js";
export type { LineSink } from "./core/journal/sink.js";
export type * from "./core/session/outputs.js";
export type { Game } from "./core/session/simulation.js";
export type { SessionStats } from "./core/session/stats.js";
export type { View } from "./core/session/view.js";
export type { Arena } from "./game/arena.js";
export { type DefinedGame, defineGame, isGame } from "./game/define-game.js";
export type {
  Context,
  Emit,
  GameSpec,
  InputContext,
  PredictContext,
  Setup,
} from "./game/spec.js";
export { TICKER_SOURCE } from "./match/background.js";
export type { Frame, FrameOf } from "./match/frame.js";
export { joinMatch } from "./match/join-match.js";
export type { GameOutput, MatchPeer, MatchSession } from "./match/match-session.js";
export type { MatchTerms } from "./match/opening.js";
export type { JoinOptions } from "./match/options.js";
export type { TransportOption } from "./transports/transport-option.js";
